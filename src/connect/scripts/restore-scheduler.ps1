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
function Get-Enabled {
    foreach ($parameter in @((Get-ADSyncGlobalSettings).Parameters)) {
        if ([string]$parameter.Name -eq 'Microsoft.Synchronize.SynchronizationSchedule') { return ([string]$parameter.Value -eq 'True') }
    }
    return [bool](Get-ADSyncScheduler).SyncCycleEnabled
}
# A run only ever turns it off: where it is on now, somebody turned it on since, and it stays on.
$wanted = ($before -eq 'True' -or (Get-Enabled))
Set-ADSyncScheduler -SyncCycleEnabled $wanted
$enabled = Get-Enabled
$restored = ($enabled -eq $wanted)
if ($restored) { Remove-ItemProperty -LiteralPath $key -Name 'SchedulerBefore' }
[pscustomobject]@{ before = $before; enabled = $enabled; restored = $restored }
