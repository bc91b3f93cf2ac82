# Signs in to the tenant as the given administrator, sets the Entra Connector account's password anew and stores it in the sync engine.
param(
    [string] $InstallationPath,
    [string] $UserName,
    [System.Security.SecureString] $Password,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$mode = 'ServiceAccount'
if (@(Get-Command -Name 'Get-ADSyncEntraConnectorCredential' -ErrorAction SilentlyContinue).Count -gt 0) {
    $mode = [string](Get-ADSyncEntraConnectorCredential).ConnectorIdentityType
}
if ($mode -eq 'Application') {
    throw 'This server signs in as an application. The cmdlet would roll it back to password sign-in, so it was not called.'
}
$credential = [System.Management.Automation.PSCredential]::new($UserName, $Password)
$null = Add-ADSyncAADServiceAccount -AADCredential $credential
[pscustomobject]@{ reinitialized = $true }
