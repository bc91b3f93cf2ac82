# The one action that cannot be undone, as one script on the server: check again, stop ADSync, check, miiskmu.exe /a, evidence.
# It runs as a scheduled task and reads what it was told from the marker; each phase is on record before it begins.
param([string] $Run)
$ErrorActionPreference = 'Stop'
$key = 'HKLM:\SOFTWARE\EntraConnectRemediation\Abandon'
function Write-Mark([string] $Name, [string] $Value) { Set-ItemProperty -LiteralPath $key -Name $Name -Value $Value }
function Get-Now { (Get-Date).ToUniversalTime().ToString('o') }
function Get-SyncService { Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'" }
function Assert-Confirmed {
    # guard.ps1 is put in here.
}
function Stop-Here([string] $Why) {
    Write-Mark 'Refusal' $Why
    Write-Mark 'Phase' 'refused'
    Write-Mark 'Finished' (Get-Now)
    exit 3
}
$marker = Get-ItemProperty -LiteralPath $key
# A task that is started a second time finds another phase and does nothing.
# So does the task of an earlier run that starts late: the intent on record is another run's, with a task of its own.
if ([string]$marker.Phase -ne 'launched' -or [string]$marker.Run -ne $Run) { exit 4 }
# Not forced, so one process alone can make it: what was begun for an intent is never begun again for the same one.
$begun = Join-Path -Path ([string]$marker.Folder) -ChildPath "begun-$([string]$marker.Intent -replace '[^0-9TZ]', '')"
try { $null = New-Item -Path $begun -ItemType File } catch {
    if (Test-Path -LiteralPath $begun) { exit 4 }
    Stop-Here ([string]$_.Exception.Message)
}
Write-Mark 'ProcessId' ([string]$PID)
Write-Mark 'Phase' 'checking'
try {
    # Launched and acting are two moments: what was confirmed has to hold at both.
    $Guard = [string]$marker.Guard
    if ($Guard -eq '') { Stop-Here 'The marker does not say what was confirmed.' }
    Assert-Confirmed
    $service = Get-SyncService
    if ($null -eq $service) { Stop-Here 'There is no service ADSync on this server.' }
    if ([string]$service.StartName -ne [string]$marker.StartName) { Stop-Here "ADSync runs as '$($service.StartName)' now, but '$($marker.StartName)' was confirmed." }

    Write-Mark 'Phase' 'stopping'
    if ([string]$service.State -ne 'Stopped') {
        $null = Invoke-CimMethod -InputObject $service -MethodName 'StopService'
        # Stopping can take more than two minutes.
        $deadline = (Get-Date).AddMinutes(10)
        while ([string](Get-SyncService).State -ne 'Stopped') {
            if ((Get-Date) -gt $deadline) { Stop-Here 'ADSync did not stop within ten minutes.' }
            Start-Sleep -Seconds 1
        }
    }
    $deadline = (Get-Date).AddMinutes(3)
    while (@(Get-Process -Name 'miiserver' -ErrorAction SilentlyContinue).Count -gt 0) {
        if ((Get-Date) -gt $deadline) { Stop-Here 'ADSync is stopped, but its process miiserver did not end within three minutes.' }
        Start-Sleep -Seconds 1
    }
    $program = Join-Path -Path ([string]$marker.InstallationPath) -ChildPath 'Bin\miiskmu.exe'
    if (-not (Test-Path -LiteralPath $program)) { Stop-Here "$program is not on this server." }
    # LocalDB goes some minutes after the service, and a person at the console may have begun meanwhile.
    $Guard = "database-process=`nutility="
    Assert-Confirmed
    $after = Get-SyncService
    if ([string]$after.State -ne 'Stopped') { Stop-Here "ADSync was started meanwhile (it is $($after.State))." }
    # Whatever became of the marker and of the claim, they have to be this run's own.
    $now = Get-ItemProperty -LiteralPath $key
    if ([string]$now.Run -ne $Run -or [string]$now.Intent -ne [string]$marker.Intent -or [string]$now.Abandoning -ne '') { exit 4 }
    $claim = Join-Path -Path (Split-Path -Path ([string]$marker.Folder) -Parent) -ChildPath 'abandon.claim'
    $claimed = ''
    if (Test-Path -LiteralPath $claim) { $claimed = [string](Get-Content -LiteralPath $claim) }
    if ($claimed -notlike "$Run|$([string]$marker.Intent)|*") { Stop-Here 'The claim to abandon the key is not the one of this run any more.' }
} catch {
    Stop-Here ([string]$_.Exception.Message -replace '^guard:[a-z-]+ because ', '')
}

# From here on only an exit code on record says how it went.
Write-Mark 'Abandoning' (Get-Now)
Write-Mark 'Phase' 'abandoning'
# A native program's error text ends the script under Stop on 5.1, and its exit code with it.
$ErrorActionPreference = 'Continue'
$lines = @(& $program '/a' 2>&1)
$code = $LASTEXITCODE
Write-Mark 'ExitCode' ([string]$code)
Write-Mark 'Finished' (Get-Now)
Write-Mark 'Phase' 'finished'
$text = ($lines | ForEach-Object { [string]$_ }) -join "`r`n"
Set-Content -LiteralPath (Join-Path -Path ([string]$marker.Folder) -ChildPath 'abandon.log') -Value $text -Encoding UTF8
if ($text.Length -gt 1000) { $text = $text.Substring(0, 1000) }
Write-Mark 'Output' $text
exit $code
