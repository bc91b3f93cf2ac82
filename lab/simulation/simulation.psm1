# The simulated Connect server: every command that reaches Windows, over one persistent state (state.json).
# Its rules are those of Windows and of the sync engine; nothing here knows who calls.
Set-StrictMode -Off
$script:Server = $env:ENTRA_LAB_SERVER
foreach ($part in 'state', 'secrets', 'events', 'texts', 'accounts', 'service', 'key', 'runs', 'engine') {
    . ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'parts', "$part.ps1"))))
}
foreach ($part in 'paths', 'items', 'registry', 'content', 'acl', 'cim', 'services', 'processes', 'winevent', 'tasks', 'modules', 'natives', 'miiskmu', 'sqlcmd', 'misc') {
    . ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'commands', "$part.ps1"))))
}

# This engine shows in the server's process list under its own id. A file says so: taking the lock could fail and keep the session from opening.
$tmp = [IO.Path]::Combine($script:Server, 'tmp')
if ([IO.Directory]::Exists($tmp)) { [IO.File]::WriteAllText([IO.Path]::Combine($tmp, "engine-$PID"), '') }

Export-ModuleMember -Function @(
    'Get-Item', 'Get-ChildItem', 'Test-Path', 'New-Item', 'Remove-Item', 'Copy-Item', 'Move-Item', 'Resolve-Path', 'Get-Location', 'Set-Location',
    'Get-ItemProperty', 'Get-ItemPropertyValue', 'Set-ItemProperty', 'New-ItemProperty', 'Remove-ItemProperty', 'Get-Content', 'Set-Content', 'Add-Content', 'Out-File',
    'Get-Acl', 'Set-Acl', 'Get-CimInstance', 'Invoke-CimMethod', 'Get-Service', 'Start-Service', 'Stop-Service', 'Restart-Service', 'Set-Service',
    'Get-Process', 'Stop-Process', 'Start-Process', 'Get-WinEvent', 'Write-EventLog',
    'New-ScheduledTaskAction', 'New-ScheduledTaskPrincipal', 'New-ScheduledTaskSettingsSet', 'New-ScheduledTaskTrigger', 'Register-ScheduledTask', 'Get-ScheduledTask', 'Get-ScheduledTaskInfo', 'Start-ScheduledTask', 'Stop-ScheduledTask', 'Unregister-ScheduledTask',
    'Import-Module', 'Get-ExecutionPolicy', 'Get-ComputerInfo', 'Get-PSDrive', 'Test-Connection', 'Restart-Computer', 'Stop-Computer', 'Invoke-LabProgram'
) -Alias 'ls', 'cat', 'cp', 'mv', 'rm', 'rmdir', 'ps'
