# miiskmu.exe. `/a` abandons the key set: no question asked, no way back.

function Invoke-LabMiiskmu([string[]]$Words) {
    $switches = @($Words | ForEach-Object { $_.ToLowerInvariant() })
    $quiet = $switches -contains '/q'
    if (-not $switches.Count -or ($switches[0] -eq '/e' -and -not $quiet) -or @($switches | Where-Object { $_ -notmatch '^/(a|c|e|i|q|u:.*)$' -and $_ -like '/*' }).Count) {
        # The program shows a window here; in a session without a desktop that is an unhandled exception.
        return @{ Err = @('Unhandled Exception: System.InvalidOperationException: Showing a modal dialog box or form when the application is not running in UserInteractive mode is not a valid operation. Specify the ServiceNotification or DefaultDesktopOnly style to display a notification from a service application.'); Code = -532462766 }
    }
    if ($switches[0] -ne '/a') { return @{ Err = @('Exporting keys is not in the practice lab.'); Code = 1 } }
    $state = Get-LabState
    $fail = { param($text, $code) @{ Out = @(); Err = $(if ($quiet) { @() } else { @($text) }); Code = $code } }
    if ($state.variants.filteredToken) { return (& $fail 'The credentials do not have access to the ADSync database.' -2145188801) }
    if ($state.service.state -ne 'Stopped') { return (& $fail 'The operation failed because server service was started.' -2146232832) }
    if (-not (Test-LabDatabaseAlive $state) -or $state.database.state -eq 'broken') { return (& $fail 'The operation failed because there is no connection to the SQL server.' -2145188802) }
    # It signs in to SQL as whoever runs it; a remote session, and a task that keeps no password, have no second hop.
    if ($state.database.kind -eq 'remote') { return (& $fail 'The credentials do not have access to the ADSync database.' -2145188801) }
    $begun = Update-LabState { param($s)
        if ($s.service.state -ne 'Stopped') { return $false }
        $s.counters.abandonStarted = [int]$s.counters.abandonStarted + 1
        if (Test-LabKeyReadable $s) { $s.counters.abandonedNeedlessly = [int]$s.counters.abandonedNeedlessly + 1 }
        Add-LabEvent $s 'MIISKMU' 1 @('The key set is being abandoned. All encrypted data and pending passwords are removed.')
        $s.processes = @(@($s.processes | Where-Object { $_ }) + [pscustomobject]@{ id = (Get-LabProcessId); name = 'miiskmu.exe'; path = "$($s.installPath)Bin\miiskmu.exe"; commandLine = 'miiskmu.exe /a'; startedAt = (ConvertTo-LabTime (Get-LabNow)); osId = $PID })
        # First half: some connectors are cleared, the key set is still there.
        $s.key.state = if ($s.key.state -in 'present', 'unreadable', 'lost') { $s.key.state } else { 'none' }
        foreach ($connector in @($s.connectors | Select-Object -First ([Math]::Ceiling(@($s.connectors).Count / 2)))) { Clear-LabStored $s $connector }
        $true
    }
    if (-not $begun) { return (& $fail 'The operation failed because server service was started.' -2146232832) }
    Wait-Lab (Get-LabDelay $state 'abandon' 0.5)
    if ($state.variants.abandonDies) { [Environment]::Exit(137) }
    Update-LabState { param($s)
        foreach ($connector in $s.connectors) { Clear-LabStored $s $connector }
        $s.key.state = 'none'
        $s.counters.abandoned = [int]$s.counters.abandoned + 1
        $s.processes = @($s.processes | Where-Object { $_.name -ne 'miiskmu.exe' })
    }
    # The text claims a start that only the window's way does.
    @{ Out = $(if ($quiet) { @() } else { @('The operation completed successfully.', 'The key set was abandoned. The service has been started to force the creation of a new key set. The new key set should be exported to the file .') }); Code = 0 }
}

function Clear-LabStored($State, $Connector) {
    if ($Connector.authentication -eq 'application') { return }
    if (Test-LabStored $State $Connector) { $State.counters.secretsDropped = [int]$State.counters.secretsDropped + 1 }
    $Connector.stored = $null
}
