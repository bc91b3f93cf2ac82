# Synchronization runs: started, they end by the clock; their results and events depend on the stored secrets.

function Start-LabRun($State, [string]$Policy) {
    $State.scheduler.runUntil = ConvertTo-LabTime ((Get-LabNow).AddSeconds((Get-LabDelay $State 'run' 0.5)))
    $State.scheduler.runPolicy = $Policy
}

# Settles a run that ended: one result a connector and profile, 6000 where the secret could not be used.
function Complete-LabRun($State, [DateTime]$At) {
    $number = [int]$State.runNumber
    $results = New-Object System.Collections.Generic.List[object]
    $import = if ($State.scheduler.runPolicy -eq 'Initial') { 'Full Import' } else { 'Delta Import' }
    $sync = if ($State.scheduler.runPolicy -eq 'Initial') { 'Full Synchronization' } else { 'Delta Synchronization' }
    $profiles = @($import, $sync)
    if (-not $State.scheduler.staging) { $profiles += 'Export' }
    foreach ($runProfile in $profiles) {
        foreach ($connector in $State.connectors) {
            $number++
            $usable = (Test-LabSecret $State $connector $connector.cached) -or $runProfile -eq $sync
            if (-not $usable) {
                Add-LabEvent $State 'ADSync' 6000 @($connector.name, $runProfile) -At $At
                if ($connector.type -ne 'AD') { Add-LabEvent $State 'ADSync' 6801 @('AADSTS50126: Error validating credentials due to invalid username or password.') -At $At }
                if (-not $connector.stored) { Add-LabEvent $State 'ADSync' 6602 @($connector.name, 'password') -At $At }
                elseif ($connector.stored.set -ne $State.key.set) { Add-LabEvent $State 'ADSync' 6601 @($connector.name) -At $At }
            }
            $results.Add(@{ number = $number; connector = $connector.name; profile = $runProfile; result = $(if ($usable) { 'success' } else { 'no-start-credentials' }); end = (ConvertTo-LabTime $At) })
        }
    }
    Add-LabEvent $State 'Directory Synchronization' 904 @('Scheduler::SchedulerThreadMain : Completed configured scheduler operations.') -At $At
    $State.runNumber = $number
    $plain = ConvertFrom-Json (ConvertTo-Json -Compress -Depth 4 $results.ToArray())
    $State.runs = @(@($plain) + @($State.runs) | Select-Object -First 60)
}
