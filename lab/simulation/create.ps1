# Makes a simulated server: a folder with its state, its drive and its powershell.exe.
# Secrets come as JSON on standard input and are kept as salted hashes only.
param([string]$Scenario, [string]$Directory, [switch]$Names)
foreach ($part in 'scenario', 'parts/state', 'parts/secrets', 'parts/events', 'parts/texts', 'parts/accounts', 'parts/service', 'parts/key', 'parts/runs', 'furnish', 'history') {
    . ([IO.Path]::Combine($PSScriptRoot, "$part.ps1"))
}
$what = Read-Scenario $Scenario
$needed = @(Get-ScenarioSecrets $what)
if ($Names) { ConvertTo-Json -InputObject $needed -Compress; exit 0 }
if (-not $Directory) { [Console]::Error.WriteLine('-Directory is missing.'); exit 2 }
$server = [IO.Path]::GetFullPath($Directory)
if ([IO.File]::Exists([IO.Path]::Combine($server, 'state.json'))) { [Console]::Error.WriteLine("There is a simulated server in '$server' already."); exit 2 }
$given = ConvertFrom-Json ([Console]::In.ReadToEnd())
foreach ($name in $needed) { if (-not $given.$name -and $name -notin 'entraAdmin', 'enterpriseAdmin') { [Console]::Error.WriteLine("The secret '$name' is missing on standard input."); exit 2 } }

foreach ($folder in '', 'drive', 'home', 'tmp', 'bin') { [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($server, $folder)) }
$script:Server = $server
$script:Held = New-LabState $what $given
New-LabRegistry $script:Held
New-LabDrive $script:Held
New-LabAcls $script:Held $what
New-LabLauncher $server
New-LabHistory $script:Held $what
New-LabRunHistory $script:Held $what
Save-LabState $script:Held
ConvertTo-Json -Compress @{ computerName = $what.computerName; directory = $server; powershell = [IO.Path]::Combine($server, 'bin', 'powershell.exe'); secrets = $needed }
