# Get-WinEvent over the simulated logs.

$script:Providers = @('Service Control Manager', 'ADSync', 'Directory Synchronization', 'MIISKMU', 'Azure AD Connect Upgrade', 'Microsoft-Windows-Security-Auditing', 'Application Error', '.NET Runtime', 'PasswordResetService', 'EventLog', 'Microsoft-Windows-Eventlog', 'Microsoft-Windows-Crypto-DPAPI', 'Microsoft-Windows-Kernel-General', 'Microsoft-Windows-Time-Service', 'Microsoft-Windows-GroupPolicy', 'NETLOGON') + [PracticeLab.Standard.Events.GeneratedEvents]::Providers | Select-Object -Unique
$script:NoFiles = 'Event log files are not in the practice lab.'

function Get-WinEvent {
    [CmdletBinding(DefaultParameterSetName = 'GetLogSet')]
    param([Parameter(ParameterSetName = 'GetLogSet', Position = 0, ValueFromPipeline)][string[]]$LogName, [Parameter(ParameterSetName = 'ListLogSet', Mandatory, Position = 0)][string[]]$ListLog, [Parameter(ParameterSetName = 'GetProviderSet', Mandatory, Position = 0)][string[]]$ProviderName,
        [Parameter(ParameterSetName = 'ListProviderSet', Mandatory, Position = 0)][string[]]$ListProvider, [Parameter(ParameterSetName = 'HashQuerySet', Mandatory, Position = 0)][hashtable[]]$FilterHashtable, [Parameter(ParameterSetName = 'XmlQuerySet', Mandatory, Position = 0)][xml]$FilterXml,
        [Parameter(ParameterSetName = 'FileSet', Mandatory, Position = 0)][string[]]$Path, [ValidateRange(1, 9223372036854775807)][long]$MaxEvents = [long]::MaxValue, [string]$ComputerName, [pscredential]$Credential, [string]$FilterXPath, [switch]$Oldest, [switch]$Force)
    $state = Get-LabState
    $query = New-Object PracticeLab.Standard.Events.EventQuery $state.computerName
    try {
        switch ($PSCmdlet.ParameterSetName) {
            'ListLogSet' { foreach ($pattern in $ListLog) { Show-LabLogs $PSCmdlet $pattern }; return }
            'ListProviderSet' { foreach ($pattern in $ListProvider) { $script:Providers | Where-Object { $_ -like $pattern } | ForEach-Object { [pscustomobject]@{ Name = $_; LogLinks = @() } } }; return }
            'FileSet' { Write-LabError $PSCmdlet $script:NoFiles 'LogFileNotFound' 'ObjectNotFound' $Path -Terminate }
            'GetLogSet' { foreach ($log in $(if ($LogName) { $LogName } else { $script:Logs })) { Assert-LabLog $PSCmdlet $log; if (Test-LabLogOpen $PSCmdlet $log) { $query.Add($log, $(if ($FilterXPath) { $FilterXPath } else { '*' }), $true) } } }
            'GetProviderSet' { foreach ($provider in $ProviderName) { Assert-LabProvider $PSCmdlet $provider; $query.Add($null, "*[System[Provider[@Name=$(ConvertTo-LabQuoted $provider)]]]", $true) } }
            'HashQuerySet' { foreach ($table in $FilterHashtable) { Add-LabHashQuery $PSCmdlet $query $table } }
            'XmlQuerySet' { Add-LabXmlQuery $PSCmdlet $query $FilterXml }
        }
    } catch [FormatException] {
        Write-LabError $PSCmdlet 'The specified query is invalid' 'System.Diagnostics.Eventing.Reader.EventLogException' 'NotSpecified' $null 'PracticeLab.Standard.Events.EventLogException' -Terminate
    }
    $texts = New-Object PracticeLab.Standard.Events.EventTexts $state.locale, $script:ScmTexts, $script:Win32Texts, $script:SyncTexts, $script:LevelNames
    $machine = "$($state.computerName).$($state.domain)"
    $any = $false
    foreach ($row in (Get-LabEventStore).Read($query, [bool]$Oldest, $MaxEvents)) {
        $any = $true
        $record = [PracticeLab.Standard.Events.EventLogRecord]::new($row, $texts, $machine)
        # The error comes first, then the event without its text.
        if ($null -ne $record.Problem -and -not $state.variants.quietMessages) { Write-LabError $PSCmdlet $record.Problem $record.Problem 'NotSpecified' $null 'PracticeLab.Standard.Events.EventLogException' }
        $record.ToObject()
    }
    if (-not $any) { Write-LabError $PSCmdlet 'No events were found that match the specified selection criteria.' 'NoMatchingEventsFound' 'ObjectNotFound' $null 'System.Exception' }
}

function Assert-LabLog($Cmdlet, [string]$Log) {
    if ($Log -notin $script:Logs) { Write-LabError $Cmdlet "There is not an event log on the localhost computer that matches ""$Log""." 'NoMatchingLogsFound' 'ObjectNotFound' $Log 'System.Exception' -Terminate }
}

# Without administrator rights the Security log neither tells about itself nor can be read.
function Test-LabLogOpen($Cmdlet, [string]$Log) {
    if ($Log -ne 'Security' -or -not (Get-LabState).variants.filteredToken) { return $true }
    Write-LabError $Cmdlet 'Could not retrieve information about the Security log. Error: Attempted to perform an unauthorized operation..' 'LogInfoUnavailable' 'NotSpecified' $Log 'System.Exception'
    $false
}

function Assert-LabProvider($Cmdlet, [string]$Name) {
    if ($Name -notin $script:Providers) { Write-LabError $Cmdlet "There is not an event provider on the localhost computer that matches ""$Name""." 'NoMatchingProvidersFound' 'ObjectNotFound' $Name 'System.Exception' -Terminate }
}

# A structured query goes to the service as it is: what is wrong with it ends the command.
function Add-LabXmlQuery($Cmdlet, $Query, [xml]$Xml) {
    $selects = @($Xml.SelectNodes('/QueryList/Query/Select'))
    if (-not $selects.Count) { throw [FormatException]'query' }
    foreach ($node in $selects + @($Xml.SelectNodes('/QueryList/Query/Suppress'))) {
        $log = $node.GetAttribute('Path')
        if (-not $log) { $log = $node.ParentNode.GetAttribute('Path') }
        if (-not $log) { $log = $node.ParentNode.SelectSingleNode('Select').GetAttribute('Path') }
        if ($log -notin $script:Logs) { Write-LabError $Cmdlet 'The specified channel could not be found.' 'System.Diagnostics.Eventing.Reader.EventLogNotFoundException' 'NotSpecified' $null 'PracticeLab.Standard.Events.EventLogNotFoundException' -Terminate }
        if ($log -eq 'Security' -and (Get-LabState).variants.filteredToken) { Write-LabError $Cmdlet 'Attempted to perform an unauthorized operation.' 'System.UnauthorizedAccessException' 'NotSpecified' $null 'System.UnauthorizedAccessException' -Terminate }
        $Query.Add($log, $node.InnerText, $node.LocalName -eq 'Select')
    }
}

function ConvertTo-LabQuoted([string]$Text) { if ($Text.Contains("'")) { """$Text""" } else { "'$Text'" } }

# Each key of the table becomes a condition, each value one expression: the query that Windows makes of it.
function Add-LabHashQuery($Cmdlet, $Query, [hashtable]$Table) {
    $logs = @()
    $system = @()
    $data = @()
    $any = { param($Values, $Shape) '(' + (@(foreach ($value in $Values) { & $Shape $value }) -join ' or ') + ')' }
    foreach ($key in @($Table.Keys)) {
        $values = @($Table[$key])
        switch ($key) {
            'LogName' { foreach ($log in $values) { Assert-LabLog $Cmdlet $log; $logs += $log } }
            'ProviderName' { foreach ($name in $values) { Assert-LabProvider $Cmdlet $name }; $system += & $any $values { "Provider[@Name=$(ConvertTo-LabQuoted $args[0])]" } }
            'Id' { $system += & $any $values { "EventID=$([int]$args[0])" } }
            'Level' { $system += & $any $values { "Level=$([int]$args[0])" } }
            'StartTime' { $system += "TimeCreated[@SystemTime >= '$(ConvertTo-LabTime ([DateTime]$values[0]))']" }
            'EndTime' { $system += "TimeCreated[@SystemTime <= '$(ConvertTo-LabTime ([DateTime]$values[0]))']" }
            'Data' { $data += & $any $values { "Data=$(ConvertTo-LabQuoted "$($args[0])")" } }
            { $_ -in 'Keywords', 'UserID' } { }
            default { throw [FormatException]'query' }
        }
    }
    $parts = @(if ($system.Count) { "System[$($system -join ' and ')]" }) + @(if ($data.Count) { "EventData[$($data -join ' and ')]" })
    $xpath = if ($parts.Count) { "*[$($parts -join ' and ')]" } else { '*' }
    foreach ($log in $(if ($logs.Count) { $logs } else { , $null })) { if (-not $log -or (Test-LabLogOpen $Cmdlet $log)) { $Query.Add($log, $xpath, $true) } }
}

function Show-LabLogs($Cmdlet, [string]$Pattern) {
    $found = @($script:Logs | Where-Object { $_ -like $Pattern })
    if (-not $found.Count -and $Pattern -notmatch '[*?]') { Write-LabError $Cmdlet "There is not an event log on the localhost computer that matches ""$Pattern""." 'NoMatchingLogsFound' 'ObjectNotFound' $Pattern 'System.Exception' }
    $store = Get-LabEventStore
    foreach ($log in $found) {
        if (-not (Test-LabLogOpen $Cmdlet $log)) { continue }
        $reach = $store.Reach($log)
        [pscustomobject]@{ LogName = $log; RecordCount = [long]$reach[0]; OldestRecordNumber = [long]$reach[1]; IsEnabled = $true; IsLogFull = $false; LogMode = 'Circular'; MaximumSizeInBytes = [long]20971520; FileSize = [long](69632 + 500 * $reach[0]); LastWriteTime = [DateTime]::Now }
    }
}
