# Get-WinEvent over the simulated logs.

$script:Logs = 'System', 'Application', 'Security', 'Windows PowerShell', 'Setup', 'Microsoft-Windows-TaskScheduler/Operational'
$script:Providers = 'Service Control Manager', 'ADSync', 'Directory Synchronization', 'MIISKMU', 'Azure AD Connect Upgrade', 'Microsoft-Windows-Security-Auditing', 'Application Error', '.NET Runtime', 'PasswordResetService', 'EventLog', 'Microsoft-Windows-Kernel-General', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-GroupPolicy', 'NETLOGON'

function Get-WinEvent {
    [CmdletBinding(DefaultParameterSetName = 'GetLogSet')]
    param([Parameter(ParameterSetName = 'GetLogSet', Position = 0, ValueFromPipeline)][string[]]$LogName, [Parameter(ParameterSetName = 'ListLogSet', Mandatory, Position = 0)][string[]]$ListLog, [Parameter(ParameterSetName = 'GetProviderSet', Mandatory, Position = 0)][string[]]$ProviderName,
        [Parameter(ParameterSetName = 'ListProviderSet', Mandatory, Position = 0)][string[]]$ListProvider, [Parameter(ParameterSetName = 'HashQuerySet', Mandatory, Position = 0)][hashtable[]]$FilterHashtable, [Parameter(ParameterSetName = 'XmlQuerySet', Mandatory, Position = 0)][xml]$FilterXml,
        [Parameter(ParameterSetName = 'FileSet', Mandatory, Position = 0)][string[]]$Path, [ValidateRange(1, 9223372036854775807)][long]$MaxEvents = [long]::MaxValue, [string]$ComputerName, [pscredential]$Credential, [string]$FilterXPath, [switch]$Oldest, [switch]$Force)
    $queries = New-Object System.Collections.Generic.List[object]
    try {
        switch ($PSCmdlet.ParameterSetName) {
            'ListLogSet' { foreach ($pattern in $ListLog) { Show-LabLogs $PSCmdlet $pattern }; return }
            'ListProviderSet' { foreach ($pattern in $ListProvider) { $script:Providers | Where-Object { $_ -like $pattern } | ForEach-Object { [pscustomobject]@{ Name = $_; LogLinks = @() } } }; return }
            'FileSet' { Write-LabError $PSCmdlet 'Event log files are not in the practice lab.' 'LogFileNotFound' 'ObjectNotFound' $Path -Terminate }
            'GetLogSet' { foreach ($log in $(if ($LogName) { $LogName } else { $script:Logs })) { $queries.Add((New-LabQuery $PSCmdlet $log $(if ($FilterXPath) { $FilterXPath } else { '*' }))) } }
            'GetProviderSet' { foreach ($provider in $ProviderName) { Assert-LabProvider $PSCmdlet $provider; $queries.Add(@{ Test = "(`$f[5] -eq '$($provider.Replace('''', ''''''))')" }) } }
            'HashQuerySet' { foreach ($table in $FilterHashtable) { $queries.Add((New-LabHashQuery $PSCmdlet $table)) } }
            'XmlQuerySet' {
                foreach ($select in $FilterXml.SelectNodes('/QueryList/Query/Select')) {
                    $log = $select.GetAttribute('Path')
                    if (-not $log) { $log = $select.ParentNode.GetAttribute('Path') }
                    $query = New-LabQuery $PSCmdlet $log $select.InnerText
                    foreach ($no in $select.ParentNode.SelectNodes('Suppress')) { $query.Test = "($($query.Test) -and -not $((New-LabQuery $PSCmdlet $(if ($no.GetAttribute('Path')) { $no.GetAttribute('Path') } else { $log }) $no.InnerText).Test))" }
                    $queries.Add($query)
                }
                if (-not $queries.Count) { throw 'query' }
            }
        }
    } catch {
        if ("$_" -ne 'query') { throw }
        Write-LabError $PSCmdlet 'The specified query is invalid' 'System.Diagnostics.Eventing.Reader.EventLogException' 'NotSpecified' $null 'System.InvalidOperationException' -Terminate
    }
    $rows = Get-LabEventRows
    $state = Get-LabState
    $count = 0
    $text = @($queries | ForEach-Object { $_.Test }) -join ' -or '
    # One loop with the condition inside: a call for each event would cost more than the condition.
    $search = [scriptblock]::Create('param($rows, $i, $step, $max) $n = 0; for (; $i -ge 0 -and $i -lt $rows.Count; $i += $step) { $f = $rows[$i]; ' +
        $(if ($text.Contains('$d')) { '$d = $f[7].Split([char]31); ' }) + "if ($text) { , `$f; if (++`$n -ge `$max) { break } } }")
    foreach ($f in & $search $rows $(if ($Oldest) { 0 } else { $rows.Count - 1 }) $(if ($Oldest) { 1 } else { -1 }) $MaxEvents) {
        $count++
        New-LabEventRecord $PSCmdlet $f $state
    }
    if ($count -eq 0) { Write-LabError $PSCmdlet 'No events were found that match the specified selection criteria.' 'NoMatchingEventsFound' 'ObjectNotFound' $null 'System.Exception' }
}

function New-LabQuery($Cmdlet, [string]$Log, [string]$XPath) {
    if ($Log -notin $script:Logs) { Write-LabError $Cmdlet "There is not an event log on the localhost computer that matches ""$Log""." 'NoMatchingLogsFound' 'ObjectNotFound' $Log 'System.Exception' -Terminate }
    @{ Test = "(`$f[2] -eq '$Log' -and $(New-LabXPath $XPath))" }
}

function Assert-LabProvider($Cmdlet, [string]$Name) {
    if ($Name -notin $script:Providers) { Write-LabError $Cmdlet "There is not an event provider on the localhost computer that matches ""$Name""." 'NoMatchingProvidersFound' 'ObjectNotFound' $Name 'System.Exception' -Terminate }
}

# Each key of the table becomes a condition; each value one expression, as in the query that Windows makes of it.
function New-LabHashQuery($Cmdlet, [hashtable]$Table) {
    $log = '*'
    $conditions = @()
    $count = 0
    foreach ($key in @($Table.Keys)) {
        $values = @($Table[$key])
        switch ($key) {
            'LogName' { $log = $values[0]; if ($log -notin $script:Logs) { Write-LabError $Cmdlet "There is not an event log on the localhost computer that matches ""$log""." 'NoMatchingLogsFound' 'ObjectNotFound' $log 'System.Exception' -Terminate } }
            'ProviderName' {
                foreach ($name in $values) { Assert-LabProvider $Cmdlet $name }
                $count += $values.Count
                $conditions += '(' + (($values | ForEach-Object { "`$f[5] -eq '$("$_".Replace('''', ''''''))'" }) -join ' -or ') + ')'
            }
            'Id' { $count += $values.Count; $conditions += '(' + (($values | ForEach-Object { "`$f[3] -eq $([int]$_)" }) -join ' -or ') + ')' }
            'Level' { $count += $values.Count; $conditions += '(' + (($values | ForEach-Object { "`$f[4] -eq $([int]$_)" }) -join ' -or ') + ')' }
            'StartTime' { $count++; $conditions += "([string]::CompareOrdinal(`$f[1], '$(ConvertTo-LabTime ([DateTime]$values[0]))') -ge 0)" }
            'EndTime' { $count++; $conditions += "([string]::CompareOrdinal(`$f[1], '$(ConvertTo-LabTime ([DateTime]$values[0]))') -le 0)" }
            'Data' { $count += $values.Count; $conditions += '(' + (($values | ForEach-Object { "`$d -contains '$("$_".Replace('''', ''''''))'" }) -join ' -or ') + ')' }
            { $_ -in 'Keywords', 'UserID' } { $count++ }
            default { throw 'query' }
        }
    }
    if ($count -gt 22) { throw 'query' }
    if ($log -ne '*') { $conditions += "(`$f[2] -eq '$log')" }
    @{ Test = '(' + $(if ($conditions.Count) { $conditions -join ' -and ' } else { '$true' }) + ')' }
}

function Show-LabLogs($Cmdlet, [string]$Pattern) {
    $found = @($script:Logs | Where-Object { $_ -like $Pattern })
    if (-not $found.Count -and $Pattern -notmatch '[*?]') { Write-LabError $Cmdlet "There is not an event log on the localhost computer that matches ""$Pattern""." 'NoMatchingLogsFound' 'ObjectNotFound' $Pattern 'System.Exception' }
    foreach ($log in $found) { [pscustomobject]@{ LogName = $log; RecordCount = [long](Get-LabState).records.$log; IsEnabled = $true; LogMode = 'Circular'; MaximumSizeInBytes = [long]20971520; LastWriteTime = [DateTime]::Now } }
}

# One record. The message was formatted when the record was read; a %%code without a text makes that fail, as on Windows.
function New-LabEventRecord($Cmdlet, $F, $State) {
    $data = if ($F[7] -eq '') { @() } else { $F[7].Split([char]31) }
    $message = if ($F[9]) { $F[9] } elseif ($F[5] -eq 'Service Control Manager' -or $F[5] -eq 'ADSync') { Get-LabEventText $State.locale $F[5] $F[3] $data } else { $data -join ' ' }
    if ($null -eq $message -and -not $State.variants.quietMessages) { Write-LabError $Cmdlet 'The description string for parameter reference (%1) could not be found.' 'System.Diagnostics.Eventing.Reader.EventLogException' 'NotSpecified' $null 'System.Exception' }
    $properties = @(foreach ($item in $data) { [pscustomobject]@{ Value = $item } })
    if ($F[8]) { $properties += [pscustomobject]@{ Value = [byte[]]@(for ($i = 0; $i -lt $F[8].Length; $i += 2) { [Convert]::ToByte($F[8].Substring($i, 2), 16) }) } }
    $record = [pscustomobject]@{
        PSTypeName = 'System.Diagnostics.Eventing.Reader.EventLogRecord'
        Message = $message; Id = $F[3]; Version = $null; Qualifiers = 16384; Level = [byte]$F[4]; Task = 0; Opcode = $null; Keywords = 36028797018963968
        RecordId = $F[0]; ProviderName = $F[5]; ProviderId = $null; LogName = $F[2]; ProcessId = 700; ThreadId = 4; MachineName = "$($State.computerName).$($State.domain)"; UserId = $null
        TimeCreated = [DateTime]::Parse($F[1], [Globalization.CultureInfo]::InvariantCulture); LevelDisplayName = $script:LevelNames[$F[4]]; Properties = $properties; LabLine = $F
    }
    $record.PSObject.Members.Add($script:ToXmlMethod)
    $record.PSObject.Members.Add($script:FormatMethod)
    $record
}
$script:LevelNames = '', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'

$script:EventToXml = {
    $f = $this.LabLine
    $scm = $f[5] -eq 'Service Control Manager'
    $xml = New-Object System.Text.StringBuilder
    [void]$xml.Append("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='$([Security.SecurityElement]::Escape($f[5]))'")
    if ($scm) { [void]$xml.Append(" Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'") }
    [void]$xml.Append("/><EventID Qualifiers='$(if ($scm) { 49152 } else { 0 })'>$($f[3])</EventID><Version>0</Version><Level>$($f[4])</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='$($f[1])'/><EventRecordID>$($f[0])</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='4'/><Channel>$([Security.SecurityElement]::Escape($f[2]))</Channel><Computer>$([Security.SecurityElement]::Escape($this.MachineName))</Computer><Security/></System><EventData>")
    $n = 0
    if ($f[7] -ne '') {
        foreach ($item in $f[7].Split([char]0x1F)) {
            $n++
            [void]$xml.Append($(if ($scm) { "<Data Name='param$n'>" } else { '<Data>' })).Append([Security.SecurityElement]::Escape($item)).Append('</Data>')
        }
    }
    if ($f[8]) { [void]$xml.Append("<Binary>$($f[8])</Binary>") }
    [void]$xml.Append('</EventData></Event>')
    $xml.ToString()
}
$script:ToXmlMethod = New-Object System.Management.Automation.PSScriptMethod 'ToXml', $script:EventToXml
$script:FormatMethod = New-Object System.Management.Automation.PSScriptMethod 'FormatDescription', { $this.Message }
