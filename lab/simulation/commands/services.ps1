# Service commands with the parameters of Windows PowerShell 5.1.

function Start-LabNamed([string]$Name) {
    if ($Name -eq 'ADSync') { return Start-LabService }
    Update-LabState { param($s) $other = @($s.otherServices | Where-Object { $_.name -eq $Name })[0]; if (-not $other) { return 1060 }; $was = $other.state; $other.state = 'Running'; if ($was -eq 'Running') { 1056 } else { 0 } }
}
function Stop-LabNamed([string]$Name) {
    if ($Name -eq 'ADSync') { return Stop-LabService }
    Update-LabState { param($s) $other = @($s.otherServices | Where-Object { $_.name -eq $Name })[0]; if (-not $other) { return 1060 }; $was = $other.state; $other.state = 'Stopped'; if ($was -eq 'Stopped') { 1062 } else { 0 } }
}

function New-LabServiceController($Service) {
    $item = [pscustomobject]@{
        Name = $Service.name; ServiceName = $Service.name; DisplayName = $Service.displayName; Status = ($Service.state -replace ' ', ''); StartType = $Service.startMode
        CanStop = $Service.state -eq 'Running'; CanPauseAndContinue = $false; CanShutdown = $false; MachineName = '.'; ServiceType = 'Win32OwnProcess'; RequiredServices = @(); DependentServices = @(); ServicesDependedOn = @()
    }
    $item.PSObject.TypeNames.Insert(0, 'System.ServiceProcess.ServiceController')
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'Refresh', { $now = Get-Service -Name $this.Name; $this.Status = $now.Status; $this.CanStop = $now.CanStop }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'WaitForStatus', {
        param($status, $timeout)
        $until = [DateTime]::UtcNow + $(if ($timeout) { [TimeSpan]$timeout } else { [TimeSpan]::FromDays(1) })
        while ((Get-Service -Name $this.Name).Status -ne "$status") {
            if ([DateTime]::UtcNow -gt $until) { throw (New-Object System.TimeoutException 'Time out has expired and the operation has not been completed.') }
            [Threading.Thread]::Sleep(50)
        }
    }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'ToString', { $this.Name }), $true)
    $item
}

function Get-Service {
    [CmdletBinding(DefaultParameterSetName = 'Default')]
    param([Parameter(ParameterSetName = 'Default', Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][Alias('ServiceName')][string[]]$Name, [Parameter(ParameterSetName = 'DisplayName', Mandatory)][string[]]$DisplayName,
        [Parameter(ParameterSetName = 'InputObject', ValueFromPipeline)]$InputObject, [Alias('Cn')][string[]]$ComputerName, [Alias('DS')][switch]$DependentServices, [Alias('SDO', 'ServicesDependedOn')][switch]$RequiredServices, [string[]]$Include, [string[]]$Exclude)
    process {
        if ($InputObject) { $Name = $InputObject.Name }
        $state = Get-LabState
        $all = Get-LabServices $state
        $patterns = if ($DisplayName) { $DisplayName } elseif ($Name) { $Name } else { '*' }
        foreach ($pattern in $patterns) {
            $found = @($all | Where-Object { if ($DisplayName) { $_.displayName -like $pattern } else { $_.name -like $pattern } })
            if (-not $found.Count -and $pattern -notmatch '[*?]') { Write-LabError $PSCmdlet "Cannot find any service with service name '$pattern'." 'NoServiceFoundForGivenName' 'ObjectNotFound' $pattern }
            foreach ($service in $found) { New-LabServiceController $service }
        }
    }
}

# The three mutating commands share how a service is named and how a failure reads.
function Get-LabServiceTarget($Cmdlet, $Name, $DisplayName, $InputObject) {
    $state = Get-LabState
    $all = Get-LabServices $state
    if ($InputObject) { $Name = @($InputObject | ForEach-Object { if ($_.Name) { $_.Name } else { $_ } }) }
    foreach ($pattern in $(if ($DisplayName) { $DisplayName } else { $Name })) {
        $found = @($all | Where-Object { if ($DisplayName) { $_.displayName -like $pattern } else { $_.name -like $pattern } })
        if (-not $found.Count -and $pattern -notmatch '[*?]') { Write-LabError $Cmdlet "Cannot find any service with service name '$pattern'." 'NoServiceFoundForGivenName' 'ObjectNotFound' $pattern }
        $found
    }
}

function Start-LabOrReport($Cmdlet, $Service) {
    $code = Start-LabNamed $Service.name
    if ($code -notin 0, 1056) {
        $inner = New-Object System.ComponentModel.Win32Exception ([int]$code), ($(if ($script:Win32Texts[$code]) { $script:Win32Texts[$code] } else { "Win32 error $code" }))
        $middle = New-Object System.InvalidOperationException "Cannot start service $($Service.name) on computer '.'.", $inner
        $outer = New-Object System.InvalidOperationException "Service '$($Service.displayName) ($($Service.name))' cannot be started due to the following error: Cannot start service $($Service.name) on computer '.'.", $middle
        Write-LabRecord $Cmdlet (New-Object System.Management.Automation.ErrorRecord $outer, 'CouldNotStartService', 'OpenError', $Service.name) $false
    }
}

function Stop-LabOrReport($Cmdlet, $Service) {
    if ((Get-LabService $Service.name).state -eq 'Stopped') { return }
    $code = Stop-LabNamed $Service.name
    if ($code -ne 0) { Write-LabError $Cmdlet "Service '$($Service.displayName) ($($Service.name))' cannot be stopped due to the following error: Cannot stop $($Service.name) service on computer '.'." 'CouldNotStopService' 'CloseError' $Service.name }
}
function Get-LabService([string]$Name) { $state = Get-LabState; @(Get-LabServices $state | Where-Object { $_.name -eq $Name })[0] }

function Start-Service {
    [CmdletBinding(DefaultParameterSetName = 'InputObject', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Default', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][Alias('ServiceName')][string[]]$Name, [Parameter(ParameterSetName = 'DisplayName', Mandatory)][string[]]$DisplayName,
        [Parameter(ParameterSetName = 'InputObject', Mandatory, Position = 0, ValueFromPipeline)]$InputObject, [switch]$PassThru, [string[]]$Include, [string[]]$Exclude)
    process { foreach ($service in @(Get-LabServiceTarget $PSCmdlet $Name $DisplayName $InputObject)) { Start-LabOrReport $PSCmdlet $service; if ($PassThru) { Get-Service -Name $service.name } } }
}

function Stop-Service {
    [CmdletBinding(DefaultParameterSetName = 'InputObject', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Default', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][Alias('ServiceName')][string[]]$Name, [Parameter(ParameterSetName = 'DisplayName', Mandatory)][string[]]$DisplayName,
        [Parameter(ParameterSetName = 'InputObject', Mandatory, Position = 0, ValueFromPipeline)]$InputObject, [switch]$Force, [switch]$NoWait, [switch]$PassThru, [string[]]$Include, [string[]]$Exclude)
    process { foreach ($service in @(Get-LabServiceTarget $PSCmdlet $Name $DisplayName $InputObject)) { Stop-LabOrReport $PSCmdlet $service; if ($PassThru) { Get-Service -Name $service.name } } }
}

function Restart-Service {
    [CmdletBinding(DefaultParameterSetName = 'InputObject', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Default', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][Alias('ServiceName')][string[]]$Name, [Parameter(ParameterSetName = 'DisplayName', Mandatory)][string[]]$DisplayName,
        [Parameter(ParameterSetName = 'InputObject', Mandatory, Position = 0, ValueFromPipeline)]$InputObject, [switch]$Force, [switch]$PassThru, [string[]]$Include, [string[]]$Exclude)
    process { foreach ($service in @(Get-LabServiceTarget $PSCmdlet $Name $DisplayName $InputObject)) { Stop-LabOrReport $PSCmdlet $service; Start-LabOrReport $PSCmdlet $service; if ($PassThru) { Get-Service -Name $service.name } } }
}

# 5.1 has no -Credential here; that came with PowerShell 6.
function Set-Service {
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Name', Mandatory, Position = 0, ValueFromPipelineByPropertyName, ValueFromPipeline)][Alias('ServiceName', 'SN')][string]$Name, [Parameter(ParameterSetName = 'InputObject', Position = 0, ValueFromPipeline)]$InputObject,
        [Alias('cn')][string[]]$ComputerName, [Alias('DN')][string]$DisplayName, [string]$Description, [Alias('StartMode', 'SM', 'ST')][ValidateSet('Automatic', 'Manual', 'Disabled')][string]$StartupType, [ValidateSet('Running', 'Stopped', 'Paused')][string]$Status, [switch]$PassThru)
    process {
        if ($InputObject) { $Name = $InputObject.Name }
        $service = @(Get-LabServiceTarget $PSCmdlet $Name $null $null)[0]
        if (-not $service) { return }
        if ($StartupType -and $service.name -eq 'ADSync') { [void](Set-LabServiceConfig 'ADSync' @{ StartMode = $StartupType }) }
        if ($Status -eq 'Running') { Start-LabOrReport $PSCmdlet $service } elseif ($Status -eq 'Stopped') { Stop-LabOrReport $PSCmdlet $service }
        if ($PassThru) { Get-Service -Name $service.name }
    }
}
