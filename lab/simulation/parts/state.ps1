# The live state: one JSON file, changed only under an exclusive lock, replaced as a whole so that a dying process leaves it readable.

$script:Held = $null
$script:Cached = $null
$script:CachedStamp = $null

# Reads the state; work that became due meanwhile (a run's end, a domain controller's return) is settled first.
function Get-LabState {
    if ($script:Held) { return $script:Held }
    $state = Read-LabState
    if (($state.service.due -or $state.scheduler.runUntil -or $state.dc.from -or $state.scheduler.runFor -or $state.dc.after) -and (Test-LabDue $state)) { Update-LabState { }; $state = Read-LabState }
    $state
}

function Read-LabState {
    $info = New-Object System.IO.FileInfo ([IO.Path]::Combine($script:Server, 'state.json'))
    $stamp = "$($info.LastWriteTimeUtc.Ticks):$($info.Length)"
    if ($script:CachedStamp -ne $stamp) {
        $script:Cached = ConvertFrom-Json ([IO.File]::ReadAllText($info.FullName))
        $script:CachedStamp = $stamp
    }
    $script:Cached
}

# Runs a block that may change the state. Blocks nest; the outermost one holds the lock and writes.
function Update-LabState([scriptblock]$Change) {
    if ($script:Held) { return (& $Change $script:Held) }
    $lock = Lock-Lab
    try {
        $script:CachedStamp = $null
        $script:Held = Read-LabState
        Complete-LabDue $script:Held
        & $Change $script:Held
        Save-LabState $script:Held
    } finally {
        # Stopped half-way nothing was written, neither state nor events.
        $script:NewEvents.Clear()
        $script:Held = $null
        $script:CachedStamp = $null
        $lock.Dispose()
    }
}

function Lock-Lab {
    $file = [IO.Path]::Combine($script:Server, 'state.lock')
    # A caught exception would still mark the pipeline as one that had errors; the engine's own lock waits without.
    $quiet = 'PracticeLab.Standard.FileLock' -as [type]
    if ($quiet) { $lock = $quiet::Take($file, 60) }
    for ($i = 0; -not $lock -and -not $quiet -and $i -lt 12000; $i++) {
        try { $lock = [IO.File]::Open($file, [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None) } catch [IO.IOException] { [Threading.Thread]::Sleep(5) }
    }
    if (-not $lock) { throw 'The simulated server''s state is locked by another process for more than a minute.' }
    $lock
}

function Save-LabState($State) {
    if ($script:NewEvents.Count) {
        [IO.File]::AppendAllText([IO.Path]::Combine($script:Server, 'events.tsv'), ($script:NewEvents.ToArray() -join "`n") + "`n")
        $script:NewEvents.Clear()
    }
    $file = [IO.Path]::Combine($script:Server, 'state.json')
    $fresh = "$file.$PID.new"
    [IO.File]::WriteAllText($fresh, (ConvertTo-Json -InputObject $State -Depth 30 -Compress))
    if ([IO.File]::Exists($file)) { [IO.File]::Replace($fresh, $file, [NullString]::Value) } else { [IO.File]::Move($fresh, $file) }
}

# The simulated clock is the real one: UTC, as text where it is kept.
function Get-LabNow { [DateTime]::UtcNow }
function ConvertTo-LabTime([DateTime]$At) { $At.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffffffZ', [Globalization.CultureInfo]::InvariantCulture) }
function ConvertFrom-LabTime($Text) {
    if (-not $Text) { return $null }
    [DateTime]::Parse($Text, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::RoundtripKind)
}

# The database keeps the times of runs in UTC, and what comes out of it has no time zone of its own.
function ConvertFrom-LabRunTime($Text) {
    $time = ConvertFrom-LabTime $Text
    if ($time) { [DateTime]::SpecifyKind($time.ToUniversalTime(), [DateTimeKind]::Unspecified) }
}

# How long a named action takes, in seconds; scenarios set it.
function Get-LabDelay($State, [string]$Name, [double]$Default) {
    $value = $State.delays.$Name
    if ($null -eq $value) { $Default } else { [double]$value }
}
function Wait-Lab([double]$Seconds) { if ($Seconds -gt 0) { [Threading.Thread]::Sleep([int]($Seconds * 1000)) } }

# Work that time settles by itself: a start or stop of the service, the end of a run, the reachability of a domain controller.
function Test-LabDue($State) {
    $now = Get-LabNow
    [bool]$State.scheduler.runFor -or [bool]$State.dc.after -or
    ($State.service.due -and $now -ge (ConvertFrom-LabTime $State.service.due)) -or
    ($State.scheduler.runUntil -and $now -ge (ConvertFrom-LabTime $State.scheduler.runUntil)) -or
    ($State.dc.from -and -not $State.dc.reachable -and $now -ge (ConvertFrom-LabTime $State.dc.from))
}
function Complete-LabDue($State) {
    $now = Get-LabNow
    # A scenario's durations count from the moment at which anybody looks for the first time.
    if ($State.scheduler.runFor) { $State.scheduler.runStart = ConvertTo-LabTime $now; $State.scheduler.runUntil = ConvertTo-LabTime $now.AddSeconds($State.scheduler.runFor); $State.scheduler.runFor = $null }
    if ($State.dc.after) { $State.dc.from = ConvertTo-LabTime $now.AddSeconds($State.dc.after); $State.dc.after = $null }
    if ($State.dc.from -and -not $State.dc.reachable -and $now -ge (ConvertFrom-LabTime $State.dc.from)) { $State.dc.reachable = $true }
    # A run that ended before the service was stopped ended whole.
    $due = if ($State.service.due) { ConvertFrom-LabTime $State.service.due } else { [DateTime]::MaxValue }
    if ($State.scheduler.runUntil -and $now -ge (ConvertFrom-LabTime $State.scheduler.runUntil) -and (ConvertFrom-LabTime $State.scheduler.runUntil) -le $due) {
        $until = ConvertFrom-LabTime $State.scheduler.runUntil
        $State.scheduler.runUntil = $null
        Complete-LabRun $State $until
    }
    if ($now -ge $due) { Complete-LabService $State }
}

# A terminating error with the id and category that the real command gives.
function Stop-Lab([string]$Message, [string]$Id, [string]$Category = 'NotSpecified', $Target, [Exception]$Exception) {
    if (-not $Exception) { $Exception = New-Object System.InvalidOperationException $Message }
    throw (New-Object System.Management.Automation.ErrorRecord $Exception, $Id, $Category, $Target)
}
