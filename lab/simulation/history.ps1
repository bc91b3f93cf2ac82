# The event logs as they stand when the server appears: what the scenario lists, and generated everyday events between.

function New-LabHistory($State, $What) {
    $now = Get-LabNow
    $rows = New-Object System.Collections.Generic.List[object]
    foreach ($item in @($What.events)) {
        if (-not $item) { continue }
        if ($item.generate) { Add-LabNoise $rows $now ([int]$item.generate.count) ([int]$item.generate.seed); continue }
        $kind = Get-LabEventKind $item.provider ([int]$item.id)
        $data = @(foreach ($value in @($item.data)) { if ($null -ne $value) { "$value".Replace('{displayName}', $State.service.displayName).Replace('{startName}', $State.service.startName).Replace('{computerName}', $State.computerName) } })
        $binary = if ($item.provider -eq 'Service Control Manager' -and $item.id -in 7000, 7001, 7024, 7023, 7031, 7034) { Get-LabScmBinary } elseif ($item.provider -eq 'Service Control Manager' -and $item.id -eq 7036) { Get-LabScmBinary '/1' } else { '' }
        $rows.Add(@{ At = $now - (ConvertFrom-ScenarioSpan $item.ago); Log = $(if ($item.log) { $item.log } else { $kind.Log }); Id = [int]$item.id; Level = $(if ($null -ne $item.level) { [int]$item.level } else { $kind.Level }); Provider = $item.provider; Data = $data; Binary = $binary; Message = $item.message })
        if ($item.id -in 7000, 7024 -and $State.service.state -eq 'Stopped' -and $null -eq $What.service.exitCode) { Set-LabExitFromEvent $State $data }
    }
    $next = @{}
    $lines = New-Object System.Collections.Generic.List[string]
    foreach ($row in @($rows | Sort-Object { $_.At })) {
        $next[$row.Log] = [int]$next[$row.Log] + 1
        $lines.Add((Format-LabEvent ($next[$row.Log] + 1000) $row.At $row.Log $row.Id $row.Level $row.Provider $row.Data $row.Binary $row.Message))
    }
    [IO.File]::WriteAllText([IO.Path]::Combine($script:Server, 'events.tsv'), ($lines.ToArray() -join "`n") + $(if ($lines.Count) { "`n" }))
    foreach ($log in 'System', 'Application', 'Security') { $State.records.$log = 1000 + [int]$next[$log] }
}

# The service control manager remembers the codes of the last failed start.
function Set-LabExitFromEvent($State, [string[]]$Data) {
    if ($Data[1] -match '^%%(-?\d+)$') {
        $code = [long]$Matches[1]
        if ($code -gt 0 -and $code -lt 20000) { $State.service.exitCode = [int]$code; $State.service.specificCode = 0 }
        else { $State.service.exitCode = 1066; $State.service.specificCode = [int]$code }
    }
}

# Everyday events of the last 30 days, the same for the same seed.
function Add-LabNoise($Rows, [DateTime]$Now, [int]$Count, [int]$Seed) {
    $random = New-Object System.Random $Seed
    $kinds = @(
        @('System', 7036, 4, 'Service Control Manager', 'Windows Update|WinHTTP Web Proxy Auto-Discovery Service|Background Intelligent Transfer Service|Windows Modules Installer'),
        @('System', 1501, 4, 'Microsoft-Windows-GroupPolicy', 'The Group Policy settings for the computer were processed successfully.'),
        @('System', 35, 4, 'Microsoft-Windows-Time-Service', 'The time service is now synchronizing the system time with the time source DC01.'),
        @('Application', 904, 4, 'Directory Synchronization', 'Scheduler::SchedulerThreadMain : Completed configured scheduler operations.|Scheduler::SchedulerThreadMain : Started Scheduler thread.'),
        @('Application', 653, 4, 'Directory Synchronization', 'Provision credentials ping start.'),
        @('Application', 654, 4, 'Directory Synchronization', 'Provision credentials ping end.'),
        @('Application', 109, 4, 'Directory Synchronization', 'Import: Completed.')
    )
    for ($i = 0; $i -lt $Count; $i++) {
        $kind = $kinds[$random.Next($kinds.Count)]
        $texts = $kind[4].Split('|')
        $text = $texts[$random.Next($texts.Count)]
        $Rows.Add(@{ At = $Now.AddSeconds(-1 * $random.Next(60, 2592000)); Log = $kind[0]; Id = $kind[1]; Level = $kind[2]; Provider = $kind[3]; Data = $(if ($kind[1] -eq 7036) { @($text, @('running', 'stopped')[$random.Next(2)]) } else { @($text) }); Binary = ''; Message = $null })
    }
}

# What ran before the server appeared: the last cycle of a running service, or the last one before the failure of a stopped one.
function New-LabRunHistory($State, $What) {
    $end = (Get-LabNow).AddMinutes(-12)
    $failures = @($What.events | Where-Object { $_.provider -eq 'Service Control Manager' -and $_.id -in 7000, 7024 })
    if ($State.service.state -eq 'Stopped') {
        if (-not $failures.Count) { return }
        $end = (Get-LabNow) - (ConvertFrom-ScenarioSpan $failures[0].ago) - [TimeSpan]::FromMinutes(40)
    }
    $results = New-Object System.Collections.Generic.List[object]
    foreach ($runProfile in @('Delta Import', 'Delta Synchronization') + @(if (-not $State.scheduler.staging) { 'Export' })) {
        foreach ($connector in $State.connectors) {
            $State.runNumber = [int]$State.runNumber + 1
            $usable = $State.service.state -eq 'Stopped' -or $runProfile -eq 'Delta Synchronization' -or ((Test-LabStored $State $connector) -and -not $connector.signIn)
            $refused = if ($connector.signIn -or $connector.authentication -eq 'application') { 'stopped-extension-dll-exception' } else { 'no-start-credentials' }
            $results.Add(@{ number = $State.runNumber; connector = $connector.name; profile = $runProfile; result = $(if ($usable) { 'success' } else { $refused }); start = (ConvertTo-LabTime $end); end = (ConvertTo-LabTime $end.AddSeconds(4)) })
            $end = $end.AddSeconds(4)
        }
    }
    $State.runs = ConvertFrom-Json (ConvertTo-Json -InputObject $results.ToArray() -Depth 4 -Compress)
}
