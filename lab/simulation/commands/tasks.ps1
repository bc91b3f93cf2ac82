# Scheduled tasks. A started task runs in a process of its own that no session owns: it lives on when the session dies.

# Starts a command line outside of this session. Returns the process's id; $ExitFile gets the exit code.
function Start-LabDetached([string]$CommandLine, $ExitFile) {
    $words = @(Split-LabCommandLine $CommandLine)
    $program = [IO.Path]::Combine($script:Server, 'bin', 'powershell.exe')
    $leaf = ($words[0].Split('\')[-1] -replace '\.exe$', '')
    $arguments = if ($leaf -eq 'powershell') { @($words | Select-Object -Skip 1) }
        else { @('-Command', "& '$($words[0].Replace('''', ''''''))' $(($words | Select-Object -Skip 1 | ForEach-Object { "'$($_.Replace('''', ''''''))'" }) -join ' '); exit `$LASTEXITCODE") }
    $start = New-Object System.Diagnostics.ProcessStartInfo '/bin/sh'
    $script1 = 'out="$1"; shift; setsid sh -c ''out="$1"; shift; "$@"; code=$?; [ -z "$out" ] || { echo "$code" > "$out.new" && mv "$out.new" "$out"; }'' sh "$out" "$@" </dev/null >/dev/null 2>&1 & echo $!'
    foreach ($word in @('-c', $script1, 'sh', "$ExitFile", $program) + $arguments) { $start.ArgumentList.Add($word) }
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardError = $true
    [void]$start.Environment.Remove('ENTRA_LAB_PARENT')
    $start.Environment['PATH'] = '/usr/bin:/bin'
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $id = [int]$process.StandardOutput.ReadLine()
    $process.WaitForExit()
    $id
}

# A child of this session: it ends when the session's engine ends.
function Start-LabChild([string]$CommandLine) {
    $start = New-Object System.Diagnostics.ProcessStartInfo ([IO.Path]::Combine($script:Server, 'bin', 'powershell.exe'))
    foreach ($word in @(Split-LabCommandLine $CommandLine | Select-Object -Skip 1)) { $start.ArgumentList.Add($word) }
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.Environment['PATH'] = '/usr/bin:/bin'
    if (-not (Get-LabState).variants.orphans) { $start.Environment['ENTRA_LAB_PARENT'] = "$PID" }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $process
}

function Split-LabCommandLine([string]$Text) {
    foreach ($m in [regex]::Matches($Text, '"((?:[^"\\]|\\.|\\)*?)"|(\S+)')) { if ($m.Groups[1].Success) { $m.Groups[1].Value } elseif ($m.Value -eq '""') { '' } else { $m.Groups[2].Value } }
}

function New-ScheduledTaskAction {
    [CmdletBinding()] param([Parameter(Mandatory)][string]$Execute, [string]$Argument, [string]$WorkingDirectory, [string]$Id, [Alias('Session')]$CimSession, [int]$ThrottleLimit, [switch]$AsJob)
    [pscustomobject]@{ PSTypeName = 'Microsoft.Management.Infrastructure.CimInstance#MSFT_TaskExecAction'; Execute = $Execute; Arguments = $Argument; WorkingDirectory = $WorkingDirectory; Id = $Id }
}
function New-ScheduledTaskPrincipal {
    [CmdletBinding(DefaultParameterSetName = 'User')]
    param([Parameter(ParameterSetName = 'User', Mandatory, Position = 0)][string]$UserId, [Parameter(ParameterSetName = 'Group', Mandatory, Position = 0)][string]$GroupId, [Parameter(ParameterSetName = 'User')][ValidateSet('None', 'Password', 'S4U', 'Interactive', 'Group', 'ServiceAccount', 'InteractiveOrPassword')][string]$LogonType = 'None',
        [ValidateSet('Limited', 'Highest')][string]$RunLevel = 'Limited', [string]$ProcessTokenSidType, [string[]]$RequiredPrivilege, [string]$Id)
    [pscustomobject]@{ PSTypeName = 'Microsoft.Management.Infrastructure.CimInstance#MSFT_TaskPrincipal2'; UserId = $UserId; GroupId = $GroupId; LogonType = $LogonType; RunLevel = $RunLevel }
}
function New-ScheduledTaskSettingsSet {
    [CmdletBinding()]
    param([switch]$DisallowDemandStart, [switch]$DisallowHardTerminate, [string]$Compatibility, [timespan]$DeleteExpiredTaskAfter, [switch]$AllowStartIfOnBatteries, [switch]$Disable, [switch]$MaintenanceExclusive, [switch]$Hidden, [switch]$RunOnlyIfIdle, [timespan]$IdleWaitTimeout, [timespan]$IdleDuration,
        [switch]$RunOnlyIfNetworkAvailable, [string]$NetworkId, [string]$NetworkName, [switch]$DisallowStartOnRemoteAppSession, [timespan]$MaintenancePeriod, [timespan]$MaintenanceDeadline, [switch]$StartWhenAvailable, [switch]$DontStopIfGoingOnBatteries, [switch]$WakeToRun, [switch]$DontStopOnIdleEnd, [switch]$RestartOnIdle,
        [ValidateSet('Parallel', 'Queue', 'IgnoreNew')][string]$MultipleInstances = 'IgnoreNew', [int]$Priority, [timespan]$ExecutionTimeLimit, [int]$RestartCount, [timespan]$RestartInterval)
    [pscustomobject]@{ PSTypeName = 'Microsoft.Management.Infrastructure.CimInstance#MSFT_TaskSettings3'; MultipleInstances = $MultipleInstances; ExecutionTimeLimit = "$(if ($PSBoundParameters.ContainsKey('ExecutionTimeLimit')) { [Xml.XmlConvert]::ToString($ExecutionTimeLimit) })"; Hidden = [bool]$Hidden }
}
function New-ScheduledTaskTrigger {
    [CmdletBinding(DefaultParameterSetName = 'Once')]
    param([Parameter(ParameterSetName = 'Once', Mandatory)][switch]$Once, [Parameter(ParameterSetName = 'Daily', Mandatory)][switch]$Daily, [Parameter(ParameterSetName = 'Startup', Mandatory)][switch]$AtStartup, [Parameter(ParameterSetName = 'Logon', Mandatory)][switch]$AtLogOn, [datetime]$At, [timespan]$RandomDelay, [timespan]$RepetitionInterval, [timespan]$RepetitionDuration)
    [pscustomobject]@{ PSTypeName = 'Microsoft.Management.Infrastructure.CimInstance#MSFT_TaskTrigger'; StartBoundary = $(if ($At) { $At.ToString('s') }); Enabled = $true }
}

function Register-ScheduledTask {
    [CmdletBinding(DefaultParameterSetName = 'User')]
    param([Parameter(Mandatory, Position = 0)][string]$TaskName, [Parameter(Position = 1)][string]$TaskPath = '\', [Parameter(Mandatory, Position = 2)]$Action, [Parameter(Position = 3)]$Trigger, [Parameter(Position = 4)]$Settings, [Parameter(ParameterSetName = 'User', Position = 5)][string]$User, [Parameter(ParameterSetName = 'User', Position = 6)][string]$Password,
        [Parameter(ParameterSetName = 'Principal')]$Principal, [string]$Description, [string]$RunLevel, [switch]$Force)
    if ((Get-LabState).variants.taskRefused) { Write-LabError $PSCmdlet 'Access is denied.' 'HRESULT 0x80070005,Register-ScheduledTask' 'PermissionDenied' $TaskName -Terminate }
    $state = Get-LabState
    if (-not $Force -and @($state.tasks | Where-Object { $_.name -eq $TaskName }).Count) { Write-LabError $PSCmdlet 'Cannot create a file when that file already exists.' 'HRESULT 0x800700b7,Register-ScheduledTask' 'ResourceExists' $TaskName -Terminate }
    Update-LabState { param($s)
        $task = [pscustomobject]@{ name = $TaskName; path = $TaskPath; description = $Description; execute = @($Action)[0].Execute; arguments = @($Action)[0].Arguments; user = $(if ($Principal) { $Principal.UserId } else { $User }); runLevel = $Principal.RunLevel; logonType = $Principal.LogonType; osId = 0; lastRun = $null; registered = (ConvertTo-LabTime (Get-LabNow)) }
        $s.tasks = @(@($s.tasks | Where-Object { $_.name -ne $TaskName }) + $task)
    }
    Get-ScheduledTask -TaskName $TaskName
}

function Get-LabTaskExitFile([string]$Name) { [IO.Path]::Combine($script:Server, 'tmp', "task-$([BitConverter]::ToString([Text.Encoding]::UTF8.GetBytes($Name)).Replace('-', '')).exit") }

function Get-LabTaskState($Task) { if ($Task.osId -and (Test-LabAlive $Task.osId)) { 'Running' } else { 'Ready' } }

function Get-ScheduledTask {
    [CmdletBinding()] param([Parameter(Position = 0)][string[]]$TaskName, [Parameter(Position = 1)][string[]]$TaskPath, [Alias('Session')]$CimSession)
    $tasks = @((Get-LabState).tasks)
    foreach ($pattern in $(if ($TaskName) { $TaskName } else { '*' })) {
        $found = @($tasks | Where-Object { $_ -and $_.name -like $pattern })
        if (-not $found.Count -and $pattern -notmatch '[*?]') { Write-LabError $PSCmdlet "No MSFT_ScheduledTask objects found with property 'TaskName' equal to '$pattern'.  Verify the value of the property and retry." 'CmdletizationQuery_NotFound_TaskName' 'ObjectNotFound' $pattern }
        foreach ($task in $found) {
            $item = [pscustomobject]@{ PSTypeName = 'Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_ScheduledTask'; TaskName = $task.name; TaskPath = $task.path; State = (Get-LabTaskState $task); Description = $task.description; Actions = @([pscustomobject]@{ Execute = $task.execute; Arguments = $task.arguments }); Principal = [pscustomobject]@{ UserId = $task.user; RunLevel = $task.runLevel; LogonType = $task.logonType }; Date = $task.registered }
            $item
        }
    }
}

function Get-ScheduledTaskInfo {
    [CmdletBinding(DefaultParameterSetName = 'ByName')] param([Parameter(ParameterSetName = 'ByName', Mandatory, Position = 0)][string]$TaskName, [Parameter(ParameterSetName = 'ByName', Position = 1)][string]$TaskPath, [Parameter(ParameterSetName = 'ByObject', Mandatory, ValueFromPipeline)]$InputObject)
    process {
        if ($InputObject) { $TaskName = $InputObject.TaskName }
        $task = @((Get-LabState).tasks | Where-Object { $_.name -eq $TaskName })[0]
        if (-not $task) { Write-LabError $PSCmdlet 'The system cannot find the file specified.' 'HRESULT 0x80070002,Get-ScheduledTaskInfo' 'ObjectNotFound' $TaskName; return }
        $file = Get-LabTaskExitFile $TaskName
        $result = if (-not $task.lastRun) { 267011 } elseif ((Get-LabTaskState $task) -eq 'Running') { 267009 } elseif ([IO.File]::Exists($file)) { [int][IO.File]::ReadAllText($file).Trim() } else { 267014 }
        [pscustomobject]@{ TaskName = $task.name; TaskPath = $task.path; LastRunTime = $(if ($task.lastRun) { (ConvertFrom-LabTime $task.lastRun).ToLocalTime() }); LastTaskResult = [uint32]$result; NextRunTime = $null; NumberOfMissedRuns = 0 }
    }
}

function Start-ScheduledTask {
    [CmdletBinding(DefaultParameterSetName = 'ByName')] param([Parameter(ParameterSetName = 'ByName', Mandatory, Position = 0)][string]$TaskName, [Parameter(ParameterSetName = 'ByName', Position = 1)][string]$TaskPath, [Parameter(ParameterSetName = 'ByObject', Mandatory, ValueFromPipeline)]$InputObject)
    process {
        if ($InputObject) { $TaskName = $InputObject.TaskName }
        Update-LabState { param($s)
            $task = @($s.tasks | Where-Object { $_.name -eq $TaskName })[0]
            if (-not $task) { Write-LabError $PSCmdlet 'The system cannot find the file specified.' 'HRESULT 0x80070002,Start-ScheduledTask' 'ObjectNotFound' $TaskName; return }
            if ((Get-LabTaskState $task) -eq 'Running') { return }
            $file = Get-LabTaskExitFile $TaskName
            if ([IO.File]::Exists($file)) { [IO.File]::Delete($file) }
            $task.osId = Start-LabDetached "$($task.execute) $($task.arguments)" $file
            $task.lastRun = ConvertTo-LabTime (Get-LabNow)
        }
    }
}

function Stop-ScheduledTask {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string]$TaskName, [string]$TaskPath)
    $task = @((Get-LabState).tasks | Where-Object { $_.name -eq $TaskName })[0]
    if ($task -and (Get-LabTaskState $task) -eq 'Running') { try { [Diagnostics.Process]::GetProcessById($task.osId).Kill($true) } catch { $null = $_ } }
}

function Unregister-ScheduledTask {
    [CmdletBinding(DefaultParameterSetName = 'ByName', SupportsShouldProcess, ConfirmImpact = 'High')] param([Parameter(ParameterSetName = 'ByName', Mandatory, Position = 0)][string[]]$TaskName, [Parameter(ParameterSetName = 'ByName', Position = 1)][string[]]$TaskPath, [Parameter(ParameterSetName = 'ByObject', Mandatory, ValueFromPipeline)]$InputObject)
    process {
        if ($InputObject) { $TaskName = $InputObject.TaskName }
        foreach ($name in $TaskName) {
            if (-not $PSCmdlet.ShouldProcess($name, 'Unregister-ScheduledTask')) { continue }
            Update-LabState { param($s)
                if (-not @($s.tasks | Where-Object { $_.name -eq $name }).Count) { Write-LabError $PSCmdlet "No MSFT_ScheduledTask objects found with property 'TaskName' equal to '$name'." 'CmdletizationQuery_NotFound_TaskName' 'ObjectNotFound' $name; return }
                $s.tasks = @($s.tasks | Where-Object { $_.name -ne $name })
            }
        }
    }
}
