# The service control manager for ADSync: what a start and a stop do, which events they leave, which codes they give.

$script:AbandonsItself = [version]'1.1.484.0'

# The key name as UTF-16 in hex: what 7000 and 7024 carry in their Binary data.
function Get-LabScmBinary([string]$Suffix = '') {
    $bytes = [Text.Encoding]::Unicode.GetBytes("ADSync$Suffix" + [char]0)
    ([BitConverter]::ToString($bytes)).Replace('-', '')
}

# Starts ADSync. Returns the Win32 code: 0 running, 1056 already running, 1058 disabled, 1069 logon failed, 1066 service-specific.
# Windows carries on with a start or stop whatever becomes of the process that asked for it; that one only waits.
function Start-LabService {
    $begin = Update-LabState { param($s)
        if ($s.service.state -ne 'Stopped') { return 1056 }
        if ($s.service.startMode -eq 'Disabled') { return 1058 }
        $s.counters.starts = [int]$s.counters.starts + 1
        Set-LabPending $s 'Start Pending' (Get-LabDelay $s 'start' 0.3)
    }
    if ($begin -is [int]) { return $begin }
    Wait-LabService $begin
}

# Gives the time at which it is there.
function Set-LabPending($State, [string]$Pending, [double]$Seconds) {
    $State.service.state = $Pending
    $State.service.due = ConvertTo-LabTime (Get-LabNow).AddSeconds($Seconds)
    $State.service.due
}

# Waits for a start or stop that goes on by itself, and gives the code it ended with.
function Wait-LabService([string]$Due) {
    Wait-Lab ((ConvertFrom-LabTime $Due) - (Get-LabNow)).TotalSeconds
    Update-LabState { param($s)
        if ($s.service.due -eq $Due) { Complete-LabService $s }
        [int]$s.service.answer
    }
}

function Complete-LabService($State) {
    $State.service.due = $null
    if ($State.service.state -notlike '*Pending') { return }
    $State.service.answer = if ($State.service.state -eq 'Start Pending') { Complete-LabStart $State } else { Complete-LabStop $State }
}

function Complete-LabStart($State) {
    $service = $State.service
    $code = Test-LabServiceLogon $State
    if ($code -ne 0) {
        if ($code -eq 1385) { Add-LabEvent $State 'Service Control Manager' 7041 @('ADSync', $service.startName) }
        else { Add-LabEvent $State 'Service Control Manager' 7038 @('ADSync', $service.startName, "%%$code") }
        Add-LabEvent $State 'Service Control Manager' 7000 @($service.displayName, '%%1069') (Get-LabScmBinary)
        Set-LabStopped $State 1069 0
        return 1069
    }
    $fault = Initialize-LabEngine $State
    if ($fault) {
        # The process ran for a moment: the database process it woke up stays for a while.
        Set-LabDatabaseLinger $State
        Add-LabEvent $State 'Service Control Manager' 7024 @($service.displayName, "%%$fault") (Get-LabScmBinary)
        Set-LabStopped $State 1066 $fault
        return 1066
    }
    $service.state = 'Running'
    $service.exitCode = 0
    $service.specificCode = 0
    $service.processId = Get-LabProcessId
    $service.generation = [int]$service.generation + 1
    $service.startedAt = ConvertTo-LabTime (Get-LabNow)
    $State.database.until = $null
    $State.database.processId = Get-LabProcessId
    foreach ($connector in $State.connectors) { $connector.cached = $connector.stored }
    Add-LabEvent $State 'ADSync' 2001
    Add-LabEvent $State 'Service Control Manager' 7036 @($service.displayName, (Get-LabStateWord $State 'running')) (Get-LabScmBinary '/4')
    if ($State.scheduler.phs) {
        foreach ($connector in @($State.connectors | Where-Object { $_.type -eq 'AD' })) {
            Add-LabEvent $State 'ADSync' $(if (Test-LabStored $State $connector) { 6943 } else { 6944 }) @($connector.name)
        }
    }
    0
}

# What the sync engine does on its own start: database, then key. 0, or the service-specific code that ends it.
function Initialize-LabEngine($State) {
    $original = (Resolve-LabAccount $State.service.startName) -eq (Resolve-LabAccount $State.service.original)
    $database = $State.database
    if ($database.kind -eq 'localdb' -and -not $original) {
        Add-LabEvent $State 'ADSync' 6226
        Add-LabEvent $State 'ADSync' 6206
        return -2145185792
    }
    switch ($database.state) {
        'restored' { Add-LabEvent $State 'ADSync' 6223; return -2145185789 }
        'broken' { Add-LabEvent $State 'ADSync' 6209; return -2145188802 }
        'full' { Add-LabEvent $State 'ADSync' 6323; return -2145188790 }
    }
    Initialize-LabKey $State $original
}

# Stops ADSync. 0, or 1062 when it is not running.
function Stop-LabService {
    $begin = Update-LabState { param($s)
        if ($s.service.state -ne 'Running') { return 1062 }
        $s.counters.stops = [int]$s.counters.stops + 1
        if (Test-LabDatabaseNearlyFull $s) { $s.counters.stoppedNearlyFull = [int]$s.counters.stoppedNearlyFull + 1 }
        if ($s.scheduler.runUntil) { $s.counters.stoppedDuringRun = [int]$s.counters.stoppedDuringRun + 1 }
        Set-LabPending $s 'Stop Pending' (Get-LabDelay $s 'stop' 0.2)
    }
    if ($begin -is [int]) { return $begin }
    Wait-LabService $begin
}

function Complete-LabStop($State) {
    if ($State.scheduler.runUntil) {
        $State.scheduler.runUntil = $null
        foreach ($connector in @($State.connectors | Select-Object -First 1)) { Add-LabEvent $State 'ADSync' 6052 @($connector.name, 'Delta Import') }
    }
    Set-LabDatabaseLinger $State
    Add-LabEvent $State 'ADSync' 2002
    Add-LabEvent $State 'Service Control Manager' 7036 @($State.service.displayName, (Get-LabStateWord $State 'stopped')) (Get-LabScmBinary '/1')
    $State.service.generation = [int]$State.service.generation + 1
    Set-LabStopped $State 0 0
    0
}

function Set-LabStopped($State, [int]$ExitCode, [int]$SpecificCode) {
    $State.service.due = $null
    $State.service.answer = $ExitCode
    $State.service.state = 'Stopped'
    $State.service.processId = 0
    $State.service.exitCode = $ExitCode
    $State.service.specificCode = $SpecificCode
}

# LocalDB's process belongs to the service's session and leaves five minutes after it; a remote database stays.
function Set-LabDatabaseLinger($State) {
    if ($State.database.kind -ne 'localdb') { return }
    $State.database.until = ConvertTo-LabTime ((Get-LabNow).AddSeconds((Get-LabDelay $State 'databaseLinger' 300)))
    if (-not $State.database.processId) { $State.database.processId = Get-LabProcessId }
}

function Test-LabDatabaseAlive($State) {
    if ($State.database.kind -ne 'localdb') { return $true }
    if ($State.service.state -in 'Running', 'Stop Pending') { return $true }
    [bool]($State.database.until -and (Get-LabNow) -lt (ConvertFrom-LabTime $State.database.until))
}

# Every service that Windows knows here; ADSync only where it is installed.
function Get-LabServices($State) { @(@($State.service | Where-Object { $_.state -ne 'Absent' }) + @($State.otherServices)) }

# LocalDB ends at 10 GB; near it a stopped service may not start again.
function Test-LabDatabaseNearlyFull($State) { $State.database.kind -eq 'localdb' -and $State.database.sizeMb -ge 9728 }

function Get-LabProcessId { 4 * (300 + [int]([Math]::Abs([Guid]::NewGuid().GetHashCode()) % 2000)) }

function Get-LabStateWord($State, [string]$Word) {
    switch ($State.locale.Substring(0, 2)) {
        'de' { @{ running = 'Wird ausgeführt'; stopped = 'Beendet' }[$Word] }
        'ja' { @{ running = '実行中'; stopped = '停止' }[$Word] }
        default { $Word }
    }
}
