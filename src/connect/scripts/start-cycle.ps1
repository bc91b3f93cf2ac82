# Starts one delta cycle. It runs asynchronously; its results are read afterwards.
param(
    [string] $InstallationPath,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$answer = Start-ADSyncSyncCycle -PolicyType Delta
[pscustomobject]@{ result = [string]$answer.Result; clock = (Get-Date).ToUniversalTime().ToString('o') }
