# Removes the scheduled task that ran the action, once it is over. The marker stays.
param([string] $Task)
$ErrorActionPreference = 'Stop'
if ($Task -notlike 'EntraConnectRemediation-*') { throw "'$Task' is not a task of this product." }
$removed = $false
foreach ($found in @(Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue)) {
    if ([string]$found.State -eq 'Running') { throw "The task $Task is still running." }
    Unregister-ScheduledTask -TaskName $Task -Confirm:$false
    $removed = $true
}
[pscustomobject]@{ removed = $removed }
