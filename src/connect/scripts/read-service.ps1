# The state of the service ADSync and of its process, with the server's clock and the newest record of the Application log.
param()
$ErrorActionPreference = 'Stop'
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ($null -eq $service) { throw 'There is no service ADSync on this server.' }
$query = '<QueryList><Query Id="0" Path="Application"><Select Path="Application">*</Select></Query></QueryList>'
$newest = 0
# Where an event's text cannot be formatted (a %%code without a text, as in 7024), an error comes beside the event, which is whole.
$records = @(Get-WinEvent -FilterXml $query -MaxEvents 1 -ErrorAction SilentlyContinue -ErrorVariable problems)
if ($records.Count -eq 0) { foreach ($problem in $problems) { if ($problem.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw $problem } } }
foreach ($record in $records) { $newest = [long]$record.RecordId }
$processes = @(Get-Process -Name 'miiserver' -ErrorAction SilentlyContinue)
[pscustomobject]@{
    state = [string]$service.State
    startName = [string]$service.StartName
    processId = [long]$service.ProcessId
    exitCode = [long]$service.ExitCode
    serviceSpecificExitCode = [long]$service.ServiceSpecificExitCode
    processAlive = ($processes.Count -gt 0)
    applicationRecord = $newest
    clock = (Get-Date).ToUniversalTime().ToString('o')
}
