# Reading a scenario: every key is checked, every duration parsed, every secret's name collected.

$script:ScenarioKeys = @{
    '' = 'v', 'title', 'description', 'computerName', 'build', 'role', 'locale', 'programs', 'policies', 'registry', 'folders', 'pinned', 'service', 'account', 'dc', 'key', 'database', 'connectors', 'scheduler', 'commands', 'logs', 'events', 'delays', 'answers', 'expect', '$comment', '$schema'
    'service' = 'startName', 'kind', 'state', 'exitCode', 'displayName', 'scmPassword', 'startMode', '$comment'
    'account' = 'name', 'password', 'oldPassword', 'lastChange', 'oldPasswordKnown', 'proof', 'logon', 'lockoutAfter', '$comment'
    'dc' = 'reachable', 'from', 'clock', '$comment'
    'key' = 'state', 'selfRepair', '$comment'
    'database' = 'kind', 'state', 'sizeMb', 'fileMb', 'server', 'owner', 'lingers', '$comment'
    'connectors[]' = 'name', 'type', 'account', 'password', 'stored', 'forest', 'certificate', 'signIn', '$comment'
    'scheduler' = 'enabled', 'intervalMinutes', 'staging', 'suspended', 'running', 'passwordHashSync', '$comment'
    'policies' = 'transcription', 'moduleLogging', 'scriptBlockLogging', '$comment'
    'registry[]' = 'key', 'values', '$comment'
    'folders[]' = 'path', 'owner', '$comment'
    'pinned' = 'computerName', 'machineId', '$comment'
    'commands' = 'absent', 'parameters', 'variants', 'blocked', '$comment'
    'events[]' = 'ago', 'log', 'provider', 'id', 'level', 'data', 'message', 'format', 'generate', '$comment'
    'logs[]' = 'name', 'maximumRecords', '$comment'
    'delays' = 'start', 'stop', 'abandon', 'run', 'databaseLinger', 'propagation', '$comment'
    'expect' = 'before', 'plans', 'after', 'refused', '$comment'
}
$script:Variants = 'taskRefused', 'abandonDies', 'asr', 'orphans', 'filteredToken', 'quietMessages', 'constrainedLanguage'

function Stop-Scenario([string]$Text) { [Console]::Error.WriteLine("The scenario was refused: $Text"); exit 2 }

function Assert-ScenarioKeys([string]$Where, $Object) {
    if ($null -eq $Object) { return }
    if ($Object -isnot [System.Management.Automation.PSCustomObject] -and -not @($Object.PSObject.Properties | Where-Object MemberType -eq 'NoteProperty').Count -and $Object -isnot [psobject]) { Stop-Scenario "'$Where' has to be an object." }
    foreach ($property in $Object.PSObject.Properties) {
        if ($property.Name -cnotin $script:ScenarioKeys[$Where]) { Stop-Scenario "unknown key '$($property.Name)'$(if ($Where) { " in '$Where'" })." }
    }
}

function Assert-ScenarioValue([string]$Where, $Value, [string[]]$Allowed) {
    if ($Value -cnotin $Allowed) { Stop-Scenario "'$Where' is '$Value'; it has to be one of $($Allowed -join ', ')." }
}

function Read-Scenario([string]$Path) {
    if (-not [IO.File]::Exists($Path)) { Stop-Scenario "there is no file '$Path'." }
    if ((New-Object System.IO.FileInfo $Path).Length -gt 1MB) { Stop-Scenario 'the file is longer than 1 MB.' }
    try { $scenario = ConvertFrom-Json ([IO.File]::ReadAllText($Path)) } catch { Stop-Scenario "it is not JSON: $($_.Exception.Message)" }
    Assert-ScenarioKeys '' $scenario
    if ($scenario.v -ne 1) { Stop-Scenario "'v' has to be 1." }
    foreach ($key in 'computerName', 'build', 'service', 'account', 'key', 'connectors') { if ($null -eq $scenario.$key) { Stop-Scenario "'$key' is missing." } }
    if ("$($scenario.computerName)" -notmatch '^[A-Za-z0-9-]{1,15}$') { Stop-Scenario "'computerName' has to be a NetBIOS name." }
    if ("$($scenario.build)" -notmatch '^\d+\.\d+\.\d+\.\d+$') { Stop-Scenario "'build' has to be four numbers with dots." }
    if ($scenario.locale -and "$($scenario.locale)" -notmatch '^(en|de|ja)-[A-Z]{2}$') { Stop-Scenario "'locale' has to be English, German or Japanese (en-US, de-DE, ja-JP)." }
    foreach ($part in 'service', 'account', 'dc', 'key', 'database', 'scheduler', 'policies', 'pinned', 'commands', 'delays', 'expect') { Assert-ScenarioKeys $part $scenario.$part }
    foreach ($part in 'connectors', 'logs', 'events', 'registry', 'folders') { foreach ($item in @($scenario.$part)) { if ($item) { Assert-ScenarioKeys "${part}[]" $item } } }
    foreach ($log in @($scenario.logs)) { if ($log) { Assert-ScenarioValue 'logs.name' $log.name $script:Logs; if (-not ($log.maximumRecords -ge 1 -and $log.maximumRecords -le 1000000)) { Stop-Scenario "'logs.maximumRecords' has to be a number from 1 to 1000000." } } }
    foreach ($item in @($scenario.events)) {
        if (-not $item) { continue }
        if ($item.log) { Assert-ScenarioValue 'events.log' $item.log $script:Logs }
        if ($item.format) { Assert-ScenarioValue 'events.format' $item.format 'throws', 'missing' }
        if ($item.generate -and -not ($item.generate.count -ge 0 -and $item.generate.count -le 1000000)) { Stop-Scenario "'events.generate.count' has to be a number from 0 to 1000000." }
    }
    Assert-ScenarioValue 'service.state' $scenario.service.state 'Running', 'Stopped', 'Absent'
    if ($scenario.role) { Assert-ScenarioValue 'role' $scenario.role 'member', 'domain-controller' }
    foreach ($program in @($scenario.programs)) { if ($program) { Assert-ScenarioValue 'programs' $program 'AzureADConnect', 'miisclient' } }
    Assert-ScenarioValue 'service.kind' $scenario.service.kind 'virtual', 'managed', 'domain', 'local'
    if ($scenario.service.startMode) { Assert-ScenarioValue 'service.startMode' $scenario.service.startMode 'Automatic', 'Manual', 'Disabled' }
    Assert-ScenarioValue 'key.state' $scenario.key.state 'present', 'unreadable', 'lost', 'none'
    if ($scenario.account.lastChange) { Assert-ScenarioValue 'account.lastChange' $scenario.account.lastChange 'change', 'reset', 'unknown' }
    if ($scenario.account.proof) { Assert-ScenarioValue 'account.proof' $scenario.account.proof 'files', 'registry', 'files-and-registry', 'none' }
    if ($scenario.database.kind) { Assert-ScenarioValue 'database.kind' $scenario.database.kind 'localdb', 'remote' }
    if ($scenario.database.state) { Assert-ScenarioValue 'database.state' $scenario.database.state 'healthy', 'broken', 'restored', 'full' }
    foreach ($variant in @($scenario.commands.variants)) { if ($variant) { Assert-ScenarioValue 'commands.variants' $variant $script:Variants } }
    foreach ($text in @($scenario.commands.blocked)) { if ($null -ne $text -and "$text".Length -lt 8) { Stop-Scenario "'commands.blocked' has a text of less than 8 characters." } }
    foreach ($connector in $scenario.connectors) {
        Assert-ScenarioValue 'connectors.type' $connector.type 'AD', 'Entra', 'EntraApplication', 'Generic'
        if ($connector.certificate) { Assert-ScenarioValue 'connectors.certificate' $connector.certificate 'valid', 'expired', 'lost' }
        if (-not $connector.name) { Stop-Scenario 'a connector has no name.' }
        if ($connector.type -eq 'AD' -and (-not $connector.forest -or -not $connector.account)) { Stop-Scenario "connector '$($connector.name)' needs 'forest' and 'account'." }
    }
    foreach ($name in @($scenario.delays.PSObject.Properties.Name)) { if ($name -and $name -ne '$comment' -and -not (($scenario.delays.$name -is [int] -or $scenario.delays.$name -is [double]) -and $scenario.delays.$name -ge 0 -and $scenario.delays.$name -le 3600)) { Stop-Scenario "'delays.$name' has to be seconds from 0 to 3600." } }
    foreach ($span in @($scenario.events | ForEach-Object { $_.ago }) + $scenario.dc.from + $scenario.dc.clock + $scenario.scheduler.running) { if ($span) { [void](ConvertFrom-ScenarioSpan $span) } }
    $scenario
}

# The names of the secrets that a scenario uses; the two administrators' may be missing: then nobody can sign in as them.
function Get-ScenarioSecrets($Scenario) {
    $names = @($Scenario.account.password, $Scenario.account.oldPassword, $Scenario.service.scmPassword)
    foreach ($connector in $Scenario.connectors) { $names += $connector.password; $names += $(if ($connector.stored -is [string]) { $connector.stored } else { $connector.stored.secret }) }
    @($names + 'entraAdmin' + 'enterpriseAdmin' | Where-Object { $_ } | Select-Object -Unique)
}

# "90m", "26h", "3d", "45s"
function ConvertFrom-ScenarioSpan([string]$Text) {
    if ($Text -notmatch '^(\d+(?:\.\d+)?)(s|m|h|d)$') { Stop-Scenario "'$Text' is not a duration such as 45s, 90m, 26h, 3d." }
    [TimeSpan]::FromSeconds([double]::Parse($Matches[1], [Globalization.CultureInfo]::InvariantCulture) * @{ s = 1; m = 60; h = 3600; d = 86400 }[$Matches[2]])
}
