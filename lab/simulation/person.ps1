# What a person does on the server's own screen. The password comes on standard input.
param([string]$Directory, [string]$Action, [string]$Connector, [string]$Log)
foreach ($part in 'state', 'secrets', 'events', 'texts', 'accounts', 'service', 'key', 'runs') { . ([IO.Path]::Combine($PSScriptRoot, 'parts', "$part.ps1")) }
$script:Server = [IO.Path]::GetFullPath($Directory)
function Stop-Person([string]$Text) { [Console]::Error.WriteLine($Text); exit 1 }
if (-not [IO.File]::Exists([IO.Path]::Combine($script:Server, 'state.json'))) { Stop-Person "There is no simulated server in '$Directory'." }
if ($Action -eq 'return-domain-controller') { Update-LabState { param($s) $s.dc.reachable = $true }; exit 0 }
# Event Viewer → the log → Clear Log…
if ($Action -eq 'clear-log') {
    $name = @($script:Logs | Where-Object { $_ -eq $Log })[0]
    if (-not $name) { Stop-Person "There is no event log '$Log' on this server; it has $($script:Logs -join ', ')." }
    Update-LabState { param($s) Clear-LabLog $s $name }
    exit 0
}
if ($Action -ne 'enter-connector-password') { Stop-Person "A person in the practice lab can do 'enter-connector-password', 'clear-log' and 'return-domain-controller', not '$Action'." }
$plain = [Console]::In.ReadToEnd().TrimEnd("`r", "`n")

# Synchronization Service → Connectors → the AD connector → Properties → Connect to Active Directory Forest → Password → OK
$outcome = Update-LabState { param($s)
    if ($s.service.state -ne 'Running') { return "Unable to connect to the Synchronization Service: the service is $($s.service.state.ToLowerInvariant())." }
    $target = @($s.connectors | Where-Object { $_.name -eq $Connector })[0]
    if (-not $target) { return "There is no connector '$Connector' on $($s.computerName)." }
    if ($target.type -eq 'Entra') { return "The connector '$Connector' takes no password here; its account is set anew by Add-ADSyncAADServiceAccount." }
    if (-not $s.dc.reachable) { return "The forest '$($target.forest)' cannot be contacted." }
    $hash = Get-LabHash $s.salt $plain
    if ($hash -ne $target.hash) { return "The user name or password of '$($target.account)' is incorrect." }
    Set-LabStored $s $target $hash
    'done'
}
if ($outcome -ne 'done') { Stop-Person $outcome }
exit 0
