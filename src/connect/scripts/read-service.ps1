# The state of the service ADSync and of its process, with the server's clock and the newest record of the Application log.
param()
$ErrorActionPreference = 'Stop'
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ($null -eq $service) { throw 'There is no service ADSync on this server.' }
$query = '<QueryList><Query Id="0" Path="Application"><Select Path="Application">*</Select></Query></QueryList>'
$newest = 0
try {
    foreach ($record in @(Get-WinEvent -FilterXml $query -MaxEvents 1 -ErrorAction Stop)) { $newest = [long]$record.RecordId }
} catch {
    if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
}
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
