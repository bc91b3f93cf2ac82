# Whether the stored password of an AD DS Connector account signs in: Test-ADSyncADDSConnectivity uses what is stored.
param(
    [string] $InstallationPath,
    [string] $Connector
)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$works = $true
$text = ''
try {
    $answer = @(Test-ADSyncADDSConnectivity -ConnectorName $Connector -ErrorVariable problems -ErrorAction SilentlyContinue)
    $text = (@($answer | ForEach-Object { [string]$_ }) -join "`n")
    if ($problems.Count -gt 0) {
        $works = $false
        $text = [string]$problems[0]
    }
} catch {
    $works = $false
    $text = [string]$_.Exception.Message
}
if ($text.Length -gt 1000) { $text = $text.Substring(0, 1000) }
[pscustomobject]@{ works = $works; text = $text }
