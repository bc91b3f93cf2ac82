# The event logs as they stand when the server appears: what the scenario lists, and generated everyday events between.

function New-LabHistory($State, $What) {
    $now = Get-LabNow
    $rows = New-Object System.Collections.Generic.List[object]
    $generated = 0
    $seed = 0
    foreach ($item in @($What.events)) {
        if (-not $item) { continue }
        if ($item.generate) { if (-not $generated) { $seed = [int]$item.generate.seed }; $generated += [int]$item.generate.count; continue }
        $kind = Get-LabEventKind $item.provider ([int]$item.id)
        $data = @(foreach ($value in @($item.data)) { if ($null -ne $value) { "$value".Replace('{displayName}', $State.service.displayName).Replace('{startName}', $State.service.startName).Replace('{computerName}', $State.computerName) } })
        $binary = if ($item.provider -eq 'Service Control Manager' -and $item.id -in 7000, 7001, 7024, 7023, 7031, 7034) { Get-LabScmBinary } elseif ($item.provider -eq 'Service Control Manager' -and $item.id -eq 7036) { Get-LabScmBinary '/1' } else { '' }
        $rows.Add(@{ At = $now - (ConvertFrom-ScenarioSpan $item.ago); Log = $(if ($item.log) { $item.log } else { $kind.Log }); Id = [int]$item.id; Level = $(if ($null -ne $item.level) { [int]$item.level } else { $kind.Level }); Provider = $item.provider; Data = $data; Binary = $binary; Message = $item.message; Format = $item.format })
        if ($item.id -in 7000, 7024 -and $State.service.state -eq 'Stopped' -and $null -eq $What.service.exitCode) { Set-LabExitFromEvent $State $data }
    }
    $lines = New-Object System.Collections.Generic.List[string]
    foreach ($log in @($What.logs)) { if ($log) { $lines.Add("#capacity`t$($log.name)`t$([long]$log.maximumRecords)") } }
    # Everyday events between: they follow from the seed, so that nobody has to write a million lines, or to read them.
    if ($generated) { $lines.Add("#generate`t$generated`t$seed`t$(ConvertTo-LabTime $now.AddSeconds(-60))") }
    foreach ($row in @($rows | Sort-Object { $_.At })) { $lines.Add((Format-LabEvent 0 $row.At $row.Log $row.Id $row.Level $row.Provider $row.Data $row.Binary $row.Message $row.Format)) }
    $lines.Add('#live')
    [IO.File]::WriteAllText([IO.Path]::Combine($script:Server, 'events.tsv'), ($lines.ToArray() -join "`n") + "`n")
    $script:EventStore = $null
    $store = Get-LabEventStore
    foreach ($log in $script:Logs) { Set-LabRecord $State $log ([Math]::Max(1000, $store.Reach($log)[2])) }
}

# The service control manager remembers the codes of the last failed start.
function Set-LabExitFromEvent($State, [string[]]$Data) {
    if ($Data[1] -match '^%%(-?\d+)$') {
        $code = [long]$Matches[1]
        if ($code -gt 0 -and $code -lt 20000) { $State.service.exitCode = [int]$code; $State.service.specificCode = 0 }
        else { $State.service.exitCode = 1066; $State.service.specificCode = [int]$code }
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
