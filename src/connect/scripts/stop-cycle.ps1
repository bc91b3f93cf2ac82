# Ends the synchronization cycle that runs now, after its current step; stopping a cycle is harmless.
param([string] $InstallationPath)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$null = Stop-ADSyncSyncCycle
[pscustomobject]@{ stopped = $true }
