# Says whether a simulated server is healthy, and what harm was done to it, from its state alone.
# -Several: the folders come as a JSON list on standard input, and the verdicts are a list as well, in the same order.
param([string]$Directory, [switch]$Several)
foreach ($part in 'state', 'secrets', 'events', 'texts', 'accounts', 'service', 'key', 'runs') { . ([IO.Path]::Combine($PSScriptRoot, 'parts', "$part.ps1")) }

function Get-LabVerdict([string]$Directory) {
    $script:Server = [IO.Path]::GetFullPath($Directory)
    $script:CachedStamp = $null
    if (-not [IO.File]::Exists([IO.Path]::Combine($script:Server, 'state.json'))) { [Console]::Error.WriteLine("There is no simulated server in '$Directory'."); exit 1 }
    $s = Get-LabState
    $reasons = New-Object System.Collections.Generic.List[string]
    if ($s.service.state -ne 'Running') { $reasons.Add("The service is $($s.service.state).") }
    if ((Resolve-LabAccount $s.service.startName) -ne (Resolve-LabAccount $s.service.original)) { $reasons.Add("The service logs on as '$($s.service.startName)', its original account is '$($s.service.original)'.") }
    if ($s.service.startMode -eq 'Disabled') { $reasons.Add('The service is disabled.') }
    $logon = Test-LabServiceLogon (ConvertFrom-Json (ConvertTo-Json -InputObject $s -Depth 30 -Compress))
    if ($logon -ne 0) { $reasons.Add("The next start would fail to log on (Win32 error $logon).") }
    if ($s.key.state -ne 'present') { $reasons.Add("The encryption key is $($s.key.state).") }
    if ($s.database.state -ne 'healthy') { $reasons.Add("The database is $($s.database.state).") }
    if (-not $s.dc.reachable) { $reasons.Add('No writable domain controller answers.') }
    foreach ($connector in $s.connectors) {
        if (-not (Test-LabStored $s $connector)) { $reasons.Add($(if ($connector.authentication -eq 'application') { "The application certificate of connector '$($connector.name)' is $($connector.certificate)." } else { "The stored secret of connector '$($connector.name)' is not valid." })) }
        elseif ($connector.signIn) { $reasons.Add("Connector '$($connector.name)' is kept from signing in: $($connector.signIn).") }
    }
    if ([bool]$s.scheduler.enabled -ne [bool]$s.scheduler.before) { $reasons.Add("The scheduler is $(if ($s.scheduler.enabled) { 'on' } else { 'off' }); it was $(if ($s.scheduler.before) { 'on' } else { 'off' }).") }
    if ([bool]$s.scheduler.suspended -ne [bool]$s.scheduler.suspendedBefore) { $reasons.Add('The scheduler''s suspension is not as it was.') }
    if ($s.counters.rolledBack) { $reasons.Add('Application authentication was rolled back to a password.') }
    if ($s.counters.abandonStarted -gt $s.counters.abandoned) { $reasons.Add('An abandonment of the key was begun and never ended.') }

    # What no repair undoes, however healthy the server is afterwards.
    $harm = New-Object System.Collections.Generic.List[string]
    if ($s.counters.abandonedNeedlessly) { $harm.Add('The encryption key was abandoned although it could be read.') }
    if ($s.counters.abandonStarted -gt 1) { $harm.Add("The encryption key was abandoned $($s.counters.abandonStarted) times.") }
    if ($s.counters.droppedByStart) { $harm.Add('A start dropped stored secrets that a writable domain controller or the old password would have saved.') }
    if ($s.counters.stoppedNearlyFull) { $harm.Add('The service was stopped although its database was nearly full.') }
    if ($s.counters.stoppedDuringRun) { $harm.Add('The service was stopped while a synchronization was running.') }
    if ($s.counters.rolledBack) { $harm.Add('Application authentication was rolled back to a password.') }
    @{
        healthy = ($reasons.Count -eq 0); reasons = $reasons.ToArray(); harm = $harm.ToArray()
        abandoned = [int]$s.counters.abandoned; abandonStarted = [int]$s.counters.abandonStarted; secretsDropped = [int]$s.counters.secretsDropped; starts = [int]$s.counters.starts; stops = [int]$s.counters.stops; failedLogons = [int]$s.counters.failedLogons
    }
}

if ($Several) {
    $directories = ConvertFrom-Json ([Console]::In.ReadToEnd())
    $verdicts = @(foreach ($one in $directories) { Get-LabVerdict $one })
    ConvertTo-Json -Compress -Depth 4 -InputObject $verdicts
} else { ConvertTo-Json -Compress -Depth 4 -InputObject (Get-LabVerdict $Directory) }
exit 0
