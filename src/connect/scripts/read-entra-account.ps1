# The Entra Connector account, how it signs in, and which parameters this build's cmdlet takes.
param([string] $InstallationPath)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$userName = ''
foreach ($connector in @(Get-ADSyncConnector)) {
    if ([string]$connector.Identifier -eq 'b891884f-051e-4a83-95af-2544101c9083') {
        # A keyed collection: a name that it does not have throws.
        try { $userName = [string]$connector.ConnectivityParameters['UserName'].Value } catch { $userName = '' }
    }
}
$mode = 'ServiceAccount'
if (@(Get-Command -Name 'Get-ADSyncEntraConnectorCredential' -ErrorAction SilentlyContinue).Count -gt 0) {
    $mode = [string](Get-ADSyncEntraConnectorCredential).ConnectorIdentityType
}
$takesCredential = $false
$present = $false
foreach ($command in @(Get-Command -Name 'Add-ADSyncAADServiceAccount' -ErrorAction SilentlyContinue)) {
    $present = $true
    $takesCredential = $command.Parameters.ContainsKey('AADCredential')
}
[pscustomobject]@{ userName = $userName; mode = $mode; present = $present; takesCredential = $takesCredential }
