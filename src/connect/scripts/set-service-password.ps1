# Gives Service Control Manager the new password of the account that ADSync runs as. Nothing else of the service changes:
# a null StartName would mean LocalSystem, so the name goes along exactly as it was read.
param(
    [string] $StartName,
    [System.Security.SecureString] $Password,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
if ($null -eq $service) { throw 'There is no service ADSync on this server.' }
if ([string]::IsNullOrEmpty($StartName) -or [string]$service.StartName -ne $StartName) {
    throw "The service now runs as '$($service.StartName)', not as '$StartName'. Nothing was changed."
}
$pointer = [IntPtr]::Zero
$arguments = @{ StartName = [string]$service.StartName }
try {
    # The plain text exists only as this hashtable's value: values bound to a parameter of their own end up in policy logs.
    $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Password)
    $arguments['StartPassword'] = [System.Runtime.InteropServices.Marshal]::PtrToStringBSTR($pointer)
    $change = Invoke-CimMethod -InputObject $service -MethodName 'Change' -Arguments $arguments
} finally {
    $arguments.Clear()
    if ($pointer -ne [IntPtr]::Zero) { [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($pointer) }
}
$after = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
[pscustomobject]@{ returnValue = [long]$change.ReturnValue; startName = [string]$after.StartName }
