# What a person confirmed has to hold at the moment of acting: this text is put into every script that acts, where it says so, and
# checks again in the same round trip. $Guard holds one check a line, name=value. What does not hold any more stops the script
# with "guard:NAME because ...", before anything has changed.
# A scope of its own: the names in here are not those of the script around it.
& {
    $guardService = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
    $guardRoot = 'HKLM:\SOFTWARE\EntraConnectRemediation'
    foreach ($guardLine in ($Guard -split "`n")) {
        if ($guardLine -eq '') { continue }
        $guardName, $guardValue = $guardLine -split '=', 2
        switch ($guardName) {
            'machine' {
                $wantedName, $wantedId = $guardValue -split '\|', 2
                $name = [string](Get-CimInstance -ClassName Win32_ComputerSystem -Property Name).Name
                if ($name -ne $wantedName) { throw "guard:machine because this server is $name, but $wantedName was confirmed." }
                $id = ''
                foreach ($source in @(@('HKLM:\SOFTWARE\Microsoft\Azure AD Connect', 'SyncMachineIdentifier'), @('HKLM:\SOFTWARE\Microsoft\MSOLCoExistence', 'InstallationIdentifier'))) {
                    if ($id -eq '' -and (Test-Path -LiteralPath $source[0])) { $id = [string](Get-ItemProperty -LiteralPath $source[0]).($source[1]) }
                }
                if ($wantedId -ne '' -and $id -ne $wantedId) { throw 'guard:machine because the SyncMachineIdentifier of this server is not the confirmed one.' }
            }
            'lock' {
                $boot = [datetime](Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime).LastBootUpTime
                # A lease that has run out is nobody's: another client may have held the lock, and given it back, meanwhile.
                function Test-LiveEntry($Entry) {
                    if ([string]$entry.State -ne 'held' -or [string]$entry.TakenBy -ne '' -or [string]$entry.LeaseSeconds -notmatch '^\d{1,5}$') { return $false }
                    $age = ((Get-Date) - [datetime][string]$entry.Heartbeat).TotalSeconds
                    $age -gt -3600 -and $age -le [int]$entry.LeaseSeconds -and ([datetime][string]$entry.BootTime - $boot).TotalSeconds -gt -120
                }
                $mine = "$guardRoot\Lock\$guardValue"
                if (-not (Test-Path -LiteralPath $mine) -or -not (Test-LiveEntry (Get-ItemProperty -LiteralPath $mine))) { throw 'guard:lock because this run does not hold the lock of this server any more.' }
                foreach ($other in @(Get-ChildItem -LiteralPath "$guardRoot\Lock")) {
                    if ([string]$other.PSChildName -eq $guardValue) { continue }
                    $entry = Get-ItemProperty -LiteralPath "$guardRoot\Lock\$($other.PSChildName)"
                    if (Test-LiveEntry $entry) { throw "guard:lock because $([string]$entry.Who) on $([string]$entry.Host) holds the lock of this server now." }
                }
            }
            'account' {
                if ([string]$guardService.StartName -ne $guardValue) { throw "guard:account because ADSync runs as '$($guardService.StartName)' now, but '$guardValue' was confirmed." }
            }
            'enabled' {
                if ([string]$guardService.StartMode -eq 'Disabled') { throw 'guard:enabled because somebody has disabled the service ADSync.' }
            }
            'not-running' {
                if ([string]$guardService.State -eq 'Running') { throw 'guard:build because ADSync runs now: on this build a new password of its account destroys the encryption key.' }
            }
            'build' {
                $program = if ([string]$guardService.PathName -match '^\s*"([^"]+)"' -or [string]$guardService.PathName -match '^\s*(.+?\.exe)') { $Matches[1] } else { '' }
                $found = ''
                if ($program -ne '' -and (Test-Path -LiteralPath $program)) { $found = [string](Get-Item -LiteralPath $program).VersionInfo.FileVersion }
                if ($found -match '\d+\.\d+\.\d+\.\d+') { $found = $Matches[0] }
                # An upgrade meanwhile: what was decided was decided for another program.
                if ($found -ne $guardValue) { throw "guard:build because the build is $found now, but $guardValue was confirmed." }
            }
            'wizard' {
                if (@(Get-Process -Name 'AzureADConnect' -ErrorAction SilentlyContinue).Count -gt 0) { throw 'guard:wizard because the Microsoft Entra Connect wizard is open on this server. Close it and try again.' }
            }
            'programs' {
                foreach ($window in 'AzureADConnect', 'miisclient') {
                    if (@(Get-Process -Name $window -ErrorAction SilentlyContinue).Count -gt 0) { throw "guard:programs because the program $window is open on this server. Close it and try again." }
                }
            }
            'no-newer' {
                $query = "<QueryList><Query Id=`"0`" Path=`"Application`"><Select Path=`"Application`">*[System[Provider[@Name='ADSync'] and " +
                    "(EventID=6201 or EventID=6227 or EventID=6231 or EventID=6603) and (EventRecordID &gt; $([long]$guardValue))]]</Select></Query></QueryList>"
                # Where an event's text cannot be formatted (a %%code without a text, as in 7024), an error comes beside the event, which is whole.
                $newer = @(Get-WinEvent -FilterXml $query -MaxEvents 10 -ErrorAction SilentlyContinue -ErrorVariable problems)
                if ($newer.Count -eq 0) { foreach ($problem in $problems) { if ($problem.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw $problem } } }
                if ($newer.Count -gt 0) { throw "guard:no-newer because since the confirmation the service wrote event $($newer[0].Id): the keys have changed meanwhile." }
            }
            'controller' {
                $ErrorActionPreference = 'Continue'
                # Where it cannot be run at all, the exit code is an earlier program's.
                $code = 'not run'
                try {
                    $null = & nltest.exe "/dsgetdc:$guardValue" /writable /force 2>&1
                    $code = $LASTEXITCODE
                } catch { $code = 'not run' }
                $ErrorActionPreference = 'Stop'
                if ($code -in 121, 1311, 1355, 1717, 1722, 1726, 1787, 1788, 1789) { throw "guard:controller because no writable domain controller of $guardValue answers now (nltest $code): a start could make a new key, and every stored secret would be lost." }
                # Access denied and the like do not say that one answers.
                if ([string]$code -ne '0') { throw "guard:controller-unknown because it cannot be told whether a writable domain controller of $guardValue answers now (nltest $code)." }
            }
            'database' {
                $file, $limit = $guardValue -split '\|', 2
                if ([string]$guardService.State -eq 'Running' -and (Test-Path -LiteralPath $file)) {
                    $megabytes = [long]((Get-Item -LiteralPath $file).Length / 1048576)
                    if ($megabytes -ge [long]$limit) { throw "guard:database because the database has grown to $megabytes MB: stopped now, the service may not start again." }
                }
            }
            'database-used' {
                $path, $limit = $guardValue -split '\|', 2
                if ([string]$guardService.State -eq 'Running') {
                    Import-Module -Name (Join-Path -Path $path -ChildPath 'Bin\ADSync\ADSync.psd1')
                    $megabytes = [long](Get-ADSyncDatabaseConfiguration).UsedSpaceInMb
                    if ($megabytes -ge [long]$limit) { throw "guard:database because the database has grown to $megabytes MB: stopped now, the service may not start again." }
                }
            }
            'idle' {
                if ([string]$guardService.State -eq 'Running') {
                    Import-Module -Name (Join-Path -Path $guardValue -ChildPath 'Bin\ADSync\ADSync.psd1')
                    foreach ($run in @(Get-ADSyncConnectorRunStatus)) { throw "guard:idle because a synchronization has begun ($([string]$run.ConnectorName)). Wait until it has ended." }
                    $cycle = $false
                    # It signs in to the cloud and can fail exactly now; that no connector is busy is known all the same.
                    try { $cycle = [bool](Get-ADSyncScheduler).SyncCycleInProgress } catch { $cycle = $false }
                    if ($cycle) { throw 'guard:idle because a synchronization cycle has begun. Wait until it has ended.' }
                }
            }
            'password-mode' {
                Import-Module -Name (Join-Path -Path $guardValue -ChildPath 'Bin\ADSync\ADSync.psd1')
                if (@(Get-Command -Name 'Get-ADSyncEntraConnectorCredential' -ErrorAction SilentlyContinue).Count -gt 0) {
                    $mode = [string](Get-ADSyncEntraConnectorCredential).ConnectorIdentityType
                    if ($mode -ne 'ServiceAccount') { throw "guard:password-mode because this server signs in as '$mode', not with an account: the cmdlet would roll it back to password sign-in." }
                }
            }
            'database-process' {
                # LocalDB goes some minutes after the service, and another user may not be able to bring it back. Another program's
                # instance, or one of the same name that another account made for itself, is not the sync engine's database.
                $parameters = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters'
                if ([string]$parameters.Server -notlike '(localdb)*') { throw "guard:database-process because the database is on '$([string]$parameters.Server)' now, where no process of this server tells whether it can be reached." }
                $instance = ([string]$parameters.SQLInstance).Split('\')[-1]
                $shared = ''
                $record = "HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server Local DB\Shared Instances\$instance"
                if (Test-Path -LiteralPath $record) { $shared = [string](Get-ItemProperty -LiteralPath $record).OwnerSID }
                $own = 0
                $unsure = ''
                foreach ($process in @(Get-CimInstance -ClassName Win32_Process -Filter "Name='sqlservr.exe'")) {
                    if ([string]$process.CommandLine -eq '') { $unsure = 'the command line of a database process could not be read'; continue }
                    if ([string]$process.CommandLine -notlike "*\Instances\$instance\*") { continue }
                    if ($shared -ne '' -and [string](Invoke-CimMethod -InputObject $process -MethodName 'GetOwnerSid').Sid -ne $shared) { $unsure = "a process of the instance $instance belongs to another account than the shared instance"; continue }
                    $own++
                }
                if ($own -eq 0 -and $unsure -ne '') { throw "guard:database-process because it cannot be told whether the database process of ADSync runs: $unsure." }
                if ($own -eq 0) { throw "guard:database-process because the database process of ADSync (LocalDB instance $instance) does not run, so miiskmu.exe could not reach the database." }
            }
            'utility' {
                if (@(Get-Process -Name 'miiskmu' -ErrorAction SilentlyContinue).Count -gt 0) { throw 'guard:utility because miiskmu.exe runs on this server now. Wait until it has ended.' }
            }
            default { throw "guard:machine because the check '$guardName' is not known here." }
        }
    }
}
