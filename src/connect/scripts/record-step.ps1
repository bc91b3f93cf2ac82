# Keeps one fact of a run on the server, so that another machine can tell how far it came.
param(
    [string] $Run,
    [string] $Name,
    [string] $Value
)
$ErrorActionPreference = 'Stop'
$root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
foreach ($key in $root, "$root\Runs", "$root\Runs\$Run") {
    if (-not (Test-Path -LiteralPath $key)) {
        try { $null = New-Item -Path $key } catch { if (-not (Test-Path -LiteralPath $key)) { throw } }
    }
}
Set-ItemProperty -LiteralPath "$root\Runs\$Run" -Name $Name -Value $Value
[pscustomobject]@{ recorded = $true }
