# The registry: keys in the state, values with their kinds. Some values are live views of the service.

function Get-LabRegistryEntry($Name) {
    $property = (Get-LabState).registry.PSObject.Properties[$Name.ToLowerInvariant()]
    if ($property) { $property.Value }
}

function Test-LabRegistryKey($At) {
    if ($At.Name -notmatch '\\') { return $true }
    if (Get-LabRegistryEntry $At.Name) { return $true }
    $prefix = "$($At.Key)\"
    foreach ($name in (Get-LabState).registry.PSObject.Properties.Name) { if ($name.StartsWith($prefix)) { return $true } }
    $false
}

# The values of a key, in a table; the service's own key shows what the service control manager holds now.
function Get-LabRegistryValues($Name) {
    $values = New-Object System.Collections.Specialized.OrderedDictionary ([StringComparer]::OrdinalIgnoreCase)
    $entry = Get-LabRegistryEntry $Name
    if ($entry) { foreach ($value in $entry.values.PSObject.Properties) { $values[$value.Name] = ConvertFrom-LabRegistryValue $value.Value } }
    if ($Name -eq 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\ADSync') {
        $service = (Get-LabState).service
        $values['ObjectName'] = $service.startName
        $values['DisplayName'] = $service.displayName
        $values['Start'] = @{ Automatic = 2; Manual = 3; Disabled = 4 }[$service.startMode]
    }
    , $values
}

function ConvertFrom-LabRegistryValue($Value) {
    switch ($Value.k) {
        'DWord' { [int]$Value.v }
        'QWord' { [long]$Value.v }
        'MultiString' { , [string[]]@($Value.v) }
        'Binary' { , [byte[]]@($Value.v) }
        default { [string]$Value.v }
    }
}

# Names of the direct subkeys, full, also of keys that exist only as a part of a longer one.
function Get-LabRegistryChildren([string]$Name) {
    $prefix = "$($Name.ToLowerInvariant())\"
    $seen = @{}
    foreach ($property in (Get-LabState).registry.PSObject.Properties) {
        if (-not $property.Name.StartsWith($prefix)) { continue }
        $child = $property.Value.name.Substring($Name.Length + 1).Split('\')[0]
        if (-not $seen[$child]) { $seen[$child] = $true; "$Name\$child" }
    }
}

function Set-LabRegistryKey($State, [string]$Name) {
    $key = $Name.ToLowerInvariant()
    if (-not $State.registry.PSObject.Properties[$key]) {
        $entry = ConvertFrom-Json '{"name":"","values":{}}'
        $entry.name = $Name
        $State.registry.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $key, $entry))
    }
    $State.registry.PSObject.Properties[$key].Value
}

function Set-LabRegistryValue($State, [string]$Key, [string]$Name, $Value, [string]$Kind) {
    $entry = Set-LabRegistryKey $State $Key
    $old = $entry.values.PSObject.Properties[$Name]
    if (-not $Kind) { $Kind = if ($old) { $old.Value.k } elseif ($Value -is [int]) { 'DWord' } elseif ($Value -is [long]) { 'QWord' } elseif ($Value -is [byte[]]) { 'Binary' } elseif ($Value -is [array]) { 'MultiString' } else { 'String' } }
    if ($Kind -in 'DWord', 'QWord') { $Value = [long]$Value } elseif ($Kind -in 'String', 'ExpandString') { $Value = [string]$Value }
    $item = New-Object System.Management.Automation.PSObject
    $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty 'k', $Kind))
    $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty 'v', $Value))
    if ($old) { $old.Value = $item } else { $entry.values.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $Name, $item)) }
}

# What Get-Item shows of a key.
function New-LabRegistryItem([string]$Name) {
    $values = Get-LabRegistryValues $Name
    $item = [pscustomobject]@{
        PSTypeName = 'Microsoft.Win32.RegistryKey'
        Name = $Name; Property = [string[]]@($values.Keys); ValueCount = $values.Count; SubKeyCount = @(Get-LabRegistryChildren $Name).Count
    }
    Add-LabItemPath $item $Name
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'GetValue', { param($n, $d) $v = Get-LabRegistryValues $this.Name; if ($v.Contains("$n")) { $v["$n"] } else { $d } }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'GetValueNames', { $this.Property }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'GetSubKeyNames', { Get-LabRegistryChildren $this.Name | ForEach-Object { $_.Split('\')[-1] } }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'Close', { }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'ToString', { $this.Name }) , $true)
    $item
}

function Add-LabItemPath($Item, [string]$Name) {
    $cut = $Name.LastIndexOf('\')
    foreach ($pair in @{
        PSPath = "Microsoft.PowerShell.Core\Registry::$Name"
        PSParentPath = $(if ($cut -gt 0) { "Microsoft.PowerShell.Core\Registry::$($Name.Substring(0, $cut))" } else { '' })
        PSChildName = $Name.Substring($cut + 1)
    }.GetEnumerator()) { $Item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $pair.Key, $pair.Value)) }
}
