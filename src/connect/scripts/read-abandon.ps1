# What is on record about abandoning the key, and whether it still runs: claim, marker, task and process.
param()
$ErrorActionPreference = 'Stop'
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Abandon'
$system = Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime
$boot = ([datetime]$system.LastBootUpTime).ToUniversalTime().ToString('o')
$claim = Join-Path -Path (Join-Path -Path $env:ProgramData -ChildPath 'EntraConnectRemediation') -ChildPath 'abandon.claim'
$claimed = Test-Path -LiteralPath $claim
$marked = Test-Path -LiteralPath $key
if (-not $claimed -and -not $marked) {
    [pscustomobject]@{ present = $false; clock = (Get-Date).ToUniversalTime().ToString('o'); serverBootTime = $boot }
    return
}
$marker = if ($marked) { Get-ItemProperty -LiteralPath $key } else { $null }
$run = [string]$marker.Run
$intent = [string]$marker.Intent
$record = [string]$marker.ApplicationRecord
$phase = [string]$marker.Phase
$name = [string]$marker.Task
if ($intent -eq '') {
    # Cut in two between the claim and the marker: the claim alone tells whose it is.
    $phase = 'claimed'
    # Its client may be writing it at this moment.
    try { $run, $intent, $record = [string](Get-Content -LiteralPath $claim) -split '\|' } catch { $intent = '' }
    if ([string]$run -ne '') { $name = "EntraConnectRemediation-$run" }
}
$taskState = ''
$taskResult = ''
if ($name -ne '') {
    foreach ($task in @(Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue)) {
        $taskState = [string]$task.State
        try { $taskResult = [string](Get-ScheduledTaskInfo -TaskName $name).LastTaskResult } catch { $taskResult = '' }
    }
}
$alive = $false
if ([string]$marker.ProcessId -match '^\d+$') { $alive = (@(Get-Process -Id ([int]$marker.ProcessId) -ErrorAction SilentlyContinue).Count -gt 0) }
# Whoever started it, miiskmu is not to be disturbed.
$utility = (@(Get-Process -Name 'miiskmu' -ErrorAction SilentlyContinue).Count -gt 0)
[pscustomobject]@{
    present = $true
    run = [string]$run
    intent = [string]$intent
    phase = $phase
    refusal = [string]$marker.Refusal
    exitCode = [string]$marker.ExitCode
    abandoning = [string]$marker.Abandoning
    finished = [string]$marker.Finished
    output = [string]$marker.Output
    folder = [string]$marker.Folder
    applicationRecord = [string]$record
    bootTime = [string]$marker.BootTime
    task = $name
    taskState = $taskState
    taskResult = $taskResult
    processAlive = $alive
    utilityAlive = $utility
    clock = (Get-Date).ToUniversalTime().ToString('o')
    serverBootTime = $boot
}
