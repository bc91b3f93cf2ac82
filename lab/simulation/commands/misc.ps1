# What is left that touches the machine or its policies.

function Get-ExecutionPolicy {
    [CmdletBinding()] param([Parameter(Position = 0)][string]$Scope, [switch]$List)
    if ($List) { foreach ($name in 'MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine') { [pscustomobject]@{ Scope = $name; ExecutionPolicy = $(if ($name -eq 'LocalMachine') { 'RemoteSigned' } else { 'Undefined' }) } }; return }
    'RemoteSigned'
}

function Write-EventLog {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][Alias('LN')][string]$LogName, [Parameter(Mandatory, Position = 1)][Alias('SRC')][string]$Source, [Parameter(Mandatory, Position = 2)][Alias('ID', 'EID')][int]$EventId, [Parameter(Position = 3)][Alias('ET')][ValidateSet('Error', 'Information', 'FailureAudit', 'SuccessAudit', 'Warning')][string]$EntryType = 'Information', [Parameter(Mandatory, Position = 4)][Alias('MSG')][string]$Message, [Alias('CAT')][int16]$Category, [Alias('RD')][byte[]]$RawData)
    if ($Source -notin $script:Providers) { Write-LabError $PSCmdlet "The source name ""$Source"" does not exist on computer ""localhost""." 'The source name does not exist' 'InvalidOperation' $Source -Terminate }
    Update-LabState { param($s) Add-LabEvent $s $Source $EventId @($Message) -Log $LogName -Level @{ Error = 2; Warning = 3; Information = 4; FailureAudit = 0; SuccessAudit = 0 }[$EntryType] }
}

function Get-ComputerInfo { [CmdletBinding()] param([Parameter(Position = 0)][string[]]$Property) $s = Get-LabState; [pscustomobject]@{ CsName = $s.computerName; CsDomain = $s.domain; WindowsProductName = 'Windows Server 2022 Standard'; OsVersion = '10.0.20348' } }
function Get-PSDrive { [CmdletBinding()] param([Parameter(Position = 0)][string[]]$Name, [string[]]$PSProvider) foreach ($drive in @(@('C', 'FileSystem', 'C:\'), @('HKLM', 'Registry', 'HKEY_LOCAL_MACHINE'), @('Env', 'Environment', ''))) { if ((-not $Name -or $drive[0] -in $Name) -and (-not $PSProvider -or $drive[1] -in $PSProvider)) { [pscustomobject]@{ Name = $drive[0]; Provider = $drive[1]; Root = $drive[2]; Free = $(if ($drive[0] -eq 'C') { [long]68719476736 }); Used = $(if ($drive[0] -eq 'C') { [long]68719476736 }) } } } }
function Test-Connection { [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][Alias('CN')][string[]]$ComputerName, [int]$Count = 4, [switch]$Quiet) if ($Quiet) { [bool](Get-LabState).dc.reachable } else { Write-LabError $PSCmdlet "Testing connection to computer '$ComputerName' failed: it is not in the practice lab." 'TestConnectionException' 'ResourceUnavailable' $ComputerName } }
function Restart-Computer { [CmdletBinding(SupportsShouldProcess)] param([Parameter(Position = 0)][string[]]$ComputerName, [switch]$Force) Write-LabError $PSCmdlet 'Restarting the server is not in the practice lab.' 'RestartcomputerFailed' 'OperationStopped' $ComputerName -Terminate }
function Stop-Computer { [CmdletBinding(SupportsShouldProcess)] param([Parameter(Position = 0)][string[]]$ComputerName, [switch]$Force) Write-LabError $PSCmdlet 'Stopping the server is not in the practice lab.' 'StopComputerException' 'OperationStopped' $ComputerName -Terminate }
