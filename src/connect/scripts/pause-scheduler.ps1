# Remembers on the server how the scheduler was before the first of the runs that paused it, and turns scheduled cycles off.
param(
    [string] $InstallationPath,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$enabled = $null
foreach ($parameter in @((Get-ADSyncGlobalSettings).Parameters)) {
    if ([string]$parameter.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule') { $enabled = ([string]$parameter.Value -eq 'True') }
}
if ($null -eq $enabled) { $enabled = [bool](Get-ADSyncScheduler).SyncCycleEnabled }
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation'
if (-not (Test-Path -LiteralPath $key)) {
    try { $null = New-Item -Path $key } catch { if (-not (Test-Path -LiteralPath $key)) { throw } }
}
$before = [string](Get-ItemProperty -LiteralPath $key).SchedulerBefore
if ($before -eq '' -or $enabled) {
    # Written before the change: a run that dies in between must not leave "off" to be taken for the original.
    # Where it is on, it is on whatever an earlier run remembered: somebody turned it on since.
    Set-ItemProperty -LiteralPath $key -Name 'SchedulerBefore' -Value ([string]$enabled)
    $before = [string]$enabled
}
Set-ADSyncScheduler -SyncCycleEnabled $false
[pscustomobject]@{ before = $before }
