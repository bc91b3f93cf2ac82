# The event logs: one line an event in events.tsv, oldest first, appended only under the state's lock.
# Columns: record, time, log, id, level, provider, version, data (strings joined by U+001F), binary (hex), message override.

$script:EventRows = New-Object System.Collections.Generic.List[object[]]
$script:EventAt = 0
# Written together with the state, so that both tell the same story.
$script:NewEvents = New-Object System.Collections.Generic.List[string]

# Appends an event and gives it the next record id of its log.
function Add-LabEvent($State, [string]$Provider, [int]$Id, [object[]]$Data = @(), [string]$Binary = '', $At, [int]$Level = -1, [string]$Log) {
    $kind = Get-LabEventKind $Provider $Id
    if (-not $Log) { $Log = $kind.Log }
    if ($Level -lt 0) { $Level = $kind.Level }
    if ($null -eq $At) { $At = Get-LabNow }
    $record = [int]$State.records.$Log + 1
    if ($State.records.PSObject.Properties[$Log]) { $State.records.$Log = $record } else { $State.records.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $Log, $record)) }
    $script:NewEvents.Add((Format-LabEvent $record $At $Log $Id $Level $Provider $Data $Binary))
}

function Format-LabEvent($Record, [DateTime]$At, $Log, $Id, $Level, $Provider, [object[]]$Data, $Binary, $Message) {
    $text = (@($Data) | ForEach-Object { "$_".Replace("`t", ' ').Replace("`n", ' ') }) -join [char]0x1F
    ($Record, (ConvertTo-LabTime $At), $Log, $Id, $Level, $Provider, 0, $text, $Binary, "$Message".Replace("`t", ' ').Replace("`n", ' ')) -join "`t"
}

# All events, oldest first, as rows of columns; only what was appended meanwhile is read again.
function Get-LabEventRows {
    $file = [IO.Path]::Combine($script:Server, 'events.tsv')
    if (-not [IO.File]::Exists($file)) { return , $script:EventRows }
    $stream = [IO.File]::Open($file, [IO.FileMode]::Open, [IO.FileAccess]::Read, [IO.FileShare]::ReadWrite)
    try {
        if ($stream.Length -gt $script:EventAt) {
            [void]$stream.Seek($script:EventAt, [IO.SeekOrigin]::Begin)
            $bytes = [byte[]]::new([int]($stream.Length - $script:EventAt))
            $read = $stream.Read($bytes, 0, $bytes.Length)
            $end = [Array]::LastIndexOf($bytes, [byte]10, $read - 1) + 1
            foreach ($line in [Text.Encoding]::UTF8.GetString($bytes, 0, $end).Split([char[]]"`n", [StringSplitOptions]::RemoveEmptyEntries)) {
                # A copy: an array of strings would turn the numbers back into text.
                $f = [object[]]::new(10)
                $line.Split([char]9).CopyTo($f, 0)
                $f[0] = [long]$f[0]; $f[3] = [int]$f[3]; $f[4] = [int]$f[4]
                $script:EventRows.Add($f)
            }
            $script:EventAt += $end
        }
    } finally { $stream.Dispose() }
    , $script:EventRows
}

# Which log an event goes to and which level it has.
function Get-LabEventKind([string]$Provider, [int]$Id) {
    $log = 'Application'
    $level = 4
    switch ($Provider) {
        'Service Control Manager' {
            $log = 'System'
            if ($Id -notin 7036, 7040, 7045) { $level = 2 }
        }
        'ADSync' {
            if ($Id -in 6603, 6076, 6100, 6105, 6110, 6125, 6126, 6127, 6128, 6328, 6951) { $level = 3 }
            elseif ($Id -notin 403, 404, 405, 2001, 2002, 6051, 6201, 6227, 6228, 6941, 6943) { $level = 2 }
        }
        'Directory Synchronization' {
            if ($Id -in 906, 611, 652, 655, 609, 111, 612) { $level = 2 } elseif ($Id -in 905, 116) { $level = 3 }
        }
        'Microsoft-Windows-Security-Auditing' { $log = 'Security'; $level = 0 }
        { $_ -in 'Application Error', '.NET Runtime' } { $level = 2 }
        { $_ -in 'Microsoft-Windows-Kernel-General', 'EventLog', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-GroupPolicy', 'NETLOGON' } { $log = 'System' }
    }
    @{ Log = $log; Level = $level }
}
