# The scheduler and its runs.

function Get-ADSyncScheduler {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet {
        Assert-LabSync
        Assert-LabCloud
        $state = Get-LabState
        $s = $state.scheduler
        $interval = [TimeSpan]::FromMinutes($s.intervalMinutes)
        $answer = [pscustomobject]@{
            AllowedSyncCycleInterval = [TimeSpan]::FromMinutes(30); CurrentlyEffectiveSyncCycleInterval = $interval; CustomizedSyncCycleInterval = $(if ($s.intervalMinutes -ne 30) { $interval } else { $null })
            NextSyncCyclePolicyType = $s.policy; NextSyncCycleStartTimeInUTC = [DateTime]::UtcNow.AddMinutes($s.intervalMinutes); PurgeRunHistoryInterval = [TimeSpan]::FromDays(7)
            SyncCycleEnabled = [bool]$s.enabled; MaintenanceEnabled = [bool]$s.maintenance; StagingModeEnabled = [bool]$s.staging; SchedulerSuspended = ([bool]$s.suspended -or (Test-LabWizardOpen))
        }
        # Older builds do not say whether a cycle is running.
        if ([version]$state.build -ge [version]'1.1.443.0') { $answer.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty 'SyncCycleInProgress', ([bool]$s.runUntil))) }
        $answer
    }
}

function Set-ADSyncScheduler {
    [CmdletBinding()] param([nullable[timespan]]$CustomizedSyncCycleInterval, [nullable[bool]]$SyncCycleEnabled, [string]$NextSyncCyclePolicyType, [nullable[timespan]]$PurgeRunHistoryInterval, [nullable[bool]]$MaintenanceEnabled, [nullable[bool]]$SchedulerSuspended, [switch]$Force)
    Invoke-Simulation $PSCmdlet {
        param($given)
        Assert-LabSync
        if (Test-LabWizardOpen) { Stop-Lab 'The Azure AD Connect wizard is open. Close it and try again.' 'WizardOpen' 'InvalidOperation' }
        Update-LabState { param($s)
            if ($given.ContainsKey('SyncCycleEnabled')) { $s.scheduler.enabled = [bool]$given.SyncCycleEnabled }
            if ($given.ContainsKey('MaintenanceEnabled')) { $s.scheduler.maintenance = [bool]$given.MaintenanceEnabled }
            if ($given.ContainsKey('SchedulerSuspended')) { $s.scheduler.suspended = [bool]$given.SchedulerSuspended }
            if ($given.ContainsKey('NextSyncCyclePolicyType')) { $s.scheduler.policy = $given.NextSyncCyclePolicyType }
            if ($given.ContainsKey('CustomizedSyncCycleInterval')) { $s.scheduler.intervalMinutes = [int]$given.CustomizedSyncCycleInterval.TotalMinutes }
        }
    } $PSBoundParameters
}

function Start-ADSyncSyncCycle {
    [CmdletBinding()] param([ValidateSet('Unspecified', 'Delta', 'Initial')][string]$PolicyType = 'Unspecified', [bool]$InteractiveMode)
    Invoke-Simulation $PSCmdlet {
        param($policy)
        Assert-LabSync
        Update-LabState { param($s)
            if (Test-LabWizardOpen) { Stop-Lab 'Scheduler is suspended because the Azure AD Connect wizard is open.' 'WizardOpen' 'InvalidOperation' }
            if ($s.scheduler.suspended) { Stop-Lab 'Scheduler is already suspended via global parameters.' 'SchedulerSuspended' 'InvalidOperation' }
            if ($s.scheduler.runUntil) { Stop-Lab 'Sync is already running. Cannot start a new run till this one completes.' 'SyncRunning' 'ResourceBusy' }
            Start-LabRun $s $(if ($policy -eq 'Unspecified') { $s.scheduler.policy } else { $policy })
        }
        [pscustomobject]@{ Result = 'Success' }
    } $PolicyType
}

function Stop-ADSyncSyncCycle {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet {
        Assert-LabSync
        Update-LabState { param($s)
            if (-not $s.scheduler.runUntil) { return }
            $s.scheduler.runUntil = $null
            Add-LabEvent $s 'ADSync' 6051 @($s.connectors[0].name)
        }
    }
}

function Stop-ADSyncRunProfile { [CmdletBinding()] param([string]$ConnectorName) Stop-ADSyncSyncCycle }

function Invoke-ADSyncRunProfile {
    [CmdletBinding()] param([Parameter(ParameterSetName = 'Name', Mandatory)][string]$ConnectorName, [Parameter(ParameterSetName = 'Id', Mandatory)][guid]$ConnectorIdentifier, [Parameter(Mandatory)][string]$RunProfileName, [switch]$Resume)
    Invoke-Simulation $PSCmdlet {
        param($name, $id, $runProfile)
        Assert-LabSync
        $s = Get-LabState
        $connector = @($s.connectors | Where-Object { $_.name -eq $name -or $_.id -eq "$id" })[0]
        if (-not $connector) { Assert-LabConnector $name }
        if ($s.scheduler.runUntil) { Stop-Lab "Connector: $($connector.name) is busy." 'ConnectorBusy' 'ResourceBusy' }
        $begun = ConvertTo-LabTime (Get-LabNow)
        Wait-Lab (Get-LabDelay $s 'run' 0.5)
        $result = Update-LabState { param($s)
            $c = @($s.connectors | Where-Object { $_.name -eq $connector.name })[0]
            $outcome = Complete-LabRunProfile $s $c $runProfile (Get-LabNow)
            $s.runNumber = [int]$s.runNumber + 1
            $s.runs = @([pscustomobject]@{ number = $s.runNumber; connector = $c.name; profile = $runProfile; result = $outcome; start = $begun; end = (ConvertTo-LabTime (Get-LabNow)) }) + @($s.runs)
            $outcome
        }
        [pscustomobject]@{ Result = $result }
    } $ConnectorName $ConnectorIdentifier $RunProfileName
}

function Start-ADSyncPurgeRunHistory { [CmdletBinding()] param([timespan]$PurgeRunHistoryInterval, [switch]$Offline) Invoke-Simulation $PSCmdlet { param($offline) if (-not $offline) { Assert-LabSync } ; Update-LabState { param($s) $s.runs = @() } } ([bool]$Offline) }
