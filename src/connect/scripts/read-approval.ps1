# One approval as this server remembers it, with the server's clock.
param([string] $Id)
$ErrorActionPreference = 'Stop'
if ($Id -notmatch '^[0-9a-f]{32}$') { throw 'The approval has no valid name.' }
$mine = "HKLM:\SOFTWARE\EntraConnectRemediation\Approvals\$Id"
$now = (Get-Date).ToUniversalTime().ToString('o')
if (-not (Test-Path -LiteralPath $mine)) {
    [pscustomobject]@{ present = $false; clock = $now }
    return
}
$values = Get-ItemProperty -LiteralPath $mine
[pscustomobject]@{
    present = $true
    clock = $now
    proof = [string]$values.Proof
    plan = [string]$values.Plan
    digest = [string]$values.Digest
    machineId = [string]$values.MachineId
    computerName = [string]$values.ComputerName
    expires = [string]$values.Expires
    who = [string]$values.Who
    usedBy = [string]$values.UsedBy
}
