# Exports the configuration of the sync engine (connectors, rules, global settings; no secrets) into this run's folder.
param(
    [string] $Folder,
    [string] $InstallationPath,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$target = Join-Path -Path $Folder -ChildPath 'configuration'
if (-not (Test-Path -LiteralPath $target)) { $null = New-Item -Path $target -ItemType Directory }
$null = Get-ADSyncServerConfiguration -Path $target
$files = @(Get-ChildItem -LiteralPath $target -Recurse -File)
$config = Join-Path -Path $InstallationPath -ChildPath 'Bin\miiserver.exe.config'
$copied = $false
if (Test-Path -LiteralPath $config) {
    Copy-Item -LiteralPath $config -Destination $Folder
    $copied = $true
}
[pscustomobject]@{ path = [string]$target; files = $files.Count; serviceConfigCopied = $copied }
