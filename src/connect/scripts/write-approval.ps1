# Remembers that a person approved one plan for this server; the token itself stays with that person, here is only its proof.
param(
    [string] $Id,
    [string] $Proof,
    [string] $Plan,
    [string] $Digest,
    [string] $MachineId,
    [string] $ComputerName,
    [string] $Expires,
    [string] $Who
)
$ErrorActionPreference = 'Stop'
if ($Id -notmatch '^[0-9a-f]{32}$') { throw 'The approval has no valid name.' }
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation'
foreach ($path in $key, "$key\Approvals") {
    if (-not (Test-Path -LiteralPath $path)) {
        try { $null = New-Item -Path $path } catch { if (-not (Test-Path -LiteralPath $path)) { throw } }
    }
}
# Approvals that ended a month ago say nothing any more. Times of one form compare as text.
$old = (Get-Date).ToUniversalTime().AddMinutes(-43200).ToString('o')
foreach ($child in @(Get-ChildItem -LiteralPath "$key\Approvals")) {
    $each = "$key\Approvals\$($child.PSChildName)"
    if ([string](Get-ItemProperty -LiteralPath $each).Expires -lt $old) { Remove-Item -LiteralPath $each -Recurse }
}
$mine = "$key\Approvals\$Id"
if (Test-Path -LiteralPath $mine) { throw 'An approval of this name is there already. It was left alone.' }
$null = New-Item -Path $mine
$values = @{ Proof = $Proof; Plan = $Plan; Digest = $Digest; MachineId = $MachineId; ComputerName = $ComputerName; Expires = $Expires; Who = $Who; UsedBy = '' }
foreach ($name in @($values.Keys)) { Set-ItemProperty -LiteralPath $mine -Name $name -Value ([string]$values[$name]) }
[pscustomobject]@{ written = ([string](Get-ItemProperty -LiteralPath $mine).Proof -eq $Proof) }
