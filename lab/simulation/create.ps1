# Makes simulated servers: for each a folder with its state, its drive and its powershell.exe.
# One server: its secrets come as JSON on standard input. -Several: [{ scenario, directory, secrets }] there, for one start of the engine.
# Secrets are kept as salted hashes only.
param([string]$Scenario, [string]$Directory, [switch]$Names, [switch]$Several)
foreach ($part in 'scenario', 'parts/state', 'parts/secrets', 'parts/events', 'parts/texts', 'parts/accounts', 'parts/service', 'parts/key', 'parts/runs', 'furnish', 'history') {
    . ([IO.Path]::Combine($PSScriptRoot, "$part.ps1"))
}

function New-LabServer([string]$Scenario, [string]$Directory, $Secrets) {
    $what = Read-Scenario $Scenario
    $needed = @(Get-ScenarioSecrets $what)
    $server = [IO.Path]::GetFullPath($Directory)
    if ([IO.File]::Exists([IO.Path]::Combine($server, 'state.json'))) { [Console]::Error.WriteLine("There is a simulated server in '$Directory' already."); exit 2 }
    foreach ($name in $needed) { if (-not $Secrets.$name -and $name -notin 'entraAdmin', 'enterpriseAdmin') { [Console]::Error.WriteLine("The secret '$name' is missing on standard input."); exit 2 } }
    foreach ($folder in '', 'drive', 'home', 'tmp', 'bin') { [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($server, $folder)) }
    $script:Server = $server
    $script:Held = New-LabState $what $Secrets
    New-LabRegistry $script:Held $what
    New-LabDrive $script:Held
    New-LabAcls $script:Held $what
    New-LabLauncher $server
    New-LabPolicies $server $what.policies
    New-LabProtection $server $what.commands.blocked
    New-LabHistory $script:Held $what
    New-LabRunHistory $script:Held $what
    Save-LabState $script:Held
    $script:Held = $null
    ConvertTo-Json -Compress @{ computerName = $what.computerName; directory = $server; powershell = [IO.Path]::Combine($server, 'bin', 'powershell.exe'); secrets = $needed }
}

if ($Names) { ConvertTo-Json -InputObject @(Get-ScenarioSecrets (Read-Scenario $Scenario)) -Compress; exit 0 }
if ($Several) {
    $places = ConvertFrom-Json ([Console]::In.ReadToEnd())
    foreach ($one in $places) { New-LabServer $one.scenario $one.directory $one.secrets }
    exit 0
}
if (-not $Directory) { [void](Read-Scenario $Scenario); [Console]::Error.WriteLine('-Directory is missing.'); exit 2 }
New-LabServer $Scenario $Directory (ConvertFrom-Json ([Console]::In.ReadToEnd()))
exit 0
