# Claims the abandonment of the encryption key for this run alone, writes the intent, and launches the action as a one-shot scheduled
# task, which lives on when this connection dies. The task carries no secret: whatever it needs is in the registry marker that only
# administrators write.
param(
    [string] $Run,
    [string] $Folder,
    [string] $TaskScript,
    [string] $InstallationPath,
    [string] $ComputerName,
    [string] $MachineId,
    [string] $StartName,
    [long] $ApplicationRecord,
    [string] $TaskGuard,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
$key = "$root\Abandon"
$task = "EntraConnectRemediation-$Run"
if (Test-Path -LiteralPath $key) {
    [pscustomobject]@{ launched = $false; why = 'An earlier intent to abandon the key is on record, so it was not launched.'; task = $task }
    return
}
if (@(Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue).Count -gt 0) {
    [pscustomobject]@{ launched = $false; why = "The scheduled task $task exists already, so nothing was launched."; task = $task }
    return
}
# Creating a registry key opens the one that is there already, so of two clients in the same moment both would hold the marker. A file
# that is not forced is created by one of them only (FileMode.CreateNew); it goes again when its intent is settled, never before.
$claim = Join-Path -Path (Split-Path -Path $Folder -Parent) -ChildPath 'abandon.claim'
$intent = (Get-Date).ToUniversalTime().ToString('o')
try { $null = New-Item -Path $claim -ItemType File -Value "$Run|$intent|$ApplicationRecord" } catch {
    if (-not (Test-Path -LiteralPath $claim)) { throw }
    [pscustomobject]@{ launched = $false; why = 'Another client has claimed the abandonment of the key, so it was not launched.'; task = $task }
    return
}
# Settled and begun anew since the first look.
if (Test-Path -LiteralPath $key) {
    Remove-Item -LiteralPath $claim
    [pscustomobject]@{ launched = $false; why = 'An earlier intent to abandon the key is on record, so it was not launched.'; task = $task }
    return
}
$file = Join-Path -Path $Folder -ChildPath 'abandon.ps1'
Set-Content -LiteralPath $file -Value $TaskScript -Encoding UTF8
if (-not (Test-Path -LiteralPath $root)) {
    try { $null = New-Item -Path $root } catch { if (-not (Test-Path -LiteralPath $root)) { throw } }
}
$null = New-Item -Path $key
$system = Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime
$values = @{
    Intent = $intent
    Run = $Run
    Task = $task
    Folder = $Folder
    InstallationPath = $InstallationPath
    ComputerName = $ComputerName
    MachineId = $MachineId
    StartName = $StartName
    ApplicationRecord = [string]$ApplicationRecord
    Guard = $TaskGuard
    BootTime = ([datetime]$system.LastBootUpTime).ToUniversalTime().ToString('o')
    Phase = 'launched'
}
foreach ($name in $values.Keys) { Set-ItemProperty -LiteralPath $key -Name $name -Value $values[$name] }
try {
    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$file`" $Run"
    $principal = New-ScheduledTaskPrincipal -UserId 'NT AUTHORITY\SYSTEM' -LogonType ServiceAccount -RunLevel Highest
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew -ExecutionTimeLimit ([timespan]::FromHours(2))
    $null = Register-ScheduledTask -TaskName $task -Action $action -Principal $principal -Settings $settings
} catch {
    # Nothing can have run: the task does not exist.
    $why = [string]$_.Exception.Message
    Remove-Item -LiteralPath $key -Recurse
    Remove-Item -LiteralPath $claim
    [pscustomobject]@{ launched = $false; why = "This server refused the scheduled task: $why"; task = $task }
    return
}
Start-ScheduledTask -TaskName $task
[pscustomobject]@{ launched = $true; why = ''; task = $task }
