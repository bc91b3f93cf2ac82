# Paths of the simulated server: its one drive C: (the folder `drive`), its registry, its environment. Nothing else has a name.

function Resolve-LabPath([string]$Path) {
    $p = $Path -replace '^Microsoft\.PowerShell\.Core\\', '' -replace '^FileSystem::', '' -replace '^\\\\\?\\', ''
    if ($p -match '^(Registry::)?(HKLM:|HKEY_LOCAL_MACHINE|HKCU:|HKEY_CURRENT_USER|HKU:|HKEY_USERS)(\\|$)(.*)$') {
        $root = $Matches[2]
        $rest = $Matches[4].Replace('/', '\').Trim('\')
        $hive = switch -regex ($root) { 'LOCAL|LM' { 'HKEY_LOCAL_MACHINE' } 'CURRENT|CU' { 'HKEY_CURRENT_USER' } default { 'HKEY_USERS' } }
        $name = if ($rest) { "$hive\$rest" } else { $hive }
        return @{ Kind = 'registry'; Name = $name; Key = $name.ToLowerInvariant(); Windows = $Path }
    }
    if ($p -match '^(env|variable|function|alias):\\?(.*)$') { return @{ Kind = $Matches[1].ToLowerInvariant(); Name = $Matches[2]; Windows = $p } }
    if ($p -match '^[A-Za-z]:' -and $p -notmatch '^[Cc]:') { return @{ Kind = 'none'; Windows = $p; Drive = $p.Substring(0, 1) } }
    if ($p -notmatch '^[Cc]:') {
        if ($p -match '^(/|\\\\|~)') { return @{ Kind = 'none'; Windows = $p } }
        $p = $(if ($p.StartsWith('\')) { 'C:' } else { "$($script:Location)\" }) + $p
    }
    $parts = New-Object System.Collections.Generic.List[string]
    foreach ($part in $p.Substring(2).Split([char[]]'\/', [StringSplitOptions]::RemoveEmptyEntries)) {
        if ($part -eq '.') { continue }
        if ($part -eq '..') { if ($parts.Count) { $parts.RemoveAt($parts.Count - 1) }; continue }
        $parts.Add($part)
    }
    $real = [IO.Path]::Combine($script:Server, 'drive')
    for ($i = 0; $i -lt $parts.Count; $i++) {
        $next = [IO.Path]::Combine($real, $parts[$i])
        if (-not ([IO.File]::Exists($next) -or [IO.Directory]::Exists($next)) -and [IO.Directory]::Exists($real)) {
            foreach ($entry in [IO.Directory]::GetFileSystemEntries($real)) {
                if ([IO.Path]::GetFileName($entry) -eq $parts[$i]) { $next = $entry; $parts[$i] = [IO.Path]::GetFileName($entry); break }
            }
        }
        $real = $next
    }
    @{ Kind = 'file'; Windows = 'C:\' + ($parts -join '\'); Real = $real; Leaf = $(if ($parts.Count) { $parts[$parts.Count - 1] } else { 'C:\' }) }
}

# The paths that a wildcard stands for; a plain path stands for itself, there or not.
function Expand-LabPath([string]$Path, [bool]$Literal) {
    $at = Resolve-LabPath $Path
    if ($Literal -or $Path -notmatch '[*?\[]') { return $at }
    if ($at.Kind -eq 'registry') {
        $cut = $at.Name.LastIndexOf('\')
        $pattern = $at.Name.Substring($cut + 1)
        return @(Get-LabRegistryChildren $at.Name.Substring(0, $cut) | Where-Object { $_.Split('\')[-1] -like $pattern } | ForEach-Object { Resolve-LabPath "Registry::$_" })
    }
    if ($at.Kind -ne 'file') { return $at }
    $found = @('C:')
    foreach ($part in $at.Windows.Substring(3).Split('\')) {
        $found = @(foreach ($folder in $found) {
            $real = (Resolve-LabPath "$folder\").Real
            if ($part -notmatch '[*?\[]') { "$folder\$part"; continue }
            if ([IO.Directory]::Exists($real)) { [IO.Directory]::GetFileSystemEntries($real) | ForEach-Object { [IO.Path]::GetFileName($_) } | Where-Object { $_ -like $part } | Sort-Object | ForEach-Object { "$folder\$_" } }
        })
    }
    @($found | ForEach-Object { Resolve-LabPath $_ } | Where-Object { Test-LabItem $_ })
}

function Test-LabItem($At) {
    switch ($At.Kind) {
        'file' { [IO.File]::Exists($At.Real) -or [IO.Directory]::Exists($At.Real) }
        'registry' { Test-LabRegistryKey $At }
        'env' { -not $At.Name -or $null -ne [Environment]::GetEnvironmentVariable($At.Name) }
        'variable' { $null -ne $PSCmdlet.SessionState.PSVariable.Get($At.Name) }
        'function' { $null -ne $PSCmdlet.SessionState.InvokeCommand.GetCommand($At.Name, 'Function') }
        default { $false }
    }
}

# A module's functions do not see their caller's $ErrorActionPreference, a real cmdlet does: so it is asked for here.
function Write-LabRecord($Cmdlet, [System.Management.Automation.ErrorRecord]$Record, [bool]$Terminate) {
    if ($Terminate) { $Cmdlet.ThrowTerminatingError($Record) }
    if (-not $Cmdlet.MyInvocation.BoundParameters.ContainsKey('ErrorAction')) {
        $preference = "$($Cmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference'))"
        if ($preference -eq 'Stop') { $Cmdlet.ThrowTerminatingError($Record) }
        if ($preference -in 'SilentlyContinue', 'Ignore') { return }
    }
    $Cmdlet.WriteError($Record)
}

# Reports a path that is not there, in the words of the real commands; a path of another machine says so.
function Write-LabMissing($Cmdlet, $At, [switch]$Terminate) {
    if ($At.Kind -eq 'none' -and -not $At.Drive) {
        $message = "Cannot find path '$($At.Windows)' because it is not in the practice lab."
        $id = 'PathNotFound'
        $error1 = New-Object System.Management.Automation.ItemNotFoundException $message
    } elseif ($At.Kind -eq 'none') {
        $message = "Cannot find drive. A drive with the name '$($At.Drive)' does not exist."
        $id = 'DriveNotFound'
        $error1 = New-Object System.Management.Automation.ItemNotFoundException $message
    } else {
        $message = "Cannot find path '$($At.Windows)' because it does not exist."
        $id = 'PathNotFound'
        $error1 = New-Object System.Management.Automation.ItemNotFoundException $message
    }
    $record = New-Object System.Management.Automation.ErrorRecord $error1, $id, 'ObjectNotFound', $At.Windows
    Write-LabRecord $Cmdlet $record $Terminate
}

function Write-LabError($Cmdlet, [string]$Message, [string]$Id, [string]$Category, $Target, [string]$Type = 'System.InvalidOperationException', [switch]$Terminate) {
    $record = New-Object System.Management.Automation.ErrorRecord (New-Object $Type $Message), $Id, $Category, $Target
    Write-LabRecord $Cmdlet $record $Terminate
}

# Database files cannot be opened while their process lives.
function Test-LabSharing($Cmdlet, $At) {
    if ($At.Kind -eq 'file' -and $At.Leaf -match '\.(mdf|ldf)$' -and (Test-LabDatabaseAlive (Get-LabState))) {
        Write-LabError $Cmdlet "The process cannot access the file '$($At.Windows)' because it is being used by another process." 'IOError' 'WriteError' $At.Windows 'System.IO.IOException'
        return $false
    }
    $true
}
$script:Location = 'C:\Users\labadmin\Documents'
