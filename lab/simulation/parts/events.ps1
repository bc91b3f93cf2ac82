# The event logs: one line an event in events.tsv, oldest first, appended only under the state's lock; read by PracticeLab.Standard.Events.

$script:EventStore = $null
# Written together with the state, so that both tell the same story.
$script:NewEvents = New-Object System.Collections.Generic.List[string]
$script:Logs = 'System', 'Application', 'Security', 'Windows PowerShell', 'Setup', 'Microsoft-Windows-TaskScheduler/Operational', 'Microsoft-Windows-Crypto-DPAPI/Operational'

# Appends an event and gives it the next record id of its log.
function Add-LabEvent($State, [string]$Provider, [int]$Id, [object[]]$Data = @(), [string]$Binary = '', $At, [int]$Level = -1, [string]$Log) {
    $kind = Get-LabEventKind $Provider $Id
    if (-not $Log) { $Log = $kind.Log }
    if ($Level -lt 0) { $Level = $kind.Level }
    if ($null -eq $At) { $At = Get-LabNow }
    $last = $State.records.$Log
    $record = 1 + $(if ($null -eq $last) { 1000 } else { [int]$last })
    Set-LabRecord $State $Log $record
    $script:NewEvents.Add((Format-LabEvent $record $At $Log $Id $Level $Provider $Data $Binary))
}

function Set-LabRecord($State, [string]$Log, [int]$Record) {
    if ($State.records.PSObject.Properties[$Log]) { $State.records.$Log = $Record } else { $State.records.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $Log, $Record)) }
}

# Empties a log, as Event Viewer's "Clear Log" does: record ids begin anew, and an event says who it was.
function Clear-LabLog($State, [string]$Log) {
    $script:NewEvents.Add("#clear`t$Log")
    Set-LabRecord $State $Log 0
    if ($Log -eq 'Security') { Add-LabEvent $State 'Microsoft-Windows-Eventlog' 1102 @('S-1-5-21-1004336348-1177238915-682003330-1001', 'labadmin', 'CONTOSO', '0x3e7') -Log 'Security' -Level 4 }
    else { Add-LabEvent $State 'Microsoft-Windows-Eventlog' 104 @('labadmin', 'CONTOSO', $Log) -Log 'System' -Level 4 }
}

function Format-LabEvent($Record, [DateTime]$At, $Log, $Id, $Level, $Provider, [object[]]$Data, $Binary, $Message, $Format) {
    $text = (@($Data) | ForEach-Object { [PracticeLab.Standard.Events.FieldText]::Escape("$_") }) -join [char]0x1F
    ($Record, (ConvertTo-LabTime $At), $Log, $Id, $Level, $Provider, $text, $Binary, [PracticeLab.Standard.Events.FieldText]::Escape("$Message"), "$Format") -join "`t"
}

# The logs as they are now.
function Get-LabEventStore {
    if (-not $script:EventStore) { $script:EventStore = New-Object PracticeLab.Standard.Events.EventStore ([IO.Path]::Combine($script:Server, 'events.tsv')) }
    $script:EventStore.Refresh()
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
        'Microsoft-Windows-Crypto-DPAPI' { $log = 'Microsoft-Windows-Crypto-DPAPI/Operational' }
        { $_ -in 'Application Error', '.NET Runtime' } { $level = 2 }
        { $_ -in 'Microsoft-Windows-Kernel-General', 'EventLog', 'Microsoft-Windows-Eventlog', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-GroupPolicy', 'NETLOGON' } { $log = 'System' }
    }
    @{ Log = $log; Level = $level }
}
