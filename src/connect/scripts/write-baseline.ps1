# Remembers on a healthy server which account ADSync runs as: the proof of the original account the next time something breaks.
param(
    [string] $StartName,
    [string] $MachineId,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ([string]$service.StartName -ne $StartName -or [string]$service.State -ne 'Running') { throw 'The service is not running as expected; no baseline was written.' }
foreach ($key in $root, "$root\Baseline") {
    if (-not (Test-Path -LiteralPath $key)) {
        try { $null = New-Item -Path $key } catch { if (-not (Test-Path -LiteralPath $key)) { throw } }
    }
}
$now = (Get-Date).ToUniversalTime().ToString('o')
Set-ItemProperty -LiteralPath "$root\Baseline" -Name 'StartName' -Value $StartName
Set-ItemProperty -LiteralPath "$root\Baseline" -Name 'MachineId' -Value $MachineId
Set-ItemProperty -LiteralPath "$root\Baseline" -Name 'TakenAt' -Value $now
[pscustomobject]@{ takenAt = $now }
