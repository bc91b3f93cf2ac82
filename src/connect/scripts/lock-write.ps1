# Writes this client's own lock entry (or its heartbeat) and reads every entry back, with the server's clock and boot time.
# Creating a registry key is not atomic, so each client has its own key and the clients agree by reading.
param(
    [string] $Id,
    [string] $Who,
    [string] $FromHost,
    [string] $Client,
    [string] $Run,
    [string] $State,
    [int] $LeaseSeconds
)
$ErrorActionPreference = 'Stop'
$root = 'HKLM:\SOFTWARE\EntraConnectRemediation'
# New-Item -Force would replace an existing key and wipe what other clients wrote.
foreach ($key in $root, "$root\Lock", "$root\Lock\$Id") {
    # Whoever holds the lock has waited for it: one whose entry is gone slept while others tidied up, and holds nothing any more.
    if ($State -eq 'held' -and $key -like '*\Lock\*') { continue }
    if (-not (Test-Path -LiteralPath $key)) {
        try { $null = New-Item -Path $key } catch { if (-not (Test-Path -LiteralPath $key)) { throw } }
    }
}
$system = Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime
$now = (Get-Date).ToUniversalTime().ToString('o')
$boot = ([datetime]$system.LastBootUpTime).ToUniversalTime().ToString('o')
$mine = "$root\Lock\$Id"
$lost = ''
if (Test-Path -LiteralPath $mine) {
    $existing = Get-ItemProperty -LiteralPath $mine
    # Another client has held the lock since: this one slept, and what it knows of the server is not true any more.
    $last = [string](Get-ItemProperty -LiteralPath "$root\Lock").LastHeld
    $isHeld = ([string]$existing.State -eq 'held')
    if ($State -eq 'held' -and $last -ne '' -and $last -ne $Id -and ($isHeld -or $last -ne [string]$existing.Seen)) { $lost = $last }
    if ($lost -eq '') {
        $values = @{ Who = $Who; Host = $FromHost; Client = $Client; Run = $Run; State = $State; Heartbeat = $now; LeaseSeconds = [string]$LeaseSeconds; BootTime = $boot }
        if ([string]::IsNullOrEmpty($existing.Created)) { $values['Created'] = $now }
        if ($State -ne 'held') { $values['Seen'] = $last }
        if ($State -eq 'held' -and -not $isHeld) { Set-ItemProperty -LiteralPath "$root\Lock" -Name 'LastHeld' -Value $Id }
        foreach ($name in $values.Keys) { Set-ItemProperty -LiteralPath $mine -Name $name -Value $values[$name] }
    }
}
# No lease lasts for a day: what is older was left by clients that died.
$forgotten = (Get-Date).ToUniversalTime().AddMinutes(-1440).ToString('o')
foreach ($key in @(Get-ChildItem -LiteralPath "$root\Lock")) {
    $path = "$root\Lock\$($key.PSChildName)"
    # Its client may be removing it at this moment.
    try { $entry = Get-ItemProperty -LiteralPath $path } catch { if (Test-Path -LiteralPath $path) { throw }; continue }
    if ([string]$entry.Heartbeat -ne '' -and [string]$entry.Heartbeat -lt $forgotten) {
        try { Remove-Item -LiteralPath $path -Recurse } catch { if (Test-Path -LiteralPath $path) { throw } }
        continue
    }
    [pscustomobject]@{
        id = [string]$key.PSChildName
        who = [string]$entry.Who
        host = [string]$entry.Host
        client = [string]$entry.Client
        run = [string]$entry.Run
        state = [string]$entry.State
        created = [string]$entry.Created
        heartbeat = [string]$entry.Heartbeat
        leaseSeconds = [string]$entry.LeaseSeconds
        bootTime = [string]$entry.BootTime
        takenBy = $(if ($lost -ne '' -and [string]$key.PSChildName -eq $Id) { $lost } else { [string]$entry.TakenBy })
        now = $now
        serverBootTime = $boot
    }
}
