# Uses an approval up for one run, which holds this server's lock. A second run finds it used, whoever asks.
param(
    [string] $Id,
    [string] $Run
)
$ErrorActionPreference = 'Stop'
if ($Id -notmatch '^[0-9a-f]{32}$') { throw 'The approval has no valid name.' }
$mine = "HKLM:\SOFTWARE\EntraConnectRemediation\Approvals\$Id"
$usedBy = ''
if (Test-Path -LiteralPath $mine) {
    $usedBy = [string](Get-ItemProperty -LiteralPath $mine).UsedBy
    if ($usedBy -eq '') {
        Set-ItemProperty -LiteralPath $mine -Name 'UsedBy' -Value $Run
        $usedBy = [string](Get-ItemProperty -LiteralPath $mine).UsedBy
    }
}
[pscustomobject]@{ usedBy = $usedBy }
