# Whether cycles are scheduled, whether one runs now, and what the value was before a run paused it.
# Get-ADSyncScheduler signs in to the cloud and can fail exactly when it is needed: the global settings are the local answer.
param([string] $InstallationPath)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$enabled = $null
foreach ($parameter in @((Get-ADSyncGlobalSettings).Parameters)) {
    if ([string]$parameter.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule') { $enabled = ([string]$parameter.Value -eq 'True') }
}
$inProgress = $false
$cloud = $false
try {
    $scheduler = Get-ADSyncScheduler
    $enabled = [bool]$scheduler.SyncCycleEnabled
    $inProgress = [bool]$scheduler.SyncCycleInProgress
    $cloud = $true
} catch {
    Write-Warning -Message "Get-ADSyncScheduler did not answer, so the local setting was read instead: $($_.Exception.Message)"
}
$busy = @(Get-ADSyncConnectorRunStatus)
$before = ''
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation'
if (Test-Path -LiteralPath $key) { $before = [string](Get-ItemProperty -LiteralPath $key).SchedulerBefore }
[pscustomobject]@{
    enabled = $enabled
    running = ($inProgress -or $busy.Count -gt 0)
    busy = (@($busy | ForEach-Object { [string]$_.ConnectorName }) -join ', ')
    before = $before
    cloud = $cloud
}
