# Keeps facts of a run on the server, so that another machine can tell how far it came.
param(
    [string] $Run,
    [string] $Entry,
    [string[]] $Name,
    [string[]] $Value
)
$ErrorActionPreference = 'Stop'
$mine = "HKLM:\SOFTWARE\EntraConnectRemediation\Runs\$Run"
if (-not (Test-Path -LiteralPath $mine)) { throw 'The record of this run on the server is gone.' }
# A client that lost the lock without knowing yet, as one whose machine slept, has nothing to say about the run any more.
if ([string](Get-ItemProperty -LiteralPath $mine).Entry -ne $Entry) { throw 'Another client goes on with this run; its record is theirs now.' }
for ($i = 0; $i -lt $Name.Count; $i++) { Set-ItemProperty -LiteralPath $mine -Name $Name[$i] -Value $Value[$i] }
Set-ItemProperty -LiteralPath $mine -Name 'Updated' -Value ((Get-Date).ToUniversalTime().ToString('o'))
[pscustomobject]@{ recorded = $true }
