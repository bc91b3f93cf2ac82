# Processes of the simulated server: the service, its database, and what sessions and tasks started.

function Get-LabProcesses {
    $s = Get-LabState
    if ($s.service.processId) { [pscustomobject]@{ id = $s.service.processId; name = 'miiserver.exe'; path = "$($s.installPath)Bin\miiserver.exe"; commandLine = """$($s.installPath)Bin\miiserver.exe"""; startedAt = $s.service.startedAt } }
    if ($s.database.kind -eq 'localdb' -and (Test-LabDatabaseAlive $s)) { [pscustomobject]@{ id = $s.database.processId; name = 'sqlservr.exe'; path = 'C:\Program Files\Microsoft SQL Server\150\LocalDB\Binn\sqlservr.exe'; commandLine = """C:\Program Files\Microsoft SQL Server\150\LocalDB\Binn\sqlservr.exe"" -c -SMSSQL15E.LOCALDB -sLOCALDB#1A2B3C4D -d""C:\Windows\ServiceProfiles\ADSync\AppData\Local\Microsoft\Microsoft SQL Server Local DB\Instances\$($s.database.instance.Split('\')[-1])\master.mdf"""; startedAt = $(if ($s.service.startedAt) { $s.service.startedAt } else { $s.bootTime }) } }
    foreach ($program in @($s.programs)) {
        if ($program -eq 'AzureADConnect') { [pscustomobject]@{ id = 7388; name = 'AzureADConnect.exe'; path = 'C:\Program Files\Microsoft Azure Active Directory Connect\AzureADConnect.exe'; commandLine = 'AzureADConnect.exe'; startedAt = $s.bootTime } }
        if ($program -eq 'miisclient') { [pscustomobject]@{ id = 7404; name = 'miisclient.exe'; path = "$($s.installPath)UIShell\miisclient.exe"; commandLine = 'miisclient.exe'; startedAt = $s.bootTime } }
    }
    foreach ($process in @($s.processes)) { if ($process -and (-not $process.osId -or (Test-LabAlive $process.osId))) { $process } }
    foreach ($marker in [IO.Directory]::GetFiles([IO.Path]::Combine($script:Server, 'tmp'), 'engine-*')) {
        $id = [int][IO.Path]::GetFileName($marker).Substring(7)
        if (Test-LabAlive $id) { [pscustomobject]@{ id = $id; name = 'powershell.exe'; path = 'C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe'; commandLine = 'powershell.exe'; startedAt = (ConvertTo-LabTime ([IO.File]::GetLastWriteTimeUtc($marker))); osId = $id } }
        else { [IO.File]::Delete($marker) }
    }
    [pscustomobject]@{ id = 4; name = 'System'; path = $null; commandLine = $null; startedAt = $s.bootTime }
    [pscustomobject]@{ id = 720; name = 'services.exe'; path = 'C:\Windows\system32\services.exe'; commandLine = 'C:\Windows\system32\services.exe'; startedAt = $s.bootTime }
}

# Whether a process of this lab that was started by task or by Win32_Process.Create still lives.
function Test-LabAlive([int]$Id) {
    # Without an exception, even a caught one: any error while a session starts keeps it from opening. A zombie has ended.
    $stat = "/proc/$Id/stat"
    if (-not [IO.Directory]::Exists('/proc/self')) { return [bool](@([Diagnostics.Process]::GetProcesses() | Where-Object { $_.Id -eq $Id }).Count) }
    if (-not [IO.File]::Exists($stat)) { return $false }
    $text = [IO.File]::ReadAllText($stat)
    $text[$text.LastIndexOf(')') + 2] -cne 'Z'
}

function Get-Process {
    [Alias('ps')]
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    param([Parameter(ParameterSetName = 'Name', Position = 0, ValueFromPipelineByPropertyName)][Alias('ProcessName')][string[]]$Name, [Parameter(ParameterSetName = 'Id', Mandatory, ValueFromPipelineByPropertyName)][Alias('PID')][int[]]$Id,
        [Parameter(ParameterSetName = 'InputObject', Mandatory, ValueFromPipeline)]$InputObject, [Alias('Cn')][string[]]$ComputerName, [Alias('FV', 'FVI')][switch]$FileVersionInfo, [switch]$Module, [switch]$IncludeUserName)
    process {
        if ($InputObject) { $Id = $InputObject.Id }
        $all = @(Get-LabProcesses)
        if ($Id) {
            foreach ($one in $Id) {
                $found = @($all | Where-Object { $_.id -eq $one })
                if (-not $found.Count) { Write-LabError $PSCmdlet "Cannot find a process with the process identifier $one." 'NoProcessFoundForGivenId' 'ObjectNotFound' $one }
                $found | ForEach-Object { New-LabProcess $_ }
            }
            return
        }
        foreach ($pattern in $(if ($Name) { $Name } else { '*' })) {
            $found = @($all | Where-Object { ($_.name -replace '\.exe$', '') -like ($pattern -replace '\.exe$', '') })
            if (-not $found.Count -and $pattern -notmatch '[*?]') { Write-LabError $PSCmdlet "Cannot find a process with the name ""$pattern"". Verify the process name and call the cmdlet again." 'NoProcessFoundForGivenName' 'ObjectNotFound' $pattern }
            $found | ForEach-Object { New-LabProcess $_ }
        }
    }
}

function New-LabProcess($Process) {
    $name = $Process.name -replace '\.exe$', ''
    $item = [pscustomobject]@{ Id = [int]$Process.id; Name = $name; ProcessName = $name; Path = $Process.path; StartTime = (ConvertFrom-LabTime $Process.startedAt).ToLocalTime(); HasExited = $false; SessionId = 0; MainWindowTitle = ''; Responding = $true; WorkingSet64 = [long]104857600; Handles = 400 }
    $item.PSObject.TypeNames.Insert(0, 'System.Diagnostics.Process')
    $item
}

function Stop-LabProcess([int]$Id) {
    Update-LabState { param($s)
        if ($Id -and $Id -eq $s.service.processId) {
            Add-LabEvent $s 'Service Control Manager' 7034 @($s.service.displayName, '1') (Get-LabScmBinary)
            Set-LabDatabaseLinger $s
            $s.service.generation = [int]$s.service.generation + 1
            Set-LabStopped $s 1067 0
        }
        # A running service brings its LocalDB back at once; without one it stays away.
        if ($Id -and $Id -eq $s.database.processId -and $s.database.kind -eq 'localdb') { $s.database.until = $null }
        foreach ($process in @(Get-LabProcesses | Where-Object { $_.id -eq $Id -and $_.osId })) {
            try { [Diagnostics.Process]::GetProcessById($process.osId).Kill() } catch { $null = $_ }
        }
        $s.processes = @($s.processes | Where-Object { $_.id -ne $Id })
    }
}

function Stop-Process {
    [CmdletBinding(DefaultParameterSetName = 'Id', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Id', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][int[]]$Id, [Parameter(ParameterSetName = 'Name', Mandatory)][Alias('ProcessName')][string[]]$Name,
        [Parameter(ParameterSetName = 'InputObject', Mandatory, Position = 0, ValueFromPipeline)]$InputObject, [switch]$Force, [switch]$PassThru)
    process {
        $targets = if ($InputObject) { @(Get-Process -Id $InputObject.Id) } elseif ($Name) { @(Get-Process -Name $Name) } else { @(Get-Process -Id $Id) }
        foreach ($target in $targets) { Stop-LabProcess $target.Id }
    }
}

# A child that dies with the session, as under sshd's job; only powershell.exe and the lab's own programs exist.
function Start-Process {
    [CmdletBinding(DefaultParameterSetName = 'Default')]
    param([Parameter(Mandatory, Position = 0)][Alias('PSPath')][string]$FilePath, [Parameter(Position = 1)][Alias('Args')][string[]]$ArgumentList, [string]$WorkingDirectory, [switch]$PassThru, [switch]$Wait, [Alias('nnw')][switch]$NoNewWindow, [System.Diagnostics.ProcessWindowStyle]$WindowStyle,
        [string]$Verb, [Alias('RSO')][string]$RedirectStandardOutput, [Alias('RSE')][string]$RedirectStandardError, [Alias('RSI')][string]$RedirectStandardInput, [Alias('Lup')][switch]$LoadUserProfile, [switch]$UseNewEnvironment, [Alias('RunAs')][pscredential]$Credential)
    if ($Verb -or $Credential) { Write-LabError $PSCmdlet 'This command cannot be run: another log-on is not in the practice lab.' 'InvalidOperationException' 'InvalidOperation' $FilePath -Terminate }
    $leaf = ($FilePath.Split('\')[-1].ToLowerInvariant() -replace '\.exe$', '') + '.exe'
    $line = """$FilePath"" $($ArgumentList -join ' ')".Trim()
    if ($leaf -eq 'powershell.exe') {
        $process = Start-LabChild $line
        if ($Wait) { $process.WaitForExit() }
        if ($PassThru) { [pscustomobject]@{ Id = $process.Id; HasExited = $process.HasExited; ExitCode = $(if ($process.HasExited) { $process.ExitCode } else { $null }) } }
        return
    }
    $output = @(Invoke-LabProgram $FilePath @(Split-LabCommandLine ($ArgumentList -join ' ')) 2>&1)
    $code = $global:LASTEXITCODE
    foreach ($pair in @(@($RedirectStandardOutput, $false), @($RedirectStandardError, $true))) {
        if ($pair[0]) { Write-LabContent $PSCmdlet @($pair[0]) @($output | Where-Object { ($_ -is [System.Management.Automation.ErrorRecord]) -eq $pair[1] }) '' $false $false }
    }
    if ($PassThru) { [pscustomobject]@{ Id = (Get-LabProcessId); HasExited = $true; ExitCode = $code } }
}
