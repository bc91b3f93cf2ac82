# Has Connect make (or reset) an account of its own in the forest with an Enterprise Admin's credentials, and switch the connector to it.
param(
    [string] $InstallationPath,
    [string] $Connector,
    [string] $UserName,
    [System.Security.SecureString] $Password,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$takes = $false
foreach ($command in @(Get-Command -Name 'Add-ADSyncADDSConnectorAccount' -ErrorAction SilentlyContinue)) { $takes = $command.Parameters.ContainsKey('EACredential') }
if (-not $takes) { throw 'On this build Add-ADSyncADDSConnectorAccount takes no credential. Nothing was changed: use the wizard on the server.' }
$credential = [System.Management.Automation.PSCredential]::new($UserName, $Password)
$null = Add-ADSyncADDSConnectorAccount -Name $Connector -EACredential $credential
$domain = ''
$user = ''
foreach ($candidate in @(Get-ADSyncConnector)) {
    if ([string]$candidate.Name -ne $Connector) { continue }
    # A keyed collection: a name that it does not have throws.
    try { $domain = [string]$candidate.ConnectivityParameters['forest-login-domain'].Value } catch { $domain = '' }
    try { $user = [string]$candidate.ConnectivityParameters['forest-login-user'].Value } catch { $user = '' }
}
[pscustomobject]@{ loginDomain = $domain; loginUser = $user }
