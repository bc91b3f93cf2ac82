# The simulated Connect server: every command that reaches Windows, over one persistent state (state.json).
# Its rules are those of Windows and of the sync engine; nothing here knows who calls.
Set-StrictMode -Off
$script:Server = $env:ENTRA_LAB_SERVER
foreach ($part in 'state', 'secrets', 'events', 'texts', 'accounts', 'service', 'key', 'runs', 'engine') {
    . ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'parts', "$part.ps1"))))
}
foreach ($part in 'paths', 'items', 'registry', 'content', 'acl', 'cim', 'services', 'processes', 'winevent', 'xpath', 'tasks', 'modules', 'natives', 'miiskmu', 'sqlcmd', 'misc') {
    . ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'commands', "$part.ps1"))))
}

# A process that a task or another session started shows in the process list under its own id.
if ([IO.File]::Exists([IO.Path]::Combine($script:Server, 'state.json'))) {
    Update-LabState { param($s)
        $s.processes = @(@($s.processes | Where-Object { $_ -and (-not $_.osId -or (Test-LabAlive $_.osId)) }) + [pscustomobject]@{ id = $PID; name = 'powershell.exe'; path = 'C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe'; commandLine = 'powershell.exe'; startedAt = (ConvertTo-LabTime (Get-LabNow)); osId = $PID })
    }
}

Export-ModuleMember -Function @(
    'Get-Item', 'Get-ChildItem', 'Test-Path', 'New-Item', 'Remove-Item', 'Copy-Item', 'Move-Item', 'Resolve-Path', 'Get-Location', 'Set-Location',
    'Get-ItemProperty', 'Get-ItemPropertyValue', 'Set-ItemProperty', 'New-ItemProperty', 'Remove-ItemProperty', 'Get-Content', 'Set-Content', 'Add-Content', 'Out-File',
    'Get-Acl', 'Set-Acl', 'Get-CimInstance', 'Invoke-CimMethod', 'Get-Service', 'Start-Service', 'Stop-Service', 'Restart-Service', 'Set-Service',
    'Get-Process', 'Stop-Process', 'Start-Process', 'Get-WinEvent', 'Write-EventLog',
    'New-ScheduledTaskAction', 'New-ScheduledTaskPrincipal', 'New-ScheduledTaskSettingsSet', 'New-ScheduledTaskTrigger', 'Register-ScheduledTask', 'Get-ScheduledTask', 'Get-ScheduledTaskInfo', 'Start-ScheduledTask', 'Stop-ScheduledTask', 'Unregister-ScheduledTask',
    'Import-Module', 'Get-ExecutionPolicy', 'Get-ComputerInfo', 'Get-PSDrive', 'Test-Connection', 'Restart-Computer', 'Stop-Computer', 'Invoke-LabProgram'
)
