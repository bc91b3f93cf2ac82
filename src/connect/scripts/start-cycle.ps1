# Starts one cycle, a delta one or (Initial) a full one. It runs asynchronously; its results are read afterwards.
param(
    [string] $InstallationPath,
    [string] $PolicyType,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$answer = Start-ADSyncSyncCycle -PolicyType $PolicyType
[pscustomobject]@{ result = [string]$answer.Result; clock = (Get-Date).ToUniversalTime().ToString('o') }
