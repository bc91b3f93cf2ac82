# Removes this client's own lock entry.
param([string] $Id)
$ErrorActionPreference = 'Stop'
$mine = "HKLM:\SOFTWARE\EntraConnectRemediation\Lock\$Id"
if (Test-Path -LiteralPath $mine) { Remove-Item -LiteralPath $mine -Recurse }
[pscustomobject]@{ released = $true }
