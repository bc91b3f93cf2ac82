# Reads event logs one after the other with a structured query each and emits, for every log, a record that says how far it reaches,
# its events in columns, and a record that says how reading it ended: one log that is missing or refused never ends another.
# Columns are text, since a tag around every number would be most of what is sent: numbers with a space between, record ids and times
# (ticks) as the difference to the row before, texts as places in the record's own list of different texts.
param([string[]] $Log, [string[]] $Query, [long[]] $Limit, [long[]] $Seen, [int] $First, [int] $Most, [bool] $Oldest)

# Characters of one text (Windows formats no longer message) and of one record's texts, beyond which it is sent as it is.
$textLimit = 65536
$recordLimit = 262144
# Bytes of one binary value that are shown; the event's XML has all of them.
$bytesLimit = 4096

# Preallocated, and filled in place: whatever is called or grown for each event costs more than reading the event's fields.
$recordIds = @(0) * $Most
$times = @(0) * $Most
$ids = @(0) * $Most
$levels = @(0) * $Most
$providers = @(0) * $Most
$messages = @(0) * $Most
$datas = @(0) * $Most
$texts = @('') * (3 * $Most)
# By exact text: @{} would not tell upper from lower case.
$places = New-Object -TypeName System.Collections.Hashtable
# What has to outlive a query that fails half-way: the rows that wait, and the counts.
$state = @{ rows = 0; texts = 0; sent = 0; unformatted = 0; outcome = 'read'; detail = '' }

# Ids of errors and names of exceptions are the same in every Windows, texts are not.
function Get-Outcome($Problem) {
    $id = "$($Problem.FullyQualifiedErrorId)"
    $reason = "$($Problem.CategoryInfo.Reason)"
    if ($id -like 'NoMatchingEventsFound*') { return 'read' }
    if ($reason -eq 'UnauthorizedAccessException' -or $reason -eq 'SecurityException' -or $id -like '*UnauthorizedAccess*' -or $Problem.Exception.HResult -eq -2147024891) { return 'denied' }
    if ($id -like 'NoMatchingLogsFound*' -or $id -like 'NoMatchingProvidersFound*' -or $reason -eq 'EventLogNotFoundException') { return 'missing' }
    'failed'
}

function Set-Outcome($Problem) {
    $state.outcome = Get-Outcome $Problem
    if ($state.outcome -eq 'read') { return }
    $text = "$($Problem.Exception.Message)"
    if ($text.Length -gt 500) { $text = $text.Substring(0, 500) }
    $state.detail = $text
}

# One value of an event as text, the same in every region format.
function ConvertTo-Text($Value) {
    if ($Value -is [byte[]]) {
        $most = if ($Value.Length -gt $bytesLimit) { $bytesLimit } else { $Value.Length }
        $digits = for ($i = 0; $i -lt $most; $i++) { '{0:X2}' -f $Value[$i] }
        return -join $digits
    }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('o') }
    "$Value"
}

# The rows that wait, as one record.
function Send-Rows($Name) {
    $last = $state.rows - 1
    if ($last -lt 0) { return }
    $known = if ($state.texts -gt 0) { $texts[0..($state.texts - 1)] } else { @() }
    [pscustomobject]@{
        kind = 'batch'; log = $Name; rows = $state.rows; recordId = $recordIds[0..$last] -join ' '; time = $times[0..$last] -join ' '; id = $ids[0..$last] -join ' '; level = $levels[0..$last] -join ' '
        provider = $providers[0..$last] -join ' '; message = $messages[0..$last] -join ' '; data = $datas[0..$last] -join ' '; texts = $known
    }
    $state.sent += $state.rows
    $state.rows = 0
    $state.texts = 0
    $places.Clear()
}

# Takes the events as they come, and the errors between them: one that could not be formatted comes right after its error.
function Send-Events($Name, $Size) {
    begin {
        $row = 0
        $text = 0
        $length = 0
        $lastRecord = 0
        $lastTime = 0
        $failed = $false
    }
    process {
        $item = $_
        $record = $item.RecordId
        if ($null -eq $record) {
            $id = $item.FullyQualifiedErrorId
            if ($null -eq $id) { return }
            if ("$id" -like 'NoMatchingEventsFound*') { return }
            $failed = $true
            Set-Outcome $item
            return
        }
        $message = $null
        if (-not $failed) { try { $message = $item.Message } catch { $failed = $true } }
        if ($failed) {
            $state.unformatted++
            $state.outcome = 'read'
            $state.detail = ''
            $failed = $false
        }
        $joined = ''
        try {
            $values = $item.Properties
            $count = $values.Count
            if ($count -gt 0) {
                $parts = @(foreach ($value in $values) { $value = $value.Value; if ($value -is [string]) { $value } else { ConvertTo-Text $value } })
                $joined = '|' + ($parts -join '|')
                if ($joined.Split('|').Length -ne $parts.Length + 1) { $joined = '%' + (@(foreach ($part in $parts) { $part.Replace('%', '%25').Replace('|', '%7C') }) -join '|') }
                if ($joined.Length -gt $textLimit) { $joined = $joined.Substring(0, $textLimit) }
            }
        } catch { $joined = '' }

        $time = $item.TimeCreated
        $time = if ($null -eq $time) { $lastTime } else { $time.ToUniversalTime().Ticks }
        $level = $item.Level
        if ($null -eq $level) { $level = 0 }
        $recordIds[$row] = $record - $lastRecord
        $times[$row] = $time - $lastTime
        $ids[$row] = $item.Id
        $levels[$row] = $level
        $lastRecord = $record
        $lastTime = $time

        $provider = "$($item.ProviderName)"
        $place = $places[$provider]
        if ($null -eq $place) { $place = $text; $places[$provider] = $place; $texts[$text] = $provider; $text++ }
        $providers[$row] = $place
        if ([string]::IsNullOrEmpty($message)) { $messages[$row] = -1 } else {
            if ($message.Length -gt $textLimit) { $message = $message.Substring(0, $textLimit) }
            $place = $places[$message]
            if ($null -eq $place) { $place = $text; $places[$message] = $place; $texts[$text] = $message; $text++; $length += $message.Length }
            $messages[$row] = $place
        }
        if ($joined -eq '') { $datas[$row] = -1 } else {
            $place = $places[$joined]
            if ($null -eq $place) { $place = $text; $places[$joined] = $place; $texts[$text] = $joined; $text++; $length += $joined.Length }
            $datas[$row] = $place
        }

        $row++
        $state.rows = $row
        $state.texts = $text
        if ($row -ge $Size -or $length -ge $recordLimit) {
            Send-Rows $Name
            $row = 0
            $text = 0
            $length = 0
            $lastRecord = 0
            $lastTime = 0
            $Size = $Most
        }
    }
}

for ($n = 0; $n -lt $Log.Length; $n++) {
    $name = $Log[$n]
    $state.sent = 0
    $state.unformatted = 0
    $state.outcome = 'read'
    $state.detail = ''
    $about = @{ kind = 'begin'; log = $name; count = -1; oldest = -1; enabled = $true; circular = $true }
    try {
        $reach = Get-WinEvent -ListLog $name -ErrorAction Stop
        $about.count = if ($null -eq $reach.RecordCount) { -1 } else { [long] $reach.RecordCount }
        $about.oldest = if ($null -eq $reach.OldestRecordNumber) { -1 } else { [long] $reach.OldestRecordNumber }
        $about.enabled = [bool] $reach.IsEnabled
        $about.circular = "$($reach.LogMode)" -eq 'Circular'
    } catch { Set-Outcome $_ }
    [pscustomobject] $about
    # Looking for new events may cost the server a look at every old one: where none was written since, it is not asked to.
    $nothingNew = $Seen[$n] -ge 0 -and $about.count -ge 0 -and $(if ($about.count -eq 0) { 0 } else { $about.oldest + $about.count - 1 }) -eq $Seen[$n]
    # How far a log reaches may be refused where its events are not: only a log that is not there is left alone.
    if ($state.outcome -ne 'missing' -and -not $nothingNew) {
        $state.outcome = 'read'
        $state.detail = ''
        try { Get-WinEvent -FilterXml $Query[$n] -MaxEvents $Limit[$n] -Oldest:$Oldest -ErrorAction Continue 2>&1 | Send-Events $name $First } catch { Set-Outcome $_ }
        Send-Rows $name
    }
    [pscustomobject]@{ kind = 'end'; log = $name; outcome = $state.outcome; detail = $state.detail; rows = $state.sent; unformatted = $state.unformatted }
}
