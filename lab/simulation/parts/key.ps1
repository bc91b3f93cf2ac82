# The key set, and the connector secrets that live and die with it.

# Loads the key at a start of the engine. 0, or the service-specific code that ends the start.
function Initialize-LabKey($State, [bool]$Original) {
    $key = $State.key
    if ($key.state -eq 'none') {
        New-LabKeySet $State
        Add-LabEvent $State 'ADSync' 6201
        return 0
    }
    if ($Original -and (Test-LabKeyReadable $State)) {
        # Read once, DPAPI protects its master key with the present password again.
        $key.state = 'present'
        return 0
    }
    $build = [version]$State.build
    if ($build -lt $script:AbandonsItself) {
        Add-LabEvent $State 'ADSync' 6028
        return -2145185792
    }
    if (-not $key.selfRepair) {
        Add-LabEvent $State 'ADSync' 6208
        Add-LabEvent $State 'ADSync' 6203
        return -2145185792
    }
    # From April 2017 on the service abandons an unreadable key by itself: every stored secret is gone.
    if ($key.state -in 'present', 'unreadable') { $State.counters.droppedByStart = [int]$State.counters.droppedByStart + 1 }
    if ($build -ge [version]'1.4.18.0') { Add-LabEvent $State 'ADSync' 6231 }
    Add-LabEvent $State 'ADSync' 6227
    New-LabKeySet $State
    foreach ($connector in $State.connectors) { Add-LabEvent $State 'ADSync' 6601 @($connector.name) }
    0
}

# DPAPI: an ordinary change keeps the key readable. A reset loses it for a local account until the old password is back,
# for a domain account while no writable domain controller gives the backup key.
function Test-LabKeyReadable($State) {
    switch ($State.key.state) {
        'present' { return $true }
        'lost' { return [bool]($State.account.oldPasswordKnown -and $State.account.hash -eq $State.account.oldHash) }
        'unreadable' {
            if ($State.account.kind -eq 'domain') { return [bool]$State.dc.reachable }
            return $State.account.hash -eq $State.account.oldHash
        }
    }
    $false
}

# A new key set: whatever an older one encrypted cannot be read any more.
function New-LabKeySet($State) {
    $State.counters.secretsDropped = [int]$State.counters.secretsDropped + @($State.connectors | Where-Object { Test-LabStored $State $_ }).Count
    $State.key.set = [int]$State.key.set + 1
    $State.key.state = 'present'
}

# True when the connector's stored secret can be decrypted and is the account's present password, or its certificate is good.
function Test-LabStored($State, $Connector) { Test-LabSecret $State $Connector $Connector.stored }
function Test-LabSecret($State, $Connector, $Secret) {
    if ($Connector.authentication -eq 'application') { return $Connector.certificate -eq 'valid' }
    # A new password takes its time until every server of the tenant accepts it.
    if ($Connector.acceptedFrom -and (Get-LabNow) -lt (ConvertFrom-LabTime $Connector.acceptedFrom)) { return $false }
    [bool]($Secret -and $State.key.state -ne 'none' -and $Secret.set -eq $State.key.set -and $Secret.hash -eq $Connector.hash)
}

# Stores a secret for a connector under the present key.
function Set-LabStored($State, $Connector, [string]$Hash) {
    $Connector.stored = ConvertFrom-Json (ConvertTo-Json -Compress @{ set = $State.key.set; hash = $Hash })
    Add-LabEvent $State 'ADSync' 6603 @($Connector.name)
    if ([version]$State.build -ge [version]'2.4.129.0') {
        $id = if ($Connector.type -eq 'AD') { 2518 } else { 2519 }
        Add-LabEvent $State 'Directory Synchronization' $id @($Connector.name)
    }
}
