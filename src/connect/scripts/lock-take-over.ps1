# Takes the lock away from another client's entry: the entry stays and says by whom, so that its client finds out and stops.
param(
    [string] $Id,
    [string] $By
)
$ErrorActionPreference = 'Stop'
$other = "HKLM:\SOFTWARE\EntraConnectRemediation\Lock\$Id"
$taken = $false
if (Test-Path -LiteralPath $other) {
    Set-ItemProperty -LiteralPath $other -Name 'TakenBy' -Value $By
    $taken = $true
}
[pscustomobject]@{ taken = $taken }
