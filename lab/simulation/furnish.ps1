# What a new server consists of: its state, its registry, the files on its drive, who owns them, and its powershell.exe.

function New-LabState($What, $Secrets) {
    $salt = [Convert]::ToBase64String([Guid]::NewGuid().ToByteArray())
    $hash = { param($name) if ($name -and $Secrets.$name) { Get-LabHash $salt $Secrets.$name } }
    $now = Get-LabNow
    $forest = @($What.connectors | Where-Object { $_.type -eq 'AD' } | ForEach-Object { $_.forest })[0]
    if (-not $forest) { $forest = 'contoso.com' }
    $original = if ($What.account.name) { $What.account.name } else { $What.service.startName }
    $modern = [version]$What.build -ge [version]'2.0.0.0'
    $machine = [Guid]::new([byte[]]([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes("$($What.computerName)$salt"))[0..15])).ToString()
    $variants = @{}
    foreach ($variant in @($What.commands.variants)) { if ($variant) { $variants[$variant] = $true } }
    $connectors = @(foreach ($connector in $What.connectors) {
        $plain = if ($connector.stored -is [string]) { $connector.stored } else { $connector.stored.secret }
        $set = if ($connector.stored -isnot [string] -and $connector.stored.set -eq 'old') { 0 } else { 1 }
        $stored = if ($plain) { @{ set = $set; hash = (& $hash $plain) } }
        @{
            name = $connector.name; type = $(if ($connector.type -like 'Entra*') { 'Entra' } else { $connector.type }); authentication = $(if ($connector.type -eq 'EntraApplication') { 'application' } else { 'password' })
            id = $(if ($connector.type -like 'Entra*') { 'b891884f-051e-4a83-95af-2544101c9083' } else { [Guid]::NewGuid().ToString() })
            account = $connector.account; forest = $connector.forest; certificate = $(if ($connector.type -eq 'EntraApplication') { if ($connector.certificate) { $connector.certificate } else { 'valid' } }); signIn = $connector.signIn; hash = (& $hash $connector.password); stored = $stored; cached = $stored; acceptedFrom = $null
        }
    })
    $enabled = if ($null -eq $What.scheduler.enabled) { $true } else { [bool]$What.scheduler.enabled }
    $state = @{
        v = 1; salt = $salt; computerName = $What.computerName.ToUpperInvariant(); domain = $forest; netbios = $forest.Split('.')[0].ToUpperInvariant(); build = $What.build; locale = $(if ($What.locale) { $What.locale } else { 'en-US' })
        machineId = $machine; instanceId = [Guid]::NewGuid().ToString(); productType = $(if ($What.role -eq 'domain-controller') { 2 } else { 3 }); installPath = 'C:\Program Files\Microsoft Azure AD Sync\'
        bootTime = (ConvertTo-LabTime $now.AddDays(-12)); createdAt = (ConvertTo-LabTime $now)
        service = @{
            name = 'ADSync'; displayName = $(if ($What.service.displayName) { $What.service.displayName } elseif ([version]$What.build -ge [version]'2.3.0.0') { 'Microsoft Entra ID Sync' } else { 'Microsoft Azure AD Sync' }); description = 'Enables integration and management of identity information across multiple directories, systems and platforms.'
            startName = $What.service.startName; original = $original; startNameHasRight = $true; state = $What.service.state; startMode = $(if ($What.service.startMode) { $What.service.startMode } else { 'Automatic' })
            scmHash = (& $hash $What.service.scmPassword); exitCode = $(if ($What.service.exitCode) { [int]$What.service.exitCode } else { 0 }); specificCode = 0; processId = $(if ($What.service.state -eq 'Running') { 5312 } else { 0 }); due = $null; answer = 0; generation = 1; startedAt = $(if ($What.service.state -eq 'Running') { ConvertTo-LabTime $now.AddDays(-11) })
            pathName = '"C:\Program Files\Microsoft Azure AD Sync\Bin\miiserver.exe"'
        }
        otherServices = @(
            @{ name = 'W32Time'; displayName = 'Windows Time'; startName = 'NT AUTHORITY\LocalService'; state = 'Running'; startMode = 'Automatic'; pathName = 'C:\Windows\system32\svchost.exe -k LocalService'; processId = 1208; exitCode = 0; specificCode = 0 }
            @{ name = 'AzureADConnectAgentUpdater'; displayName = 'Microsoft Azure AD Connect Agent Updater'; startName = 'LocalSystem'; state = 'Running'; startMode = 'Automatic'; pathName = '"C:\Program Files\Microsoft Azure AD Connect Agent Updater\AzureADConnectAgentUpdater.exe"'; processId = 2640; exitCode = 0; specificCode = 0 }
        )
        account = @{
            name = $original; kind = $What.service.kind; hash = (& $hash $What.account.password); oldHash = (& $hash $(if ($What.account.oldPassword) { $What.account.oldPassword } else { $What.service.scmPassword }))
            lastChange = $What.account.lastChange; oldPasswordKnown = [bool]$What.account.oldPasswordKnown; proof = $(if ($What.account.proof -and $What.account.proof -ne 'none') { $original }); logon = $What.account.logon; lockoutAfter = $What.account.lockoutAfter; badLogons = 0
        }
        dc = @{ reachable = $(if ($null -eq $What.dc.reachable) { $true } else { [bool]$What.dc.reachable }); from = $null; after = $(if ($What.dc.from) { (ConvertFrom-ScenarioSpan $What.dc.from).TotalSeconds }); skew = $(if ($What.dc.clock) { (ConvertFrom-ScenarioSpan $What.dc.clock).TotalSeconds } else { 0 }) }
        key = @{ state = $What.key.state; set = $(if (@($connectors | Where-Object { $_.stored -and $_.stored.set -eq 0 }).Count) { 1 } else { 1 }); selfRepair = $(if ($null -eq $What.key.selfRepair) { [version]$What.build -ge $script:AbandonsItself } else { [bool]$What.key.selfRepair }) }
        database = @{ kind = $(if ($What.database.kind) { $What.database.kind } else { 'localdb' }); state = $(if ($What.database.state) { $What.database.state } else { 'healthy' }); sizeMb = $(if ($What.database.sizeMb) { $What.database.sizeMb } else { 640 }); fileMb = $What.database.fileMb; name = 'ADSync'; server = $(if ($What.database.server) { $What.database.server } else { '(localdb)' }); instance = $(if ($What.database.kind -eq 'remote') { '' } elseif ($modern) { '.\ADSync2019' } else { '.\ADSync' }); until = $(if ($What.database.lingers) { ConvertTo-LabTime $now.AddSeconds(300) }); processId = $(if ($What.service.state -eq 'Running' -or $What.database.lingers) { 5896 } else { 0 }); owner = $(if ($What.database.owner) { $What.database.owner } else { $original }) }
        connectors = $connectors
        entraAdmin = (& $hash 'entraAdmin'); enterpriseAdmin = (& $hash 'enterpriseAdmin')
        scheduler = @{ enabled = $enabled; before = $enabled; intervalMinutes = $(if ($What.scheduler.intervalMinutes) { $What.scheduler.intervalMinutes } else { 30 }); staging = [bool]$What.scheduler.staging; suspended = [bool]$What.scheduler.suspended; suspendedBefore = [bool]$What.scheduler.suspended; maintenance = $true; policy = 'Delta'; phs = $(if ($null -eq $What.scheduler.passwordHashSync) { $true } else { [bool]$What.scheduler.passwordHashSync }); runStart = $null; runUntil = $null; runFor = $(if ($What.scheduler.running) { (ConvertFrom-ScenarioSpan $What.scheduler.running).TotalSeconds }); runPolicy = 'Delta' }
        commands = @{ absent = @($What.commands.absent | Where-Object { $_ }); parameters = $(if ($What.commands.parameters) { $What.commands.parameters } else { @{} }) }
        variants = $variants; delays = $(if ($What.delays) { $What.delays } else { @{} })
        runs = @(); runNumber = 4711; tasks = @(); programs = @($What.programs | Where-Object { $_ }); policies = $(if ($What.policies) { $What.policies } else { @{} }); processes = @(); acls = @{}; registry = @{}; records = @{ System = 0; Application = 0; Security = 0 }
        counters = @{ starts = 0; stops = 0; failedLogons = 0; secretsDropped = 0; abandonStarted = 0; abandoned = 0; rolledBack = 0; abandonedNeedlessly = 0; droppedByStart = 0; stoppedNearlyFull = 0; stoppedDuringRun = 0 }
    }
    ConvertFrom-Json (ConvertTo-Json -InputObject $state -Depth 12 -Compress)
}

function New-LabRegistry($State, $What) {
    $path = $State.installPath
    $keys = [ordered]@{
        'SYSTEM\CurrentControlSet\Services\ADSync' = @{ ImagePath = @('ExpandString', $State.service.pathName); DisplayName = @('String', ''); ObjectName = @('String', ''); Start = @('DWord', 2); Type = @('DWord', 16); ErrorControl = @('DWord', 1) }
        'SYSTEM\CurrentControlSet\Services\ADSync\Parameters' = @{ Path = @('String', $path); Server = @('String', $State.database.server); SQLInstance = @('String', $State.database.instance); DBName = @('String', $State.database.name) }
        'SOFTWARE\Microsoft\AD Sync' = @{ Location = @('String', $path) }
        'SOFTWARE\Microsoft\Azure AD Connect' = @{ SyncMachineIdentifier = @('String', $State.machineId); WizardPath = @('String', 'C:\Program Files\Microsoft Azure Active Directory Connect\AzureADConnect.exe') }
        'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{337E88B3-6961-420C-90C6-90C2BFCFAC7B}' = @{ DisplayName = @('String', $(if ([version]$State.build -ge [version]'2.3.0.0') { 'Microsoft Entra Connect Sync' } else { 'Microsoft Azure AD Connect' })); DisplayVersion = @('String', $State.build); Publisher = @('String', 'Microsoft Corporation') }
        'SOFTWARE\Microsoft\Windows NT\CurrentVersion' = @{ ProductName = @('String', 'Windows Server 2022 Standard'); CurrentBuild = @('String', '20348'); InstallationType = @('String', 'Server') }
        'SOFTWARE\Policies\Microsoft\Windows' = @{}
        'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client' = @{ Enabled = @('DWord', 1); DisabledByDefault = @('DWord', 0) }
        'SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server' = @{ Enabled = @('DWord', 1); DisabledByDefault = @('DWord', 0) }
        'SOFTWARE\Microsoft\.NETFramework\v4.0.30319' = @{ SystemDefaultTlsVersions = @('DWord', 1); SchUseStrongCrypto = @('DWord', 1) }
    }
    if ($State.database.kind -eq 'localdb') {
        $keys["SOFTWARE\Microsoft\Microsoft SQL Server Local DB\Shared Instances\$($State.database.instance.Split('\')[-1])"] = @{ InstanceName = @('String', $State.database.instance.Split('\')[-1]); OwnerSID = @('String', (Get-LabSid $State.database.owner)) }
    }
    foreach ($policy in @(@('transcription', 'Transcription', 'EnableTranscripting'), @('moduleLogging', 'ModuleLogging', 'EnableModuleLogging'), @('scriptBlockLogging', 'ScriptBlockLogging', 'EnableScriptBlockLogging'))) {
        if ($State.policies.($policy[0])) { $keys["SOFTWARE\Policies\Microsoft\Windows\PowerShell\$($policy[1])"] = @{ $policy[2] = @('DWord', 1) } }
    }
    if ($State.service.state -eq 'Absent') { foreach ($key in @($keys.Keys | Where-Object { $_ -match 'ADSync|AD Sync|Azure AD Connect|Uninstall' })) { $keys.Remove($key) } }
    foreach ($more in @($What.registry)) {
        if (-not $more) { continue }
        $values = @{}
        foreach ($value in $more.values.PSObject.Properties) { $values[$value.Name] = @($(if ($value.Value -is [string]) { 'String' } else { 'DWord' }), $(if ($value.Value -is [string]) { $value.Value.Replace('{machineId}', $State.machineId).Replace('{startName}', $State.service.startName).Replace('{bootTime}', $State.bootTime) } else { $value.Value })) }
        if ($keys.Contains($more.key)) { foreach ($name in $values.Keys) { $keys[$more.key][$name] = $values[$name] } } else { $keys[$more.key] = $values }
    }
    foreach ($key in $keys.Keys) {
        $name = "HKEY_LOCAL_MACHINE\$key"
        $entry = [pscustomobject]@{ name = $name; values = (New-Object System.Management.Automation.PSObject) }
        foreach ($value in $keys[$key].Keys) { $entry.values.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $value, ([pscustomobject]@{ k = $keys[$key][$value][0]; v = $keys[$key][$value][1] }))) }
        $State.registry.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $name.ToLowerInvariant(), $entry))
    }
}

# The database's file as Windows names it.
function Get-LabDatabaseFile($State) {
    $folder = if ($State.database.instance -like '*2019') { 'Data\ADSync2019' } else { 'Data' }
    "$($State.installPath)$folder\ADSync.mdf"
}

function New-LabDrive($State) {
    $files = @(
        "$($State.installPath)Bin\miiserver.exe", "$($State.installPath)Bin\miiskmu.exe", "$($State.installPath)Bin\miiserver.exe.config", "$($State.installPath)Bin\ADSync\ADSync.psd1", "$($State.installPath)UIShell\miisclient.exe",
        'C:\Program Files\Microsoft Azure Active Directory Connect\AzureADConnect.exe', 'C:\ProgramData\AADConnect\Applied-SynchronizationPolicy-20260102-030405.JSON',
        'C:\Windows\System32\nltest.exe', 'C:\Windows\System32\whoami.exe', 'C:\Windows\System32\sc.exe', 'C:\Windows\System32\net.exe', 'C:\Windows\System32\icacls.exe', 'C:\Windows\System32\hostname.exe', 'C:\Windows\System32\schtasks.exe',
        'C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe', 'C:\Windows\Temp\.keep', 'C:\Users\labadmin\Documents\.keep'
    )
    if ($State.database.kind -eq 'localdb') { $files += (Get-LabDatabaseFile $State), ((Get-LabDatabaseFile $State) -replace '\.mdf$', '_log.ldf') }
    if ('sqlcmd.exe' -notin @($State.commands.absent)) { $files += 'C:\Program Files\Microsoft SQL Server\Client SDK\ODBC\170\Tools\Binn\SQLCMD.EXE' }
    if ('miiskmu.exe' -in @($State.commands.absent)) { $files = @($files | Where-Object { $_ -notlike '*\miiskmu.exe' }) }
    if ($State.service.state -eq 'Absent') { $files = @($files | Where-Object { $_ -notlike "$($State.installPath)*" -and $_ -notlike '*Azure Active Directory Connect*' -and $_ -notlike '*AADConnect*' }) }
    # The installer makes it wherever the database is.
    if ($State.service.state -ne 'Absent') { [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($script:Server, 'drive', "$($State.installPath)Data".Substring(3).Replace('\', '/'))) }
    foreach ($file in $files) {
        $real = [IO.Path]::Combine($script:Server, 'drive', $file.Substring(3).Replace('\', '/'))
        [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($real))
        [IO.File]::WriteAllText($real, "A file of the practice lab's simulated server: $file`r`n")
    }
    if ($State.service.state -ne 'Absent') { New-LabTraceLogs $State }
}

# The wizard's trace logs: one for each time that it was opened, a line an action. They hold what administrators ask not to be sent around.
function New-LabTraceLogs($State) {
    $folder = [IO.Path]::Combine($script:Server, 'drive', 'ProgramData/AADConnect')
    foreach ($day in 40, 12, 3) {
        $at = (Get-LabNow).AddDays(-$day)
        $lines = New-Object System.Collections.Generic.List[string]
        $lines.Add("[$($at.ToString('HH:mm:ss.fff'))] [  1] [INFO ] ================================================================================")
        $lines.Add("[$($at.ToString('HH:mm:ss.fff'))] [  1] [INFO ] Application starting: AzureADConnect.exe $($State.build) on $($State.computerName)")
        $lines.Add("[$($at.ToString('HH:mm:ss.fff'))] [  7] [INFO ] SqlConnection: Data Source=$($State.database.server);Initial Catalog=ADSync;User ID=labsql;Password=Trace-$day-Secret;Encrypt=True")
        for ($i = 0; $i -lt 600; $i++) { $lines.Add("[$($at.AddSeconds($i).ToString('HH:mm:ss.fff'))] [ $(7 + $i % 5)] [INFO ] PerformPreparationOfConfigurationPageViewModel: step $i of the configuration") }
        $lines.Add("[$($at.AddSeconds(601).ToString('HH:mm:ss.fff'))] [  1] [INFO ] Opened log file at path C:\ProgramData\AADConnect\trace-$($at.ToString('yyyyMMdd-HHmmss')).log")
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, "trace-$($at.ToString('yyyyMMdd-HHmmss')).log"), ($lines.ToArray() -join "`r`n") + "`r`n", (New-Object System.Text.UTF8Encoding $true))
    }
}

# The installer granted the service account its folder and its registry key: that is what proves the original account.
function New-LabAcls($State, $What) {
    $proof = if ($What.account.proof) { $What.account.proof } else { 'files-and-registry' }
    $sid = Get-LabSid $State.service.original
    $add = { param($key, $sddl) $State.acls.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $key, $sddl)) }
    & $add 'c:' 'O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)'
    & $add 'c:\programdata' 'O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;0x100004;;;BU)'
    & $add ("$($State.installPath)Data".ToLowerInvariant()) ('O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)' + $(if ($proof -like 'files*') { "(A;OICI;FA;;;$sid)" }))
    & $add 'hkey_local_machine\system\currentcontrolset\services\adsync\parameters' ('O:BAG:BAD:PAI(A;CI;KA;;;SY)(A;CI;KA;;;BA)' + $(if ($proof -like '*registry') { "(A;CI;KR;;;$sid)" }))
    foreach ($folder in @($What.folders)) {
        if (-not $folder) { continue }
        [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($script:Server, 'drive', $folder.path.Substring(3).Replace('\', '/')))
        $owner = Get-LabSid $folder.owner
        & $add $folder.path.ToLowerInvariant() "O:${owner}G:${owner}D:AI(A;OICI;FA;;;$owner)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
    }
    & $add 'hkey_local_machine\software' 'O:BAG:BAD:PAI(A;CI;KA;;;SY)(A;CI;KA;;;BA)(A;CI;KR;;;BU)'
}

# The policies that the real engine obeys, where the engine itself looks for them: what they make it write lies in transcripts.
function New-LabPolicies([string]$Server, $Policies) {
    $set = [ordered]@{}
    if ($Policies.transcription) { $set.Transcription = @{ EnableTranscripting = $true; EnableInvocationHeader = $true; OutputDirectory = "$Server/transcripts" } }
    if ($Policies.moduleLogging) { $set.ModuleLogging = @{ EnableModuleLogging = $true; ModuleNames = @('*') } }
    if ($Policies.scriptBlockLogging) { $set.ScriptBlockLogging = @{ EnableScriptBlockLogging = $true; EnableScriptBlockInvocationLogging = $true } }
    if (-not $set.Count) { return }
    $folder = [IO.Path]::Combine($Server, 'home', '.config', 'powershell')
    foreach ($path in $folder, "$Server/transcripts") { [void][IO.Directory]::CreateDirectory($path) }
    [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'powershell.config.json'), (ConvertTo-Json -Depth 4 -Compress @{ PowerShellPolicies = $set }))
}

# What the server's malware protection takes for malicious, where the engine finds it before it reads anything.
function New-LabProtection([string]$Server, $Blocked) {
    $texts = @($Blocked | Where-Object { $_ })
    if ($texts.Count) { [IO.File]::WriteAllText([IO.Path]::Combine($Server, 'protection.json'), (ConvertTo-Json -Compress -InputObject $texts)) }
}

# powershell.exe of this server: the engine in its own environment, where nothing of the real machine is named.
function New-LabLauncher([string]$Server) {
    # In somebody's pwsh the engine is that program with a script, which says both.
    $command = if ($env:ENTRA_LAB_PWSH) { @($env:ENTRA_LAB_PWSH, '-NoLogo', '-NoProfile', '-NonInteractive', '-File', $env:ENTRA_LAB_HOST) } else { @([Environment]::ProcessPath) }
    $modules = [IO.Path]::GetDirectoryName($PSScriptRoot)
    $quote = { param($text) "'" + $text.Replace("'", "'\''") + "'" }
    # A session lives for seconds, and half of its processor time went into optimizing code that runs a few times; scripts that run for
    # long were measured to be as fast without.
    $environment = [ordered]@{
        PATH = $(if ($env:ENTRA_LAB_PWSH) { $env:PATH } else { '/usr/bin:/bin' }); HOME = "$Server/home"; TMPDIR = "$Server/tmp"; POWERSHELL_TELEMETRY_OPTOUT = '1'; DOTNET_JITMinOpts = '1'; DOTNET_TieredCompilation = '0'
        ENTRA_LAB_SERVER = $Server; ENTRA_LAB_MODULES = $modules; ENTRA_LAB_PWSH = "$env:ENTRA_LAB_PWSH"; ENTRA_LAB_HOST = "$env:ENTRA_LAB_HOST"
        COMPUTERNAME = $script:Held.computerName; USERNAME = 'labadmin'; USERDOMAIN = $script:Held.netbios; USERDNSDOMAIN = $script:Held.domain; SystemDrive = 'C:'; SystemRoot = 'C:\Windows'; windir = 'C:\Windows'
        ProgramFiles = 'C:\Program Files'; 'ProgramFiles(x86)' = 'C:\Program Files (x86)'; ProgramData = 'C:\ProgramData'; ALLUSERSPROFILE = 'C:\ProgramData'; TEMP = 'C:\Windows\Temp'; TMP = 'C:\Windows\Temp'; USERPROFILE = 'C:\Users\labadmin'; PSModulePath = ''
    }
    if ($env:ENTRA_LAB_PWSH) { [IO.File]::WriteAllText([IO.Path]::Combine($Server, 'environment.json'), (ConvertTo-Json -InputObject $environment -Compress)) }
    $lines = @(
        '#!/bin/sh'
        "exec env -i DOTNET_ROOT=`"`${DOTNET_ROOT:-}`" ENTRA_LAB_PARENT=`"`${ENTRA_LAB_PARENT:-}`" \"
        "  $(($environment.Keys | ForEach-Object { & $quote "$_=$($environment[$_])" }) -join ' ') \"
        "  $(($command | ForEach-Object { & $quote $_ }) -join ' ') `"`$@`""
    )
    $file = [IO.Path]::Combine($Server, 'bin', 'powershell.exe')
    [IO.File]::WriteAllText($file, ($lines -join "`n") + "`n")
    if ([IO.Path]::DirectorySeparatorChar -eq '/') { [IO.File]::SetUnixFileMode($file, [IO.UnixFileMode]'UserRead, UserWrite, UserExecute, GroupRead, GroupExecute, OtherRead, OtherExecute') }
}
