# Asks Service Control Manager once to stop ADSync. Whether it stopped, and its process ended, is read afterwards.
param([string] $Guard)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ($null -eq $service) { throw 'There is no service ADSync on this server.' }
if ([string]$service.State -eq 'Stopped') {
    [pscustomobject]@{ returnValue = 5; state = 'Stopped' }
    return
}
$answer = Invoke-CimMethod -InputObject $service -MethodName 'StopService'
[pscustomobject]@{ returnValue = [long]$answer.ReturnValue; state = [string](Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'").State }
