# Whether password hash synchronization is on for a connector.
param(
    [string] $InstallationPath,
    [string] $Connector
)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$configuration = Get-ADSyncAADPasswordSyncConfiguration -SourceConnector $Connector
[pscustomobject]@{ enabled = [bool]$configuration.Enabled }
