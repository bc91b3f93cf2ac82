# The event logs: one line an event in events.tsv, oldest first, appended only under the state's lock.
# Columns: record, time, log, id, level, provider, version, data (strings joined by U+001F), binary (hex), message override.

$script:EventLines = @()
$script:EventStamp = -1

# Appends an event and gives it the next record id of its log.
function Add-LabEvent($State, [string]$Provider, [int]$Id, [object[]]$Data = @(), [string]$Binary = '', $At, [int]$Level = -1, [string]$Log) {
    $kind = Get-LabEventKind $Provider $Id
    if (-not $Log) { $Log = $kind.Log }
    if ($Level -lt 0) { $Level = $kind.Level }
    if ($null -eq $At) { $At = Get-LabNow }
    $record = [int]$State.records.$Log + 1
    if ($State.records.PSObject.Properties[$Log]) { $State.records.$Log = $record } else { $State.records.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $Log, $record)) }
    $line = Format-LabEvent $record $At $Log $Id $Level $Provider $Data $Binary
    [IO.File]::AppendAllText([IO.Path]::Combine($script:Server, 'events.tsv'), "$line`n")
}

function Format-LabEvent($Record, [DateTime]$At, $Log, $Id, $Level, $Provider, [object[]]$Data, $Binary, $Message) {
    $text = (@($Data) | ForEach-Object { "$_".Replace("`t", ' ').Replace("`n", ' ') }) -join [char]0x1F
    ($Record, (ConvertTo-LabTime $At), $Log, $Id, $Level, $Provider, 0, $text, $Binary, "$Message".Replace("`t", ' ').Replace("`n", ' ')) -join "`t"
}

# All lines, oldest first; read again only when the file grew.
function Get-LabEventLines {
    $file = [IO.Path]::Combine($script:Server, 'events.tsv')
    if (-not [IO.File]::Exists($file)) { return , @() }
    $length = (New-Object System.IO.FileInfo $file).Length
    if ($length -ne $script:EventStamp) {
        $script:EventLines = [IO.File]::ReadAllLines($file)
        $script:EventStamp = $length
    }
    , $script:EventLines
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
        'Microsoft-Windows-Security-Auditing' { $log = 'Security' }
        { $_ -in 'Application Error', '.NET Runtime' } { $level = 2 }
        { $_ -in 'Microsoft-Windows-Kernel-General', 'EventLog', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-GroupPolicy', 'NETLOGON' } { $log = 'System' }
    }
    @{ Log = $log; Level = $level }
}
