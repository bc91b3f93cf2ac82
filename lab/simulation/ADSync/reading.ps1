# Cmdlets that only read.

function Get-ADSyncConnector {
    [CmdletBinding()] param([guid]$Identifier, [string]$Name, [switch]$Summary)
    Invoke-Simulation $PSCmdlet {
        param($id, $name)
        Assert-LabSync
        $state = Get-LabState
        foreach ($connector in $state.connectors) {
            if ($id -and "$id" -ne [guid]::Empty.ToString() -and $connector.id -ne "$id") { continue }
            if ($name -and $connector.name -ne $name) { continue }
            New-LabConnector $state $connector
        }
    } $Identifier $Name
}

function Get-ADSyncConnectorStatistics {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string]$ConnectorName)
    Invoke-Simulation $PSCmdlet { param($name) Assert-LabSync; Assert-LabConnector $name; [pscustomobject]@{ ExportAdds = 0; ExportUpdates = 0; ExportDeletes = 0; ImportAdds = 0; ImportUpdates = 0; ImportDeletes = 0; ImportNoChange = 0; TotalConnectors = 1204 } } $ConnectorName
}

function Get-ADSyncConnectorRunStatus {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet { Assert-LabSync; $s = Get-LabState; if ($s.scheduler.runUntil) { [pscustomobject]@{ RunState = 'Busy'; ConnectorName = $s.connectors[0].name } } }
}

function Get-ADSyncGlobalSettings {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet {
        Assert-LabSync
        $s = Get-LabState
        $values = [ordered]@{
            'Microsoft.Synchronize.SynchronizationSchedule' = "$($s.scheduler.enabled)"; 'Microsoft.Synchronize.StagingMode' = "$($s.scheduler.staging)"; 'Microsoft.Synchronize.MaintenanceEnabled' = "$($s.scheduler.maintenance)"
            'Microsoft.Synchronize.SchedulerSuspended' = "$($s.scheduler.suspended)"; 'Microsoft.Synchronize.SynchronizationPolicy' = $s.scheduler.policy; 'Microsoft.Synchronize.TimeInterval' = ([TimeSpan]::FromMinutes($s.scheduler.intervalMinutes)).ToString()
            'Microsoft.Synchronize.NextStartTime' = ([DateTime]::UtcNow.AddMinutes($s.scheduler.intervalMinutes)).ToString('R'); 'Microsoft.Synchronize.RunHistoryPurgeInterval' = '7.00:00:00'; 'Microsoft.Synchronize.ServerConfigurationVersion' = $s.build
            'Microsoft.OptionalFeature.PasswordHashSync' = "$($s.scheduler.phs)"; 'Microsoft.OptionalFeature.AutoUpgradeState' = 'Enabled'; 'Microsoft.UserSignIn.SignOnMethod' = 'PasswordHashSync'; 'Microsoft.SystemInformation.MachineRole' = 'RoleMemberServer'
        }
        [pscustomobject]@{ Version = 1; SqlSchemaVersion = '4.0'; InstanceId = $s.instanceId; Schema = $null; Parameters = @($values.Keys | ForEach-Object { [pscustomobject]@{ Name = $_; Value = $values[$_]; InputType = 'String' } }) }
    }
}

function Get-ADSyncDatabaseConfiguration {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet { Assert-LabSync; $d = (Get-LabState).database; [pscustomobject]@{ IsLocalDBInstalled = ($d.kind -eq 'localdb'); UsedSpaceInMb = $d.sizeMb; SqlServerName = $d.server; SqlServerInstanceName = $d.instance; SqlServerDBName = $d.name; SqlFullVersion = 'Microsoft SQL Server 2019'; SqlProductVersion = '15.0.4382.1'; SqlEdition = 'Express Edition (64-bit)' } }
}

function Get-ADSyncAADCompanyFeature {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet { Assert-LabSync; Assert-LabCloud; $s = Get-LabState; [pscustomobject]@{ PasswordHashSync = $s.scheduler.phs; ForcePasswordChangeOnLogOn = $false; UserWriteback = $false; DeviceWriteback = $false; UnifiedGroupWriteback = $false; GroupWritebackV2 = $false } }
}

function Get-ADSyncRunProfileResult {
    [CmdletBinding()] param([guid]$RunHistoryId, [guid]$ConnectorId, [guid]$RunProfileId, [int]$RunNumber, [int]$NumberRequested = 100, [switch]$RunStepDetails, [int]$StepNumber)
    Invoke-Simulation $PSCmdlet {
        param($connectorId, $count, $number)
        Assert-LabSync
        $s = Get-LabState
        $of = if ($connectorId -and $connectorId -ne [guid]::Empty) { @($s.connectors | Where-Object { $_.id -eq "$connectorId" }).name }
        @($s.runs | Where-Object { $_ -and (-not $of -or $_.connector -eq $of) -and (-not $number -or $_.number -eq $number) } | Sort-Object number -Descending | Select-Object -First $count) | ForEach-Object {
            $run = $_
            $id = @($s.connectors | Where-Object { $_.name -eq $run.connector }).id
            [pscustomobject]@{ RunHistoryId = [guid]('{0:x8}-0000-4000-8000-000000000000' -f [int]$run.number); ConnectorId = $id; ConnectorName = $run.connector; RunProfileId = [guid]::NewGuid(); RunProfileName = $run.profile; RunNumber = $run.number; Username = "$($s.netbios)\labadmin"; IsRunComplete = $true; Result = $run.result; CurrentStepNumber = 1; TotalSteps = 1; StartDate = (ConvertFrom-LabRunTime $run.start); EndDate = (ConvertFrom-LabRunTime $run.end); RunStepResults = @() }
        }
    } $ConnectorId $NumberRequested $RunNumber
}

function Get-ADSyncAADPasswordSyncConfiguration {
    [CmdletBinding()] param([Parameter(Mandatory)][string]$SourceConnector)
    Invoke-Simulation $PSCmdlet { param($name) Assert-LabSync; Assert-LabConnector $name; $s = Get-LabState; [pscustomobject]@{ SourceConnector = $name; TargetConnector = @($s.connectors | Where-Object { $_.type -eq 'Entra' }).name; Enabled = [bool]$s.scheduler.phs } } $SourceConnector
}

function Get-ADSyncAutoUpgrade { [CmdletBinding()] param([switch]$Detail) Invoke-Simulation $PSCmdlet { Assert-LabSync; 'Enabled' } }

function Get-ADSyncEntraConnectorCredential {
    [CmdletBinding()] param()
    Invoke-Simulation $PSCmdlet { Assert-LabSync; $entra = @((Get-LabState).connectors | Where-Object { $_.type -eq 'Entra' })[0]; [pscustomobject]@{ ConnectorIdentityType = $(if ($entra.authentication -eq 'application') { 'Application' } else { 'ServiceAccount' }); UserName = $entra.account } }
}

function Test-ADSyncADDSConnectivity {
    [CmdletBinding(DefaultParameterSetName = 'Name')] param([Parameter(ParameterSetName = 'Name', Mandatory, Position = 0)][string]$ConnectorName, [Parameter(ParameterSetName = 'Id', Mandatory)][guid]$ConnectorIdentifier)
    $answer = Invoke-Simulation $PSCmdlet {
        param($name, $id)
        Assert-LabSync
        $s = Get-LabState
        $connector = @($s.connectors | Where-Object { $_.type -eq 'AD' -and ($_.name -eq $name -or $_.id -eq "$id") })[0]
        if (-not $connector) { Assert-LabConnector $name }
        if (-not $s.dc.reachable) { return @{ Error = "The specified domain '$($connector.forest)' does not exist or cannot be contacted." } }
        if (-not (Test-LabStored $s $connector)) { return @{ Error = "Unable to connect to the forest '$($connector.forest)': The user name or password is incorrect." } }
        @{ Text = "Successfully connected to the forest '$($connector.forest)' as $($connector.account)." }
    } $ConnectorName $ConnectorIdentifier
    if ($answer.Error) { Write-Error -Message $answer.Error -Category AuthenticationError -ErrorId 'TestADSyncADDSConnectivity' } else { $answer.Text }
}

function Get-ADSyncDomainReachabilityStatus {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string]$ConnectorName)
    Invoke-Simulation $PSCmdlet { param($name) Assert-LabSync; Assert-LabConnector $name; $s = Get-LabState; $c = @($s.connectors | Where-Object { $_.name -eq $name })[0]; [pscustomobject]@{ DomainName = $c.forest; IsReachable = [bool]$s.dc.reachable; ExceptionMessage = $(if (-not $s.dc.reachable) { 'The server is not operational.' }) } } $ConnectorName
}
