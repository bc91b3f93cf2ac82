# The events about keys and stored credentials that are newer than a record of the Application log, oldest first.
param([long] $After)
$ErrorActionPreference = 'Stop'
$system = "(EventID=6201 or EventID=6202 or EventID=6203 or EventID=6227 or EventID=6231 or EventID=6601 or EventID=6602 or EventID=6603 or EventID=6000)"
$query = "<QueryList><Query Id=`"0`" Path=`"Application`">" +
    "<Select Path=`"Application`">*[System[Provider[@Name='ADSync'] and $system and (EventRecordID &gt; $After)]]</Select>" +
    "<Select Path=`"Application`">*[System[Provider[@Name='MIISKMU'] and (EventID=1) and (EventRecordID &gt; $After)]]</Select>" +
    "<Select Path=`"Application`">*[System[(EventID=2518 or EventID=2519) and (EventRecordID &gt; $After)]]</Select>" +
    "</Query></QueryList>"
# Where an event's text cannot be formatted (a %%code without a text, as in 7024), an error comes beside the event, which is whole.
$events = @(Get-WinEvent -FilterXml $query -MaxEvents 200 -ErrorAction SilentlyContinue -ErrorVariable problems)
if ($events.Count -eq 0) { foreach ($problem in $problems) { if ($problem.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw $problem } } }
for ($i = $events.Count - 1; $i -ge 0; $i--) {
    $record = $events[$i]
    $text = ''
    # Formatting an event can throw where its message holds codes; the parameters alone are enough.
    try { $text = (@($record.Properties | ForEach-Object { [string]$_.Value }) -join "`n") } catch { $text = '' }
    try { if ($text -eq '') { $text = [string]$record.Message } } catch { $text = '' }
    if ($text.Length -gt 2000) { $text = $text.Substring(0, 2000) }
    [pscustomobject]@{
        recordId = [long]$record.RecordId
        id = [int]$record.Id
        provider = [string]$record.ProviderName
        time = ([datetime]$record.TimeCreated).ToUniversalTime().ToString('o')
        text = $text
    }
}
