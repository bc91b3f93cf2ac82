# The newest run of every connector and whether anything runs now.
param([string] $InstallationPath)
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $InstallationPath -ChildPath 'Bin\ADSync\ADSync.psd1')
$busy = @(Get-ADSyncConnectorRunStatus)
[pscustomobject]@{ kind = 'state'; connector = ''; profile = ''; result = ''; start = ''; complete = $false; busy = $busy.Count; history = '' }
foreach ($run in @(Get-ADSyncRunProfileResult -NumberRequested 50)) {
    $start = ''
    if ($null -ne $run.StartDate) {
        $time = [datetime]$run.StartDate
        # The sync engine keeps the times of runs in UTC, and what it hands out does not say so.
        $start = if ([string]$time.Kind -eq 'Unspecified') { "$($time.ToString('o'))Z" } else { $time.ToUniversalTime().ToString('o') }
    }
    [pscustomobject]@{
        kind = 'run'
        connector = [string]$run.ConnectorName
        profile = [string]$run.RunProfileName
        result = [string]$run.Result
        start = $start
        complete = [bool]$run.IsRunComplete
        busy = 0
        history = [string]$run.RunHistoryId
    }
}
