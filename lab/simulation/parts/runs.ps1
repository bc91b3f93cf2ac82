# Synchronization runs: started, they end by the clock; their results and events depend on the stored secrets.

function Start-LabRun($State, [string]$Policy) {
    $now = Get-LabNow
    $State.scheduler.runStart = ConvertTo-LabTime $now
    $State.scheduler.runUntil = ConvertTo-LabTime $now.AddSeconds((Get-LabDelay $State 'run' 0.5))
    $State.scheduler.runPolicy = $Policy
}

# What Entra says where a sign-in is refused: the wrong password, the certificate, or a policy that wants a person.
function Get-LabSignInText($Connector) {
    $code = if ($Connector.authentication -eq 'application') { 'AADSTS700027' } elseif ($Connector.signIn) { $Connector.signIn } else { 'AADSTS50126' }
    "${code}: $(@{
        AADSTS50126 = 'Error validating credentials due to invalid username or password.'; AADSTS50054 = 'Old password is used for authentication.'; AADSTS70002 = 'Error validating credentials.'; AADSTS50057 = 'The user account is disabled.'; AADSTS50053 = 'The account is locked.'
        AADSTS50076 = 'Due to a configuration change made by your administrator, you must use multi-factor authentication to access this resource.'; AADSTS50079 = 'The user is required to use multi-factor authentication.'; AADSTS53003 = 'Access has been blocked by Conditional Access policies.'; AADSTS50034 = 'The user account does not exist in the directory.'
        AADSTS700027 = 'The certificate with identifier used to sign the client assertion is not registered on application, or it has expired.'
    }[$code])"
}

# How one connector's run profile ends, and the events that it leaves. Synchronizing needs no sign-in.
function Complete-LabRunProfile($State, $Connector, [string]$RunProfile, [DateTime]$At) {
    if ($RunProfile -like '*Synchronization') { return 'success' }
    $usable = Test-LabSecret $State $Connector $Connector.cached
    if ($Connector.type -eq 'Entra' -and ($Connector.signIn -or ($Connector.authentication -eq 'application' -and -not $usable))) {
        # The tenant refuses the extension; the engine itself knows of no wrong credential.
        Add-LabEvent $State 'ADSync' 6801 @((Get-LabSignInText $Connector)) -At $At
        Add-LabEvent $State 'ADSync' 6803 @($Connector.name, $RunProfile) -At $At
        Add-LabEvent $State 'Directory Synchronization' 906 @((Get-LabSignInText $Connector)) -At $At
        return 'stopped-extension-dll-exception'
    }
    if ($usable) { return 'success' }
    Add-LabEvent $State 'ADSync' 6000 @($Connector.name, $RunProfile) -At $At
    if ($Connector.type -eq 'Entra') { Add-LabEvent $State 'ADSync' 6801 @((Get-LabSignInText $Connector)) -At $At }
    if (-not $Connector.stored) { Add-LabEvent $State 'ADSync' 6602 @($Connector.name, 'password') -At $At }
    elseif ($Connector.stored.set -ne $State.key.set) { Add-LabEvent $State 'ADSync' 6601 @($Connector.name) -At $At }
    'no-start-credentials'
}

# Settles a run that ended: one result a connector and profile.
function Complete-LabRun($State, [DateTime]$At) {
    $number = [int]$State.runNumber
    $results = New-Object System.Collections.Generic.List[object]
    $profiles = if ($State.scheduler.runPolicy -eq 'Initial') { 'Full Import', 'Full Synchronization' } else { 'Delta Import', 'Delta Synchronization' }
    if (-not $State.scheduler.staging) { $profiles = @($profiles) + 'Export' }
    # One after another, as the scheduler runs them.
    $begun = ConvertFrom-LabTime $State.scheduler.runStart
    $each = [long](($At - $begun).Ticks / [Math]::Max(1, @($profiles).Count * @($State.connectors).Count))
    foreach ($runProfile in $profiles) {
        foreach ($connector in $State.connectors) {
            $number++
            $ended = $begun.AddTicks($each)
            $results.Add(@{ number = $number; connector = $connector.name; profile = $runProfile; result = (Complete-LabRunProfile $State $connector $runProfile $ended); start = (ConvertTo-LabTime $begun); end = (ConvertTo-LabTime $ended) })
            $begun = $ended
        }
    }
    Add-LabEvent $State 'Directory Synchronization' 904 @('Scheduler::SchedulerThreadMain : Completed configured scheduler operations.') -At $At
    $State.runNumber = $number
    $plain = ConvertFrom-Json (ConvertTo-Json -Compress -Depth 4 $results.ToArray())
    $State.runs = @(@($plain) + @($State.runs) | Select-Object -First 60)
}
