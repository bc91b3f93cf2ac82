# Forgets the marker and the claim of an abandonment whose outcome is settled; the intent's time says which one was meant.
param([string] $Intent)
$ErrorActionPreference = 'Stop'
$claim = Join-Path -Path (Join-Path -Path $env:ProgramData -ChildPath 'EntraConnectRemediation') -ChildPath 'abandon.claim'
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Abandon'
$settled = $false
if (Test-Path -LiteralPath $key) {
    $marker = Get-ItemProperty -LiteralPath $key
    if ([string]$marker.Intent -notin $Intent, '') { throw 'The marker on this server belongs to another abandonment. It was left alone.' }
    # With the marker goes what tells that the run has abandoned the key, unless its record does.
    $record = "HKLM:\SOFTWARE\EntraConnectRemediation\Runs\$([string]$marker.Run)"
    if ([string]$marker.ExitCode -eq '0' -and [string]$marker.Run -ne '' -and (Test-Path -LiteralPath $record)) { Set-ItemProperty -LiteralPath $record -Name 'Abandoned' -Value $(if ([string]$marker.Finished -ne '') { [string]$marker.Finished } else { [string]$marker.Intent }) }
    $settled = $true
}
if (Test-Path -LiteralPath $claim) {
    $null, $claimed, $null = [string](Get-Content -LiteralPath $claim) -split '\|'
    if ([string]$claimed -ne $Intent) { throw 'The claim on this server belongs to another abandonment. It was left alone.' }
    # Moved, not removed: a second client that settles the same one late finds its name taken, and cannot move a newer claim away.
    Move-Item -LiteralPath $claim -Destination "$claim-$($Intent -replace '[^0-9TZ]', '')"
    $settled = $true
}
# The marker goes last: until then nobody begins anew.
if (Test-Path -LiteralPath $key) { Remove-Item -LiteralPath $key -Recurse }
[pscustomobject]@{ settled = $settled }
