# sqlcmd.exe against the one database of this server; it answers while the database process lives.

function Invoke-LabSqlcmd([string[]]$Words) {
    $option = @{}
    for ($i = 0; $i -lt $Words.Count; $i++) {
        if ($Words[$i] -cmatch '^-([SdQqtlhwsoiUPv])$' -and $i + 1 -lt $Words.Count) { $option[$Matches[1]] = $Words[++$i] }
        elseif ($Words[$i] -cmatch '^-([SdQqtlh])(.+)$') { $option[$Matches[1]] = $Matches[2] }
        elseif ($Words[$i] -cmatch '^-([EbICNjWrXk])$') { $option[$Matches[1] + '!'] = $true }
        else { return @{ Err = @("Sqlcmd: '$($Words[$i])': Unknown Option. Enter '-?' for help."); Code = 1 } }
    }
    $state = Get-LabState
    $database = $state.database
    $here = $database.kind -ne 'localdb' -or "$($option['S'])" -like "(localdb)\*$($database.instance)"
    if (-not $here -or -not (Test-LabDatabaseAlive $state)) {
        return @{ Err = @('Sqlcmd: Error: Microsoft ODBC Driver 17 for SQL Server : SQL Server Network Interfaces: Error occurred during LocalDB instance startup: SQL Server process failed to start. .', 'Sqlcmd: Error: Microsoft ODBC Driver 17 for SQL Server : Login timeout expired.'); Code = 1 }
    }
    if ($option['d'] -and $option['d'] -ne $database.name -and $option['d'] -ne 'master') { return @{ Err = @("Sqlcmd: Error: Microsoft ODBC Driver 17 for SQL Server : Cannot open database ""$($option['d'])"" requested by the login. The login failed.."); Code = 1 } }
    $query = "$($option['Q'])$($option['q'])"
    if ($query -match "(?is)^\s*backup\s+database\s+\[([^\]]+)\]\s+to\s+disk\s*=\s*N?'((?:[^']|'')+)'\s+with\s+(.+?);?\s*$") {
        $name = $Matches[1]
        $to = Resolve-LabPath $Matches[2].Replace("''", "'")
        $with = $Matches[3]
        if ($name -ne $database.name) { return (New-LabSqlError $option "Msg 911, Level 16, State 11, Server $($state.computerName), Line 1" "Database '$name' does not exist. Make sure that the name is entered correctly.") }
        # The database process writes as its own account: only beside the database, or where everybody may.
        $folder = if ($to.Kind -eq 'file') { [IO.Path]::GetDirectoryName($to.Real) }
        $allowed = $to.Kind -eq 'file' -and [IO.Directory]::Exists($folder) -and ($to.Windows -like "$($state.installPath)Data\*" -or $to.Windows -like 'C:\Windows\Temp\*' -or (Get-LabSddl (Resolve-LabPath $to.Windows.Substring(0, $to.Windows.LastIndexOf('\')))) -match ([regex]::Escape((Get-LabSid $state.service.startName)) + '|;;;WD\)'))
        if (-not $allowed) { return (New-LabSqlError $option "Msg 3201, Level 16, State 1, Server $($state.computerName), Line 1" "Cannot open backup device '$($to.Windows)'. Operating system error 5(Access is denied.)." 'BACKUP DATABASE is terminating abnormally.') }
        $pages = [long]($database.sizeMb * 128)
        [IO.File]::WriteAllText($to.Real, "Practice lab backup of $name, $pages pages, $with`r`n")
        return @{ Out = @("Processed $pages pages for database '$name', file '$name' on file 1.", "Processed 2 pages for database '$name', file '${name}_log' on file 1.", "BACKUP DATABASE successfully processed $($pages + 2) pages in 0.300 seconds (160.000 MB/sec)."); Code = 0 }
    }
    if ($query -match '(?i)select\s+db_name\(\)') { return @{ Out = @($(if ($option['d']) { $option['d'] } else { 'master' }), '', '(1 rows affected)'); Code = 0 } }
    if ($query -match '(?i)select\s+@@servername') { return @{ Out = @("$($state.computerName)\LOCALDB#1A2B3C4D", '', '(1 rows affected)'); Code = 0 } }
    if ($query -match '(?i)sum\(.*size\)|sys\.database_files|sys\.master_files') { return @{ Out = @("$([long]($database.sizeMb * 128))", '', '(1 rows affected)'); Code = 0 } }
    if ($query -match '(?i)^\s*(set nocount on;)?\s*select\s+1\s*;?\s*$') { return @{ Out = @('          1', '', '(1 rows affected)'); Code = 0 } }
    New-LabSqlError $option "Msg 50000, Level 16, State 1, Server $($state.computerName), Line 1" 'This statement is not in the practice lab.'
}

# SQL's own errors go to standard output; only -b makes them an exit code.
function New-LabSqlError($Option, [string[]]$Lines) { @{ Out = @($Lines + $args); Code = $(if ($Option['b!']) { 1 } else { 0 }) } }
