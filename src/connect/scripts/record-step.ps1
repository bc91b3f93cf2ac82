# Keeps facts of a run on the server, so that another machine can tell how far it came.
param(
    [string] $Run,
    [string] $Entry,
    [string[]] $Name,
    [string[]] $Value,
    [bool] $Work
)
$ErrorActionPreference = 'Stop'
$mine = "HKLM:\SOFTWARE\EntraConnectRemediation\Runs\$Run"
if (-not (Test-Path -LiteralPath $mine)) { throw 'The record of this run on the server is gone.' }
# A client that lost the lock without knowing yet, as one whose machine slept, has nothing to say about the run any more.
if ([string](Get-ItemProperty -LiteralPath $mine).Entry -ne $Entry) { throw 'Another client goes on with this run; its record is theirs now.' }
$lock = 'HKLM:\SOFTWARE\EntraConnectRemediation\Lock'
if ((Test-Path -LiteralPath $lock) -and [string](Get-ItemProperty -LiteralPath $lock).LastHeld -notin '', $Entry) { throw 'Another client has held the lock of this server since; what this one knows of the run is not true any more.' }
for ($i = 0; $i -lt $Name.Count; $i++) { Set-ItemProperty -LiteralPath $mine -Name $Name[$i] -Value $Value[$i] }
if ($Work) { Set-ItemProperty -LiteralPath $mine -Name 'Updated' -Value ((Get-Date).ToUniversalTime().ToString('o')) }
[pscustomobject]@{ recorded = $true }
