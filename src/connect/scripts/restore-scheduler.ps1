# Puts the scheduler back as it was before the first run paused it, reads it back, and only then forgets the remembered value.
param(
    [string] $InstallationPath,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation'
$before = ''
if (Test-Path -LiteralPath $key) { $before = [string](Get-ItemProperty -LiteralPath $key).SchedulerBefore }
if ($before -eq '') {
    [pscustomobject]@{ before = ''; enabled = $null; restored = $false }
    return
}
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$wanted = ($before -eq 'True')
Set-ADSyncScheduler -SyncCycleEnabled $wanted
$enabled = $null
foreach ($parameter in @((Get-ADSyncGlobalSettings).Parameters)) {
    if ([string]$parameter.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule') { $enabled = ([string]$parameter.Value -eq 'True') }
}
if ($null -eq $enabled) { $enabled = [bool](Get-ADSyncScheduler).SyncCycleEnabled }
$restored = ($enabled -eq $wanted)
if ($restored) { Remove-ItemProperty -LiteralPath $key -Name 'SchedulerBefore' }
[pscustomobject]@{ before = $before; enabled = $enabled; restored = $restored }
