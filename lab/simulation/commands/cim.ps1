# CIM: the few classes of a Connect server, with Windows' own return codes.

function New-LabCim([string]$Class, [hashtable]$Values, [string[]]$Order) {
    $item = New-Object System.Management.Automation.PSObject
    $item.PSObject.TypeNames.Insert(0, "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/$Class")
    foreach ($name in $Order) { $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $name, $Values[$name])) }
    $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty 'CimClass', ([pscustomobject]@{ CimClassName = $Class })))
    $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty 'PSComputerName', $null))
    $item
}

function Get-LabCimInstances([string]$Class) {
    $s = Get-LabState
    switch ($Class) {
        'Win32_Service' {
            foreach ($service in Get-LabServices $s) {
                New-LabCim $Class @{
                    Name = $service.name; DisplayName = $service.displayName; Caption = $service.displayName; Description = $service.description; State = $service.state
                    StartMode = @{ Automatic = 'Auto'; Manual = 'Manual'; Disabled = 'Disabled' }[$service.startMode]
                    StartName = $service.startName; PathName = $service.pathName; ProcessId = [uint32]$service.processId; ExitCode = [uint32]$service.exitCode
                    ServiceSpecificExitCode = [BitConverter]::ToUInt32([BitConverter]::GetBytes([int]$service.specificCode), 0)
                    Started = ($service.state -eq 'Running'); Status = 'OK'; AcceptStop = ($service.state -eq 'Running'); DelayedAutoStart = $false; ServiceType = 'Own Process'; SystemName = $s.computerName; ErrorControl = 'Normal'
                } 'Name', 'DisplayName', 'Caption', 'Description', 'State', 'StartMode', 'StartName', 'PathName', 'ProcessId', 'ExitCode', 'ServiceSpecificExitCode', 'Started', 'Status', 'AcceptStop', 'DelayedAutoStart', 'ServiceType', 'SystemName', 'ErrorControl'
            }
        }
        'Win32_OperatingSystem' {
            New-LabCim $Class @{ Caption = 'Microsoft Windows Server 2022 Standard'; Version = '10.0.20348'; BuildNumber = '20348'; CSName = $s.computerName; ProductType = [uint32]$s.productType; LastBootUpTime = (ConvertFrom-LabTime $s.bootTime).ToLocalTime(); LocalDateTime = [DateTime]::Now; OSLanguage = [uint32]@{ en = 1033; de = 1031; ja = 1041 }[$s.locale.Substring(0, 2)]; MUILanguages = @($s.locale); SystemDrive = 'C:'; WindowsDirectory = 'C:\Windows'; OSArchitecture = '64-bit'; FreePhysicalMemory = [uint64]4194304; TotalVisibleMemorySize = [uint64]8388608; SystemDirectory = 'C:\Windows\system32' } 'Caption', 'Version', 'BuildNumber', 'CSName', 'ProductType', 'LastBootUpTime', 'LocalDateTime', 'OSLanguage', 'MUILanguages', 'SystemDrive', 'WindowsDirectory', 'SystemDirectory', 'OSArchitecture', 'FreePhysicalMemory', 'TotalVisibleMemorySize'
        }
        'Win32_ComputerSystem' {
            New-LabCim $Class @{ Name = $s.computerName; DNSHostName = $s.computerName.ToLowerInvariant(); Domain = $s.domain; PartOfDomain = $true; DomainRole = [uint16]$(if ($s.productType -eq 2) { 5 } else { 3 }); UserName = $null; Manufacturer = 'Practice lab'; Model = 'Simulated server'; TotalPhysicalMemory = [uint64]8589934592 } 'Name', 'DNSHostName', 'Domain', 'PartOfDomain', 'DomainRole', 'UserName', 'Manufacturer', 'Model', 'TotalPhysicalMemory'
        }
        'Win32_Process' {
            foreach ($process in @(Get-LabProcesses)) {
                New-LabCim $Class @{ ProcessId = [uint32]$process.id; Name = $process.name; Caption = $process.name; CommandLine = $process.commandLine; ExecutablePath = $process.path; ParentProcessId = [uint32]720; SessionId = [uint32]0; CreationDate = (ConvertFrom-LabTime $process.startedAt).ToLocalTime(); Handle = "$($process.id)" } 'ProcessId', 'Name', 'Caption', 'CommandLine', 'ExecutablePath', 'ParentProcessId', 'SessionId', 'CreationDate', 'Handle'
            }
        }
        'Win32_LogicalDisk' {
            New-LabCim $Class @{ DeviceID = 'C:'; DriveType = [uint32]3; FileSystem = 'NTFS'; Size = [uint64]137438953472; FreeSpace = [uint64]68719476736; VolumeName = '' } 'DeviceID', 'DriveType', 'FileSystem', 'Size', 'FreeSpace', 'VolumeName'
        }
        { $_ -in 'Win32_UserAccount', 'Win32_Account' } {
            foreach ($name in @($s.account.name, 'labadmin', "$($s.netbios)\labadmin") | Where-Object { $_ -and (Get-LabAccountKind $_) -in 'local', 'domain' } | Select-Object -Unique) {
                $full = Resolve-LabAccount $name
                $local = (Get-LabAccountKind $full) -eq 'local'
                New-LabCim $Class @{ Name = $full.Split('\')[1]; Domain = $full.Split('\')[0]; Caption = $full; SID = (Get-LabSid $full); LocalAccount = $local; Disabled = ($s.account.logon -eq 1331); Lockout = ($s.account.logon -eq 1909); SIDType = 1 } 'Name', 'Domain', 'Caption', 'SID', 'LocalAccount', 'Disabled', 'Lockout', 'SIDType'
            }
        }
        'Win32_TimeZone' { New-LabCim $Class @{ StandardName = 'UTC'; Bias = 0 } 'StandardName', 'Bias' }
        default { $null }
    }
}
$script:CimClasses = 'Win32_Service', 'Win32_OperatingSystem', 'Win32_ComputerSystem', 'Win32_Process', 'Win32_LogicalDisk', 'Win32_UserAccount', 'Win32_Account', 'Win32_TimeZone'

# WQL's WHERE: comparisons with =, <>, !=, <, >, LIKE, joined by AND and OR.
function Test-LabWql($Item, [string]$Where) {
    if (-not $Where) { return $true }
    foreach ($or in $Where -split '(?i)\s+or\s+') {
        $all = $true
        foreach ($and in $or -split '(?i)\s+and\s+') {
            if ($and.Trim(' ()') -notmatch "^(\w+)\s*(=|<>|!=|>=|<=|<|>|like)\s*(?:'((?:[^'\\]|\\.)*)'|""([^""]*)""|(-?\w+))$") { return $null }
            $left = $Item.($Matches[1])
            $op = $Matches[2].ToLowerInvariant()
            $right = (@($Matches[3], $Matches[4], $Matches[5]) | Where-Object { $null -ne $_ } | Select-Object -First 1) -replace '\\(.)', '$1'
            if ($right -in 'true', 'false' -and $left -is [bool]) { $right = $right -eq 'true' }
            $ok = switch ($op) { '=' { $left -eq $right } '<>' { $left -ne $right } '!=' { $left -ne $right } '>' { $left -gt $right } '<' { $left -lt $right } '>=' { $left -ge $right } '<=' { $left -le $right } 'like' { $left -like ($right -replace '%', '*' -replace '_', '?') } }
            if (-not $ok) { $all = $false; break }
        }
        if ($all) { return $true }
    }
    $false
}

function Get-CimInstance {
    [CmdletBinding(DefaultParameterSetName = 'ClassNameComputerSet')]
    param([Parameter(ParameterSetName = 'ClassNameComputerSet', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string]$ClassName, [Parameter(ParameterSetName = 'QueryComputerSet', Mandatory)][string]$Query,
        [Parameter(ParameterSetName = 'CimInstanceComputerSet', Mandatory, Position = 0, ValueFromPipeline)][Alias('CimInstance')]$InputObject,
        [string]$Filter, [Alias('SelectProperties')][string[]]$Property, [string]$Namespace, [Alias('OT')][uint32]$OperationTimeoutSec, [switch]$KeyOnly, [switch]$Shallow, [string]$QueryDialect, [Alias('CN', 'ServerName')][string[]]$ComputerName)
    process {
        if ($ComputerName) { Write-LabError $PSCmdlet 'The client cannot connect to the destination: another computer is not in the practice lab.' 'HRESULT 0x80338012' 'ConnectionError' $ComputerName; return }
        if ($Query) {
            if ($Query -notmatch '(?is)^\s*select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+(.+))?\s*$') { Write-LabError $PSCmdlet 'Invalid query ' 'HRESULT 0x80041017,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' 'InvalidArgument' $Query; return }
            $ClassName = $Matches[2]; $Filter = $Matches[3]
        }
        if ($InputObject) { $ClassName = $InputObject.CimClass.CimClassName }
        if ($ClassName -notin $script:CimClasses) {
            if ($ClassName -like 'Win32_*' -or $ClassName -like 'CIM_*') { Write-LabError $PSCmdlet "The class $ClassName is not in the practice lab." 'HRESULT 0x80041010' 'MetadataError' $ClassName }
            else { Write-LabError $PSCmdlet 'Invalid class ' 'HRESULT 0x80041010' 'MetadataError' "root\cimv2:$ClassName" }
            return
        }
        foreach ($item in @(Get-LabCimInstances $ClassName)) {
            if ($InputObject -and (($InputObject.Name -and $item.Name -ne $InputObject.Name) -or ($InputObject.ProcessId -and $ClassName -eq 'Win32_Process' -and $item.ProcessId -ne $InputObject.ProcessId))) { continue }
            $match = Test-LabWql $item $Filter
            if ($null -eq $match) { Write-LabError $PSCmdlet 'Invalid query ' 'HRESULT 0x80041017' 'InvalidArgument' $Filter; return }
            if ($match) { $item }
        }
    }
}

function Invoke-CimMethod {
    [CmdletBinding(DefaultParameterSetName = 'ClassNameComputerSet', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'CimInstanceComputerSet', Mandatory, Position = 0, ValueFromPipeline)][Alias('CimInstance')]$InputObject,
        [Parameter(ParameterSetName = 'ClassNameComputerSet', Mandatory, Position = 0)][Alias('Class')][string]$ClassName, [Parameter(ParameterSetName = 'QueryComputerSet', Mandatory)][string]$Query,
        [Parameter(Mandatory, Position = 2)][Alias('Name')][string]$MethodName, [Parameter(Position = 1)][System.Collections.IDictionary]$Arguments, [string]$Namespace, [Alias('OT')][uint32]$OperationTimeoutSec)
    process {
        $class = $ClassName
        if ($Query) { $InputObject = Get-CimInstance -Query $Query }
        if ($InputObject) { $class = $InputObject.CimClass.CimClassName }
        $code = switch ("$class.$MethodName") {
            'Win32_Service.Change' { Set-LabServiceConfig $InputObject.Name $Arguments }
            'Win32_Service.StartService' { ConvertTo-LabServiceReturn $InputObject.Name (Start-LabNamed $InputObject.Name) }
            'Win32_Service.StopService' { ConvertTo-LabServiceReturn $InputObject.Name (Stop-LabNamed $InputObject.Name) }
            'Win32_Service.ChangeStartMode' { Set-LabServiceConfig $InputObject.Name @{ StartMode = $Arguments['StartMode'] } }
            'Win32_Process.Create' {
                if ((Get-LabState).variants.asr) { 2 }
                else {
                    $id = Start-LabDetached "$($Arguments['CommandLine'])" $null
                    return (New-LabReturn 0 @{ ProcessId = [uint32]$id })
                }
            }
            'Win32_Process.GetOwner' {
                $owner = Resolve-LabAccount (Get-LabProcessOwner "$($InputObject.Name)")
                return (New-LabReturn 0 @{ Domain = $owner.Split('\')[0]; User = $owner.Split('\')[-1] })
            }
            'Win32_Process.GetOwnerSid' { return (New-LabReturn 0 @{ Sid = (Get-LabSid (Resolve-LabAccount (Get-LabProcessOwner "$($InputObject.Name)"))) }) }
            'Win32_Process.Terminate' { Stop-LabProcess $InputObject.ProcessId; 0 }
            default { Write-LabError $PSCmdlet 'Invalid method Parameter(s) ' 'HRESULT 0x8004102f' 'InvalidArgument' $MethodName; return }
        }
        New-LabReturn $code @{}
    }
}

# Whose process it is: LocalDB belongs to the account that made its instance, whoever the service logs on as.
function Get-LabProcessOwner([string]$Name) {
    $s = Get-LabState
    switch ($Name) {
        'miiserver.exe' { $s.service.startName }
        'sqlservr.exe' { $s.database.owner }
        { $_ -in 'System', 'services.exe' } { 'LocalSystem' }
        default { "$($s.netbios)\labadmin" }
    }
}

function New-LabReturn([int]$Code, [hashtable]$More) {
    $item = [pscustomobject]@{ ReturnValue = [uint32]$Code }
    foreach ($pair in $More.GetEnumerator()) { $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $pair.Key, $pair.Value)) }
    $item
}

# Win32_Service.Change: it checks neither the password nor the right to log on. A StartName that is given as null means LocalSystem.
function Set-LabServiceConfig([string]$Name, [System.Collections.IDictionary]$Arguments) {
    if ($Name -ne 'ADSync') { return 2 }
    Update-LabState { param($s)
        $service = $s.service
        if ($Arguments.Contains('StartMode')) { $service.startMode = @{ Automatic = 'Automatic'; Auto = 'Automatic'; Manual = 'Manual'; Disabled = 'Disabled' }["$($Arguments['StartMode'])"] }
        if ($Arguments.Contains('StartName')) {
            $wanted = $Arguments['StartName']
            if ([string]::IsNullOrEmpty($wanted)) { $service.startName = 'LocalSystem'; $service.scmHash = $null; return 0 }
            $wanted = [string]$wanted
            $kind = Get-LabAccountKind $wanted
            if ($kind -in 'local', 'domain' -and $wanted -notmatch '[\\@]') { return 22 }
            if ((Resolve-LabAccount $wanted) -ne (Resolve-LabAccount $service.startName)) { $service.startNameHasRight = (Resolve-LabAccount $wanted) -eq (Resolve-LabAccount $service.original) -or $kind -in 'virtual', 'managed', 'system' }
            $service.startName = $wanted
        }
        if ($Arguments.Contains('StartPassword') -and $null -ne $Arguments['StartPassword']) { $service.scmHash = Get-LabHash $s.salt ([string]$Arguments['StartPassword']) }
        0
    }
}

# What the methods of Win32_Service return for the codes of the service control manager.
function ConvertTo-LabServiceReturn([string]$Name, [int]$Code) {
    switch ($Code) { 0 { 0 } 1056 { 10 } 1058 { 14 } 1062 { 5 } 1069 { 15 } 1066 { 0 } 1051 { 3 } default { 8 } }
}
