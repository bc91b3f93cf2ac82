# Registers a run on the server, so that every machine can tell what was begun here and how far it came. Only the newest are kept.
param(
    [string] $Run,
    [string[]] $Name,
    [string[]] $Value,
    [int] $Keep,
    [bool] $Work,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
foreach ($key in $root, "$root\Runs", "$root\Runs\$Run") {
    if (-not (Test-Path -LiteralPath $key)) {
        try { $null = New-Item -Path $key } catch { if (-not (Test-Path -LiteralPath $key)) { throw } }
    }
}
$mine = "$root\Runs\$Run"
$now = (Get-Date).ToUniversalTime().ToString('o')
if ([string](Get-ItemProperty -LiteralPath $mine).Started -eq '') { Set-ItemProperty -LiteralPath $mine -Name 'Started' -Value $now }
for ($i = 0; $i -lt $Name.Count; $i++) { Set-ItemProperty -LiteralPath $mine -Name $Name[$i] -Value $Value[$i] }
# Whoever only looks whether to go on with it has not been at work.
if ($Work) { Set-ItemProperty -LiteralPath $mine -Name 'Updated' -Value $now }
$all = @(foreach ($key in @(Get-ChildItem -LiteralPath "$root\Runs")) {
    $other = Get-ItemProperty -LiteralPath "$root\Runs\$($key.PSChildName)"
    [pscustomobject]@{ Id = [string]$key.PSChildName; Started = [string]$other.Started; Updated = [string]$other.Updated; Done = ([string]$other.State -eq 'done'); Plan = [string]$other.Plan }
})
# A plan that came to its end settles every earlier run; only what was begun after it somebody may still have to go on with.
$settled = ''
foreach ($other in $all) { if ($other.Done -and $other.Plan -ne '' -and $other.Updated -gt $settled) { $settled = $other.Updated } }
[string[]] $known = @()
foreach ($other in $all) { $known += "$([int](-not $other.Done -and $other.Updated -gt $settled)) $($other.Updated) $($other.Id)" }
$known = @($known | Sort-Object)
for ($i = 0; $i -lt ($known.Count - $Keep); $i++) {
    $old = ($known[$i] -split ' ', 3)[2]
    # Another client may be removing the same one.
    if ($old -ne $Run) { try { Remove-Item -LiteralPath "$root\Runs\$old" -Recurse } catch { if (Test-Path -LiteralPath "$root\Runs\$old") { throw } } }
}
[pscustomobject]@{ recorded = $true; now = $now }
