# Writes a known password into an AD connector's object and stores the object: the pattern that the product itself uses, which
# Microsoft neither documents nor supports. Only a person who chose this way gets here.
param(
    [string] $InstallationPath,
    [string] $Connector,
    [System.Security.SecureString] $Password,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$takes = $false
foreach ($command in @(Get-Command -Name 'Add-ADSyncConnector' -ErrorAction SilentlyContinue)) { $takes = $command.Parameters.ContainsKey('Connector') }
if (-not $takes) { throw 'On this build Add-ADSyncConnector does not take a connector. Nothing was changed: enter the password in Synchronization Service Manager.' }
$found = $null
foreach ($candidate in @(Get-ADSyncConnector)) { if ([string]$candidate.Name -eq $Connector) { $found = $candidate } }
if ($null -eq $found -or [string]$found.ConnectorTypeName -ne 'AD') { throw "There is no AD connector '$Connector' on this server. Nothing was changed: diagnose the server again, its connectors are not those of before." }
# A keyed collection: a name that it does not have throws.
try { $parameter = $found.ConnectivityParameters['password'] } catch { $parameter = $null }
if ($null -eq $parameter) { throw "The connector '$Connector' has no password among its connectivity parameters. Nothing was changed: enter the password in Synchronization Service Manager." }
$pointer = [IntPtr]::Zero
try {
    # The plain text exists only as this property's value: values bound to a parameter of their own end up in policy logs.
    $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Password)
    $parameter.Value = [System.Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer)
    $null = Add-ADSyncConnector -Connector $found
} finally {
    $parameter.Value = ''
    if ($pointer -ne [IntPtr]::Zero) { [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
}
[pscustomobject]@{ stored = $true }
