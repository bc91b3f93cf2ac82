# What is on record about abandoning the key, and whether it still runs: marker, task, process, and the events that contradict or confirm.
param()
$ErrorActionPreference = 'Stop'
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Abandon'
$system = Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime
$boot = ([datetime]$system.LastBootUpTime).ToUniversalTime().ToString('o')
if (-not (Test-Path -LiteralPath $key)) {
    [pscustomobject]@{ present = $false; clock = (Get-Date).ToUniversalTime().ToString('o'); serverBootTime = $boot }
    return
}
$marker = Get-ItemProperty -LiteralPath $key
$taskState = ''
$taskResult = ''
if ([string]$marker.Task -ne '') {
    foreach ($task in @(Get-ScheduledTask -TaskName ([string]$marker.Task) -ErrorAction SilentlyContinue)) {
        $taskState = [string]$task.State
        try { $taskResult = [string](Get-ScheduledTaskInfo -TaskName ([string]$marker.Task)).LastTaskResult } catch { $taskResult = '' }
    }
}
$alive = $false
if ([string]$marker.ProcessId -match '^\d+$') { $alive = (@(Get-Process -Id ([int]$marker.ProcessId) -ErrorAction SilentlyContinue).Count -gt 0) }
# Whoever started it, miiskmu is not to be disturbed.
$utility = (@(Get-Process -Name 'miiskmu' -ErrorAction SilentlyContinue).Count -gt 0)
[pscustomobject]@{
    present = $true
    run = [string]$marker.Run
    intent = [string]$marker.Intent
    phase = [string]$marker.Phase
    refusal = [string]$marker.Refusal
    exitCode = [string]$marker.ExitCode
    abandoning = [string]$marker.Abandoning
    finished = [string]$marker.Finished
    output = [string]$marker.Output
    folder = [string]$marker.Folder
    applicationRecord = [string]$marker.ApplicationRecord
    bootTime = [string]$marker.BootTime
    task = [string]$marker.Task
    taskState = $taskState
    taskResult = $taskResult
    processAlive = ($alive -or $utility)
    clock = (Get-Date).ToUniversalTime().ToString('o')
    serverBootTime = $boot
}
