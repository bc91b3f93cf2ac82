# Forgets the marker of an abandonment whose outcome is settled; the intent's time says which one was meant.
param([string] $Intent)
$ErrorActionPreference = 'Stop'
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Abandon'
$settled = $false
if (Test-Path -LiteralPath $key) {
    if ([string](Get-ItemProperty -LiteralPath $key).Intent -ne $Intent) { throw 'The marker on this server belongs to another abandonment. It was left alone.' }
    Remove-Item -LiteralPath $key -Recurse
    $settled = $true
}
[pscustomobject]@{ settled = $settled }
