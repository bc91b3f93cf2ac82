# Accounts: kinds, security identifiers, and whether a logon as a service succeeds.

# German Windows translates its built-in names; Japanese Windows keeps the English ones.
$script:GermanNames = @{
    'NT AUTHORITY\SYSTEM' = 'NT-AUTORITÄT\SYSTEM'; 'BUILTIN\Administrators' = 'VORDEFINIERT\Administratoren'; 'BUILTIN\Users' = 'VORDEFINIERT\Benutzer'; 'CREATOR OWNER' = 'ERSTELLER-BESITZER'; 'Everyone' = 'Jeder'
    'NT AUTHORITY\LOCAL SERVICE' = 'NT-AUTORITÄT\Lokaler Dienst'; 'NT AUTHORITY\NETWORK SERVICE' = 'NT-AUTORITÄT\Netzwerkdienst'; 'NT AUTHORITY\Authenticated Users' = 'NT-AUTORITÄT\Authentifizierte Benutzer'
    'Mandatory Label\High Mandatory Level' = 'Verbindliche Beschriftung\Hohe Verbindlichkeitsstufe'; 'Mandatory Label\Medium Mandatory Level' = 'Verbindliche Beschriftung\Mittlere Verbindlichkeitsstufe'
}

# A built-in name as this server's Windows shows it.
function ConvertTo-LabLocalName([string]$Name) {
    if ((Get-LabState).locale -notlike 'de-*' -or -not $script:GermanNames[$Name]) { return $Name }
    $script:GermanNames[$Name]
}

# The security identifier of a name on this server; made from the name, so that it is the same everywhere.
function Get-LabSid([string]$Name) {
    $state = Get-LabState
    if ($state.locale -like 'de-*') { foreach ($pair in $script:GermanNames.GetEnumerator()) { if ($pair.Value -eq $Name) { $Name = $pair.Key; break } } }
    switch -regex ($Name) {
        '^(LocalSystem|NT AUTHORITY\\SYSTEM|SYSTEM)$' { return 'S-1-5-18' }
        '^(BUILTIN\\)?Administrators$' { return 'S-1-5-32-544' }
        '^(BUILTIN\\)?Users$' { return 'S-1-5-32-545' }
        '^(NT AUTHORITY\\)?LOCAL SERVICE$' { return 'S-1-5-19' }
        '^(NT AUTHORITY\\)?NETWORK SERVICE$' { return 'S-1-5-20' }
        '^CREATOR OWNER$' { return 'S-1-3-0' }
        '^Everyone$' { return 'S-1-1-0' }
        '^NT SERVICE\\TrustedInstaller$' { return 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464' }
        '^NT SERVICE\\ADSync$' { return 'S-1-5-80-3245704983-3664226991-764670653-2504430226-901976451' }
    }
    $key = (Resolve-LabAccount $Name).ToLowerInvariant()
    $domain = $key.Split('\')[0]
    $sha = [Security.Cryptography.SHA256]::Create()
    try {
        $d = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($domain))
        $a = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($key))
    } finally { $sha.Dispose() }
    'S-1-5-21-{0}-{1}-{2}-{3}' -f [BitConverter]::ToUInt32($d, 0), [BitConverter]::ToUInt32($d, 4), [BitConverter]::ToUInt32($d, 8), (1100 + ([BitConverter]::ToUInt16($a, 0) % 50000))
}

# DOMAIN\name for every way to write one account (UPN, .\name, HOST\name).
function Resolve-LabAccount([string]$Name) {
    $state = Get-LabState
    if ($Name -match '^\.\\(.+)$') { return "$($state.computerName)\$($Matches[1])" }
    if ($Name -match '^([^@\\]+)@([^@]+)$') { return "$($Matches[2].Split('.')[0].ToUpperInvariant())\$($Matches[1])" }
    if ($Name -eq 'LocalSystem') { return 'NT AUTHORITY\SYSTEM' }
    if ($Name -notmatch '\\') { return "$($state.computerName)\$Name" }
    $Name
}

function Get-LabAccountKind([string]$StartName) {
    $computer = (Get-LabState).computerName
    if ($StartName -eq 'LocalSystem' -or $StartName -match '^NT AUTHORITY\\') { 'system' }
    elseif ($StartName -match '^NT SERVICE\\') { 'virtual' }
    elseif ($StartName -match '\$$') { 'managed' }
    elseif ($StartName -match '^\.\\' -or $StartName -match "^$([regex]::Escape($computer))\\") { 'local' }
    else { 'domain' }
}

# Tries the logon that the service control manager does at a start. 0, or the Win32 code of the refusal.
function Test-LabServiceLogon($State) {
    $service = $State.service
    $kind = Get-LabAccountKind $service.startName
    if ($kind -in 'virtual', 'system') { return 0 }
    # The default policy "Maximum tolerance for computer clock synchronization" is five minutes.
    $skewed = $State.dc.reachable -and [Math]::Abs([double]$State.dc.skew) -gt 300
    if ($kind -eq 'managed') { if (-not $State.dc.reachable) { return 1311 } elseif ($skewed) { return 1398 } else { return 0 } }
    if ($kind -eq 'domain' -and $skewed) { return 1398 }
    $account = $State.account
    if ((Resolve-LabAccount $service.startName) -ne (Resolve-LabAccount $account.name)) {
        # Another account than the one that was changed: its password is whatever was configured with it.
        if (-not $service.startNameHasRight) { return 1385 }
        return 0
    }
    if ($account.logon -is [int] -and $account.logon -notin 0, 1385) { return $account.logon }
    if ($service.scmHash -ne $account.hash) {
        $account.badLogons = [int]$account.badLogons + 1
        $State.counters.failedLogons = [int]$State.counters.failedLogons + 1
        if ($account.lockoutAfter -and $account.badLogons -ge $account.lockoutAfter) { $account.logon = 1909 }
        return 1326
    }
    $account.badLogons = 0
    if ($account.logon -eq 1385) { return 1385 }
    0
}
