# Reads everything that the diagnosis needs from one Connect server and changes nothing.
# Output: one flat record a fact, {fact, value | missing + detail, ms}; lists come as columns, {fact, ms, name[], ...};
# events as {fact = 'events', block, log, complete, recordId[], time[], id[], level[], provider[], message[], data[], binary[]}.
# Times are UTC in ISO 8601. Facts that may wait for the network or the cloud come last.
param([int] $TimeLimit = 80)

$ErrorActionPreference = 'Stop'
$begun = [datetime]::UtcNow
$fullLanguage = $ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage'
# What later facts need from earlier ones.
$seen = @{ processes = @() }

function ConvertTo-Record([hashtable] $Fields) {
    # Constrained language refuses the cast; New-Object is the slower way that it allows.
    if ($fullLanguage) { [pscustomobject] $Fields } else { New-Object -TypeName psobject -Property $Fields }
}

function ConvertTo-Text($Value, [int] $Limit = 400) {
    $text = "$Value"
    if ($text.Length -gt $Limit) { $text.Substring(0, $Limit) } else { $text }
}

function ConvertTo-RunTime($Time) {
    # The sync engine keeps the times of runs in UTC, and what it hands out does not say so.
    if ($null -ne $Time -and "$($Time.Kind)" -eq 'Unspecified') { "$($Time.ToString('o'))Z" } else { ConvertTo-Utc $Time }
}

function ConvertTo-Utc($Time) { if ($null -ne $Time) { $Time.ToUniversalTime().ToString('o') } }

function Get-Reason($ErrorRecord) {
    $category = "$($ErrorRecord.CategoryInfo.Category)"
    $id = "$($ErrorRecord.FullyQualifiedErrorId)"
    $text = "$($ErrorRecord.Exception.Message)"
    if ($text -match '^fact:([a-z-]+) because ') { return $Matches[1] }
    if ($text -like '*Synchronization Service is not running*') { return 'service-stopped' }
    if ($id -like 'CommandNotFoundException*') { return 'command-absent' }
    if ($category -eq 'PermissionDenied' -or $category -eq 'SecurityError' -or $ErrorRecord.Exception.HResult -eq -2147024891 -or $id -like '*0x80041003*' -or
        $text -like '*Access Denied*' -or $text -like '*not a member of a required Sync role*') { return 'access-denied' }
    if ($category -eq 'OperationTimeout') { return 'timed-out' }
    if ($category -eq 'ObjectNotFound') { return 'not-found' }
    'failed'
}

function Get-Detail($ErrorRecord) { ConvertTo-Text ("$($ErrorRecord.Exception.Message)" -replace '^fact:[a-z-]+ because ', '') }

# Runs one question and emits a record for each of its facts, whatever happens.
function Write-Fact([string[]] $Names, [scriptblock] $Read) {
    $start = [datetime]::UtcNow
    $answer = $null
    $why = 'not-found'
    $detail = ''
    if (($start - $begun).TotalSeconds -gt $TimeLimit) {
        $why = 'timed-out'
        $detail = "The snapshot's limit of $TimeLimit seconds was over before this was asked."
    } else {
        try { $answer = & $Read } catch {
            $why = Get-Reason $_
            $detail = Get-Detail $_
        }
    }
    $ms = [int] ([datetime]::UtcNow - $start).TotalMilliseconds
    foreach ($name in $Names) {
        if ($null -ne $answer -and $null -ne $answer[$name]) { ConvertTo-Record @{ fact = $name; value = $answer[$name]; ms = $ms } }
        else { ConvertTo-Record @{ fact = $name; missing = $why; detail = $detail; ms = $ms } }
    }
}

# Runs one question whose answer is a list; the block returns a hashtable of equally long arrays.
function Write-Table([string] $Name, [scriptblock] $Read) {
    $start = [datetime]::UtcNow
    try {
        if (($start - $begun).TotalSeconds -gt $TimeLimit) { throw 'fact:timed-out because the time limit of the snapshot was over before this was asked' }
        $columns = & $Read
        $columns['fact'] = $Name
    } catch {
        $columns = @{ fact = $Name; missing = (Get-Reason $_); detail = (Get-Detail $_) }
        if ($Name -eq 'events') { $columns['block'] = $Block }
    }
    $columns['ms'] = [int] ([datetime]::UtcNow - $start).TotalMilliseconds
    ConvertTo-Record $columns
}

function Get-Value([string] $Key, [string] $Name) {
    if (Test-Path -LiteralPath $Key) { (Get-ItemProperty -LiteralPath $Key).$Name }
}

function Test-Policy([string] $Name, [string] $Value) {
    (Get-Value "HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\$Name" $Value) -eq 1
}

# Accounts that were named in an access list by hand or by a setup program, not inherited.
function Get-ExplicitAccount([string] $Path) {
    $accounts = @()
    foreach ($entry in (Get-Acl -LiteralPath $Path).Access) {
        if (-not $entry.IsInherited -and "$($entry.AccessControlType)" -eq 'Allow') { $accounts += "$($entry.IdentityReference)" }
    }
    , $accounts
}

function Get-Parameter($Connector, [string] $Name) {
    try { "$($Connector.ConnectivityParameters[$Name].Value)" } catch { '' }
}

function Assert-Running {
    if ($seen.state -ne 'Running') { throw 'fact:service-stopped because the ADSync service is not running' }
}

Write-Fact 'shell.languageMode' { @{ 'shell.languageMode' = "$($ExecutionContext.SessionState.LanguageMode)" } }
Write-Fact 'server.osCaption', 'server.osVersion', 'server.productType', 'server.bootTime', 'server.clock' {
    $os = Get-CimInstance -ClassName Win32_OperatingSystem -OperationTimeoutSec 20
    $seen.productType = [int] $os.ProductType
    @{
        'server.osCaption' = "$($os.Caption)"; 'server.osVersion' = "$($os.Version)"; 'server.productType' = [int] $os.ProductType
        'server.bootTime' = ConvertTo-Utc $os.LastBootUpTime; 'server.clock' = ConvertTo-Utc (Get-Date)
    }
}
Write-Fact 'server.computerName', 'server.domain', 'server.partOfDomain' {
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem -OperationTimeoutSec 20
    $seen.computerName = "$($computer.Name)"
    $seen.domain = if ($computer.PartOfDomain) { "$($computer.Domain)" } else { '' }
    @{ 'server.computerName' = "$($computer.Name)"; 'server.domain' = "$($computer.Domain)"; 'server.partOfDomain' = [bool] $computer.PartOfDomain }
}
Write-Fact 'server.userName' {
    $ErrorActionPreference = 'Continue'
    @{ 'server.userName' = "$(& whoami.exe 2>$null)" }
}
Write-Fact 'shell.elevated' {
    $ErrorActionPreference = 'Continue'
    $groups = & whoami.exe /groups /fo csv /nh 2>$null
    if ($LASTEXITCODE -ne 0) { throw "whoami.exe ended with $LASTEXITCODE" }
    @{ 'shell.elevated' = "$groups" -match 'S-1-16-(12288|16384)' }
}
Write-Fact 'shell.executionPolicy' { @{ 'shell.executionPolicy' = "$(Get-ExecutionPolicy)" } }
Write-Fact 'shell.moduleLogging', 'shell.scriptBlockLogging', 'shell.transcription' {
    @{
        'shell.moduleLogging' = Test-Policy 'ModuleLogging' 'EnableModuleLogging'
        'shell.scriptBlockLogging' = Test-Policy 'ScriptBlockLogging' 'EnableScriptBlockLogging'
        'shell.transcription' = Test-Policy 'Transcription' 'EnableTranscripting'
    }
}

Write-Fact 'service.exists', 'service.displayName', 'service.startName', 'service.state', 'service.startMode', 'service.pathName', 'service.processId', 'service.exitCode', 'service.serviceSpecificExitCode' {
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'" -OperationTimeoutSec 20
    if ($null -eq $service) { return @{ 'service.exists' = $false } }
    $seen.displayName = "$($service.DisplayName)"
    $seen.startName = "$($service.StartName)"
    $seen.state = "$($service.State)"
    $seen.pathName = "$($service.PathName)"
    @{
        'service.exists' = $true; 'service.displayName' = $seen.displayName; 'service.startName' = $seen.startName; 'service.state' = $seen.state
        'service.startMode' = "$($service.StartMode)"; 'service.pathName' = $seen.pathName; 'service.processId' = [long] $service.ProcessId
        'service.exitCode' = [long] $service.ExitCode; 'service.serviceSpecificExitCode' = [long] $service.ServiceSpecificExitCode
    }
}
Write-Fact 'installation.path', 'installation.build' {
    $program = if ($seen.pathName -match '^\s*"([^"]+)"' -or $seen.pathName -match '^\s*(.+?\.exe)') { $Matches[1] } else { '' }
    $path = Get-Value 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters' 'Path'
    if (-not $path) { $path = Get-Value 'HKLM:\SOFTWARE\Microsoft\AD Sync' 'Location' }
    if (-not $path -and $program -match '^(.+)\\Bin\\[^\\]+$') { $path = $Matches[1] }
    $answer = @{}
    if ($path) {
        $seen.path = "$path".TrimEnd('\')
        $answer['installation.path'] = $seen.path
        if (-not $program) { $program = "$($seen.path)\Bin\miiserver.exe" }
    }
    if ($program -and (Test-Path -LiteralPath $program)) { $answer['installation.build'] = "$((Get-Item -LiteralPath $program).VersionInfo.FileVersion)" }
    $answer
}
Write-Fact 'machineId' {
    $id = Get-Value 'HKLM:\SOFTWARE\Microsoft\Azure AD Connect' 'SyncMachineIdentifier'
    if (-not $id) { $id = Get-Value 'HKLM:\SOFTWARE\Microsoft\MSOLCoExistence' 'InstallationIdentifier' }
    if ($id) { @{ machineId = "$id" } }
}
Write-Fact 'original.baseline', 'original.baselineMachineId' {
    $key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Baseline'
    @{ 'original.baseline' = Get-Value $key 'StartName'; 'original.baselineMachineId' = Get-Value $key 'MachineId' }
}
Write-Table 'original.fileAccounts' {
    if (-not $seen.path) { throw 'fact:not-found because the installation folder is unknown' }
    @{ account = [string[]] (Get-ExplicitAccount "$($seen.path)\Data") }
}
Write-Table 'original.registryAccounts' { @{ account = [string[]] (Get-ExplicitAccount 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters') } }

Write-Fact 'database.server', 'database.instance', 'database.name' {
    $parameters = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters'
    $seen.database = if ($parameters.DBName) { "$($parameters.DBName)" } else { 'ADSync' }
    $seen.sqlServer = "$($parameters.Server)"
    $seen.instance = "$($parameters.SQLInstance)"
    @{ 'database.server' = $seen.sqlServer; 'database.instance' = $seen.instance; 'database.name' = $seen.database }
}
Write-Fact 'database.file', 'database.fileBytes' {
    if ($seen.sqlServer -notlike '(localdb)*') { throw 'fact:not-asked because the database is not LocalDB' }
    $folder = "$($seen.instance)".Split('\')[-1]
    foreach ($file in "$($seen.path)\Data\$folder\$($seen.database).mdf", "$($seen.path)\Data\$($seen.database).mdf") {
        if (Test-Path -LiteralPath $file) { return @{ 'database.file' = $file; 'database.fileBytes' = [long] (Get-Item -LiteralPath $file).Length } }
    }
}
Write-Fact 'database.processAlive' {
    if ($seen.sqlServer -notlike '(localdb)*') { throw 'fact:not-asked because the database is not LocalDB' }
    $folder = "$($seen.instance)".Split('\')[-1]
    $hidden = $false
    foreach ($process in Get-CimInstance -ClassName Win32_Process -Filter "Name='sqlservr.exe'" -OperationTimeoutSec 20) {
        if (-not $process.CommandLine) { $hidden = $true }
        elseif ($process.CommandLine -like "*\Instances\$folder\*") { $seen.processes = @($seen.processes) + $process }
    }
    $seen.hiddenProcess = $hidden
    if ($seen.processes) { return @{ 'database.processAlive' = $true } }
    if ($hidden) { throw 'fact:access-denied because the command line of a database process could not be read' }
    @{ 'database.processAlive' = $false }
}
# Whoever set the shared instance up owns its process; nobody else can start it. An instance of the same name that another
# account made for itself looks alike, so the answer counts only for one process, and for the owner that Windows has on record.
Write-Fact 'database.processOwner' {
    if ($seen.sqlServer -notlike '(localdb)*') { throw 'fact:not-asked because the database is not LocalDB' }
    $folder = "$($seen.instance)".Split('\')[-1]
    if (-not $seen.processes) {
        # It ends some minutes after the service.
        Assert-Running
        throw 'fact:not-found because the database process does not run'
    }
    if ($seen.hiddenProcess -or $seen.processes.Count -ne 1) { throw 'fact:failed because more than one database process may be the one of this instance' }
    $process = $seen.processes[0]
    $owner = Invoke-CimMethod -InputObject $process -MethodName 'GetOwner'
    if ($owner.ReturnValue -ne 0 -or -not $owner.User -or -not $owner.Domain) { throw "fact:failed because the owner of the database process could not be read ($($owner.ReturnValue))" }
    $shared = Get-Value "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server Local DB\Shared Instances\$folder" 'OwnerSID'
    if ($shared -is [string]) {
        $sid = Invoke-CimMethod -InputObject $process -MethodName 'GetOwnerSid'
        if ($sid.ReturnValue -ne 0 -or "$($sid.Sid)" -ne $shared) { throw 'fact:failed because the database process belongs to another account than the shared instance' }
    }
    # Its number may have gone to another process meanwhile.
    $still = Get-CimInstance -ClassName Win32_Process -Filter "ProcessId=$([long] $process.ProcessId)" -OperationTimeoutSec 20
    if ($null -eq $still -or "$($still.CommandLine)" -ne "$($process.CommandLine)" -or $still.CreationDate -ne $process.CreationDate) { throw 'fact:not-found because the database process ended meanwhile' }
    @{ 'database.processOwner' = "$($owner.Domain)\$($owner.User)" }
}
Write-Fact 'programs.wizardOpen', 'programs.serviceManagerOpen' {
    @{
        'programs.wizardOpen' = @(Get-Process -Name 'AzureADConnect' -ErrorAction SilentlyContinue).Count -gt 0
        'programs.serviceManagerOpen' = @(Get-Process -Name 'miisclient' -ErrorAction SilentlyContinue).Count -gt 0
    }
}
Write-Table 'markers' {
    $root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
    $paths = @()
    $names = @()
    $values = @()
    if (Test-Path -LiteralPath $root) {
        $keys = @('')
        foreach ($key in 'Abandon', 'Lock', 'Runs') {
            if (Test-Path -LiteralPath "$root\$key") {
                $keys += $key
                foreach ($child in Get-ChildItem -LiteralPath "$root\$key") { if ($keys.Count -lt 100) { $keys += "$key\$($child.PSChildName)" } }
            }
        }
        foreach ($key in $keys) {
            $item = Get-ItemProperty -LiteralPath "$root\$key".TrimEnd('\')
            if ($null -eq $item) { continue }
            foreach ($property in $item.PSObject.Properties) {
                if ($property.Name -like 'PS*' -or $names.Count -ge 2000) { continue }
                $paths += $key
                $names += "$($property.Name)"
                $values += ConvertTo-Text $property.Value 1000
            }
        }
    }
    $claim = Join-Path -Path $env:ProgramData -ChildPath 'EntraConnectRemediation\abandon.claim'
    if (Test-Path -LiteralPath $claim) {
        $text = try { ConvertTo-Text (Get-Content -LiteralPath $claim) 200 } catch { '' }
        $paths += 'Claim'; $names += 'Text'; $values += $text
    }
    @{ path = [string[]] $paths; name = [string[]] $names; value = [string[]] $values }
}

# One bounded query: a flood of one kind of event must not push another kind out of sight.
function Write-Event([string] $Block, [string] $Log, [string] $Provider, [string] $Ids, [int] $Limit, [string] $Extra) {
    Write-Table 'events' {
        $columns = @{ log = $Log; block = $Block; complete = $true; recordId = @(); time = @(); id = @(); level = @(); provider = @(); message = @(); data = @(); binary = @() }
        $query = "<QueryList><Query Id='0' Path='$Log'><Select Path='$Log'>*[System[Provider[@Name='$Provider'] and ($Ids)]$Extra]</Select></Query></QueryList>"
        # Where an event's text cannot be formatted (a %%code without a text, as in 7024), an error comes beside the event, which is whole.
        $found = @(Get-WinEvent -FilterXml $query -MaxEvents $Limit -ErrorAction SilentlyContinue -ErrorVariable problems)
        foreach ($problem in $problems) {
            if ($problem.FullyQualifiedErrorId -like 'NoMatchingEventsFound*') { continue }
            if ($found.Count -eq 0) { throw $problem }
            $columns.complete = $false
        }
        if ($found.Count -ge $Limit) { $columns.complete = $false }
        foreach ($event in $found) {
            $data = @()
            $binary = ''
            try {
                $body = ([xml] $event.ToXml()).Event.EventData
                foreach ($item in $body.Data) {
                    if ($item -is [string]) { $data += ConvertTo-Text $item 1000 } elseif ($null -ne $item) { $data += ConvertTo-Text $item.InnerText 1000 }
                }
                $binary = "$($body.Binary)"
            } catch {
                # Constrained language forbids the method, not the properties; the binary part comes as bytes.
                $data = @()
                foreach ($property in $event.Properties) {
                    if ($property.Value -is [byte[]]) { $binary = -join @(foreach ($byte in $property.Value) { '{0:X2}' -f $byte }) } else { $data += ConvertTo-Text "$($property.Value)" 1000 }
                }
            }
            # The names are those of section 5.1: key name in the data, or in the binary part as UTF-16.
            if ($Provider -eq 'Service Control Manager' -and $data -notcontains 'ADSync' -and $data -notcontains $seen.displayName -and $binary -notlike '41004400530079006E006300*') { continue }
            $message = ''
            try { $message = ConvertTo-Text $event.Message 2000 } catch { $message = '' }
            $columns.recordId += [long] $event.RecordId
            $columns.time += ConvertTo-Utc $event.TimeCreated
            $columns.id += [int] $event.Id
            $columns.level += [int] $event.Level
            $columns.provider += "$($event.ProviderName)"
            $columns.message += $message
            $columns.data += $data -join [char] 31
            $columns.binary += ConvertTo-Text $binary 400
        }
        $columns
    }
}

$scm = 'Service Control Manager'
Write-Event 'scm' 'System' $scm 'EventID=7000 or EventID=7001 or EventID=7003 or EventID=7009 or EventID=7022 or EventID=7023 or EventID=7024 or EventID=7031 or EventID=7034 or EventID=7038 or EventID=7039 or EventID=7040 or EventID=7041 or EventID=7045' 500 ''
$shown = @('Microsoft Entra ID Sync', 'Microsoft Azure AD Sync')
if ($seen.displayName -and $shown -notcontains $seen.displayName -and $seen.displayName -notmatch "['<>&]") { $shown += $seen.displayName }
Write-Event 'states' 'System' $scm 'EventID=7036' 50 (" and EventData[" + (@(foreach ($name in $shown) { "Data='$name'" }) -join ' or ') + ']')
Write-Event 'key-new' 'Application' 'ADSync' 'EventID=6201 or EventID=6227 or EventID=6231' 50 ''
Write-Event 'abandonment' 'Application' 'MIISKMU' 'EventID=1 or EventID=2' 30 ''
Write-Event 'key' 'Application' 'ADSync' 'EventID=6028 or (EventID &gt;= 6202 and EventID &lt;= 6226)' 150 ''
Write-Event 'secrets' 'Application' 'ADSync' 'EventID &gt;= 6600 and EventID &lt;= 6603' 150 ''
Write-Event 'runs' 'Application' 'ADSync' 'EventID=6000 or EventID=6001 or EventID=6007 or EventID=6050 or EventID=6801 or EventID=6803 or EventID=6900' 150 ''
Write-Event 'service' 'Application' 'ADSync' 'EventID=2001 or EventID=2002 or EventID=2005' 60 ''
Write-Event 'database' 'Application' 'ADSync' 'EventID=6073 or EventID=6075 or EventID=6322 or EventID=6323 or EventID=6324' 50 ''
Write-Event 'directory' 'Application' 'Directory Synchronization' 'EventID=611 or EventID=659 or EventID=2508 or EventID=2509 or EventID=2518 or EventID=2519 or EventID=1011 or EventID=1012 or EventID=1014' 100 ''
Write-Event 'sign-in' 'Application' 'Directory Synchronization' 'EventID=906' 50 ''

# Whether a local account's password was changed (4723) or reset (4724); a domain's controllers keep that of their accounts.
if ($seen.startName -like '.\*' -or $seen.startName -like "$($seen.computerName)\*" -or $seen.productType -eq 2) {
    Write-Event 'account' 'Security' 'Microsoft-Windows-Security-Auditing' 'EventID=4723 or EventID=4724' 30 ''
} else {
    ConvertTo-Record @{ fact = 'events'; block = 'account'; missing = 'not-asked'; detail = 'the log of a domain controller has it'; ms = 0 }
}

Write-Fact 'adsync' {
    Assert-Running
    if (-not (Get-Command -Name 'Get-ADSyncConnector' -ErrorAction SilentlyContinue)) { Import-Module -Name "$($seen.path)\Bin\ADSync\ADSync.psd1" }
    @{ adsync = $true }
}
Write-Table 'connectors' {
    Assert-Running
    $columns = @{ name = @(); identifier = @(); typeName = @(); subtype = @(); forest = @(); loginDomain = @(); loginUser = @(); userName = @() }
    foreach ($connector in Get-ADSyncConnector) {
        $columns.name += "$($connector.Name)"
        $columns.identifier += "$($connector.Identifier)"
        $columns.typeName += "$($connector.ConnectorTypeName)"
        $columns.subtype += "$($connector.Subtype)"
        $columns.forest += Get-Parameter $connector 'forest-name'
        $columns.loginDomain += Get-Parameter $connector 'forest-login-domain'
        $columns.loginUser += Get-Parameter $connector 'forest-login-user'
        $columns.userName += Get-Parameter $connector 'UserName'
    }
    $seen.connectors = $columns.identifier
    $columns
}
Write-Table 'busy' {
    Assert-Running
    $columns = @{ connector = @(); state = @() }
    foreach ($run in Get-ADSyncConnectorRunStatus) {
        $columns.connector += "$($run.ConnectorName)"
        $columns.state += "$($run.RunState)"
    }
    $columns
}
Write-Table 'globalSettings' {
    Assert-Running
    $wanted = 'Microsoft.Synchronize.SynchronizationSchedule', 'Microsoft.Synchronize.StagingMode', 'Microsoft.Synchronize.MaintenanceEnabled', 'Microsoft.Synchronize.SchedulerSuspended',
        'Microsoft.Synchronize.SynchronizationPolicy', 'Microsoft.Synchronize.TimeInterval', 'Microsoft.Synchronize.NextStartTime', 'Microsoft.Synchronize.ServerConfigurationVersion',
        'Microsoft.OptionalFeature.PasswordHashSync', 'Microsoft.UserSignIn.SignOnMethod', 'Microsoft.SystemInformation.MachineRole'
    $columns = @{ name = @(); value = @() }
    foreach ($parameter in (Get-ADSyncGlobalSettings).Parameters) {
        if ($wanted -contains $parameter.Name) {
            $columns.name += "$($parameter.Name)"
            $columns.value += ConvertTo-Text $parameter.Value 300
        }
    }
    $columns
}
Write-Table 'runs' {
    Assert-Running
    $columns = @{ connector = @(); profile = @(); result = @(); start = @(); end = @(); complete = @() }
    foreach ($id in $seen.connectors) {
        foreach ($run in Get-ADSyncRunProfileResult -ConnectorId $id -NumberRequested 5) {
            $columns.connector += "$($run.ConnectorName)"
            $columns.profile += "$($run.RunProfileName)"
            $columns.result += "$($run.Result)"
            $columns.start += "$(ConvertTo-RunTime $run.StartDate)"
            $columns.end += "$(ConvertTo-RunTime $run.EndDate)"
            $columns.complete += [bool] $run.IsRunComplete
        }
    }
    $columns
}
Write-Fact 'database.usedMegabytes' {
    Assert-Running
    @{ 'database.usedMegabytes' = [long] (Get-ADSyncDatabaseConfiguration).UsedSpaceInMb }
}
Write-Fact 'domainController.exitCode', 'domainController.name' {
    $domain = if ($seen.startName -match '^([^\\]+)\\' -and $Matches[1] -ne '.' -and $Matches[1] -ne 'NT SERVICE' -and $Matches[1] -ne $seen.computerName) { $Matches[1] }
        elseif ($seen.startName -match '@(.+)$') { $Matches[1] } else { $seen.domain }
    if (-not $domain) { throw 'fact:not-asked because neither the account nor the server belongs to a domain' }
    $ErrorActionPreference = 'Continue'
    $answer = & nltest.exe "/dsgetdc:$domain" /writable /force 2>$null
    $code = $LASTEXITCODE
    # What follows the @ of a log-on name need not be a domain, and asking another one could find its controllers instead.
    if ($code -eq 1355 -and $seen.startName -match '@') { $ErrorActionPreference = 'Stop'; throw "fact:failed because nltest knows no domain '$domain', which may be only the suffix of the log-on name. Write the account of the service as DOMAIN\name" }
    @{ 'domainController.exitCode' = [int] $code; 'domainController.name' = $(if ("$answer" -match '\\\\(\S+)') { $Matches[1] }) }
}
Write-Fact 'authenticationMode' {
    Assert-Running
    @{ authenticationMode = "$((Get-ADSyncEntraConnectorCredential).ConnectorIdentityType)" }
}
Write-Fact 'scheduler.syncCycleEnabled', 'scheduler.stagingMode', 'scheduler.suspended', 'scheduler.inProgress', 'scheduler.maintenanceEnabled' {
    Assert-Running
    $scheduler = Get-ADSyncScheduler
    @{
        'scheduler.syncCycleEnabled' = [bool] $scheduler.SyncCycleEnabled; 'scheduler.stagingMode' = [bool] $scheduler.StagingModeEnabled
        'scheduler.suspended' = [bool] $scheduler.SchedulerSuspended; 'scheduler.inProgress' = [bool] $scheduler.SyncCycleInProgress
        'scheduler.maintenanceEnabled' = [bool] $scheduler.MaintenanceEnabled
    }
}
