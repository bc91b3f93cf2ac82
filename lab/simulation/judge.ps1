# Says whether a simulated server is healthy, from its state alone.
param([string]$Directory)
foreach ($part in 'state', 'secrets', 'events', 'texts', 'accounts', 'service', 'key', 'runs') { . ([IO.Path]::Combine($PSScriptRoot, 'parts', "$part.ps1")) }
$script:Server = [IO.Path]::GetFullPath($Directory)
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
foreach ($connector in $s.connectors) { if (-not (Test-LabStored $s $connector)) { $reasons.Add("The stored secret of connector '$($connector.name)' is not valid.") } }
if ([bool]$s.scheduler.enabled -ne [bool]$s.scheduler.before) { $reasons.Add("The scheduler is $(if ($s.scheduler.enabled) { 'on' } else { 'off' }); it was $(if ($s.scheduler.before) { 'on' } else { 'off' }).") }
if ([bool]$s.scheduler.suspended -ne [bool]$s.scheduler.suspendedBefore) { $reasons.Add('The scheduler''s suspension is not as it was.') }
if ($s.counters.rolledBack) { $reasons.Add('Application authentication was rolled back to a password.') }
if ($s.counters.abandonStarted -gt $s.counters.abandoned) { $reasons.Add('An abandonment of the key was begun and never ended.') }
ConvertTo-Json -Compress @{ healthy = ($reasons.Count -eq 0); reasons = $reasons.ToArray(); abandoned = [int]$s.counters.abandoned; abandonStarted = [int]$s.counters.abandonStarted; secretsDropped = [int]$s.counters.secretsDropped; starts = [int]$s.counters.starts; failedLogons = [int]$s.counters.failedLogons }
exit 0
