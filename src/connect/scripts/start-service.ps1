# Asks Service Control Manager once to start ADSync. Whether it came up is read afterwards, by short calls.
param(
    [string] $StartName,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ($null -eq $service) { throw 'There is no service ADSync on this server.' }
if ([string]$service.StartName -ne $StartName) {
    throw "The service now runs as '$($service.StartName)', not as '$StartName'. It was not started."
}
if ([string]$service.State -eq 'Running') {
    [pscustomobject]@{ returnValue = 10; state = 'Running' }
    return
}
$answer = Invoke-CimMethod -InputObject $service -MethodName 'StartService'
[pscustomobject]@{ returnValue = [long]$answer.ReturnValue; state = [string](Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'").State }
