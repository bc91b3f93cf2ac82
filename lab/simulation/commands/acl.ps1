# Access control lists of files and registry keys, kept as SDDL; a path without its own inherits its parent's.

$script:DefaultSddl = 'O:BAG:BAD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;0x1200a9;;;BU)'
$script:SddlNames = @{ SY = 'NT AUTHORITY\SYSTEM'; BA = 'BUILTIN\Administrators'; BU = 'BUILTIN\Users'; CO = 'CREATOR OWNER'; WD = 'Everyone'; LS = 'NT AUTHORITY\LOCAL SERVICE'; NS = 'NT AUTHORITY\NETWORK SERVICE'; AU = 'NT AUTHORITY\Authenticated Users' }

function Get-LabAclKey($At) { if ($At.Kind -eq 'registry') { $At.Key } else { $At.Windows.TrimEnd('\').ToLowerInvariant() } }

function Get-LabSddl($At) {
    $acls = (Get-LabState).acls
    $own = $acls.PSObject.Properties[(Get-LabAclKey $At)]
    if ($own) { return $own.Value }
    $key = Get-LabAclKey $At
    while ($key.Contains('\')) {
        $key = $key.Substring(0, $key.LastIndexOf('\'))
        $parent = $acls.PSObject.Properties[$key]
        if ($parent) {
            # What a parent grants to its children arrives there as inherited.
            $aces = [regex]::Matches($parent.Value, '\((A|D);([^;]*);([^)]*)\)') | Where-Object { $_.Groups[2].Value -match 'OI|CI' } | ForEach-Object { "($($_.Groups[1].Value);$($_.Groups[2].Value -replace 'ID', '')ID;$($_.Groups[3].Value))" }
            return (($parent.Value -replace 'D:.*$', '') + 'D:AI' + ($aces -join ''))
        }
    }
    $script:DefaultSddl
}

# The account behind a SID or an SDDL abbreviation, as this server shows it; a deleted account stays a SID.
function Get-LabAccountName([string]$Sid) {
    if ($script:SddlNames[$Sid]) { return (ConvertTo-LabLocalName $script:SddlNames[$Sid]) }
    $state = Get-LabState
    foreach ($name in @($state.service.startName, $state.service.original, $state.account.name, $state.account.proof, 'BUILTIN\Administrators', 'BUILTIN\Users', 'NT AUTHORITY\SYSTEM', 'NT SERVICE\ADSync', 'NT SERVICE\TrustedInstaller', "$($state.netbios)\labadmin")) {
        if ($name -and (Get-LabSid $name) -eq $Sid) { return (ConvertTo-LabLocalName (Resolve-LabAccount $name)) }
    }
    $Sid
}

function New-LabIdentity([string]$Name, [string]$Sid) {
    $item = [pscustomobject]@{ Value = $Name; LabSid = $Sid }
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'ToString', { $this.Value }), $true)
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'Translate', { param($type) [pscustomobject]@{ Value = $this.LabSid } }))
    $item
}

function New-LabAcl($At, [string]$Sddl) {
    $acl = New-Object System.Management.Automation.PSObject
    $registry = $At.Kind -eq 'registry'
    $acl.PSObject.TypeNames.Insert(0, $(if ($registry) { 'System.Security.AccessControl.RegistrySecurity' } else { 'System.Security.AccessControl.FileSecurity' }))
    foreach ($pair in @(@('Path', $(if ($registry) { "Microsoft.PowerShell.Core\Registry::$($At.Name)" } else { "Microsoft.PowerShell.Core\FileSystem::$($At.Windows)" })), @('Sddl', $Sddl))) { $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $pair[0], $pair[1])) }
    $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSScriptProperty 'Owner', { if ($this.Sddl -match '^O:(BA|SY|S-1-[\d-]+)') { Get-LabAccountName $Matches[1] } }))
    $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSScriptProperty 'Group', { if ($this.Sddl -match 'G:(BA|SY|S-1-[\d-]+)') { Get-LabAccountName $Matches[1] } }))
    $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSScriptProperty 'AreAccessRulesProtected', { $this.Sddl -match 'D:[A-Z]*P' }))
    $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSScriptProperty 'Access', { Get-LabAccess $this.Sddl }))
    $acl.PSObject.Properties.Add((New-Object System.Management.Automation.PSScriptProperty 'AccessToString', { (@(Get-LabAccess $this.Sddl) | ForEach-Object { "$($_.IdentityReference) $($_.AccessControlType)  $($_.FileSystemRights)" }) -join "`n" }))
    $acl.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'SetSecurityDescriptorSddlForm', { param($sddl) $this.Sddl = [string]$sddl }))
    $acl.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'GetSecurityDescriptorSddlForm', { param($sections) $this.Sddl }))
    $acl.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'GetOwner', { param($type) if ($this.Sddl -match '^O:(BA|SY|S-1-[\d-]+)') { $name = Get-LabAccountName $Matches[1]; New-LabIdentity $(if ("$type" -match 'SecurityIdentifier') { Get-LabSid $name } else { $name }) (Get-LabSid $name) } }))
    $acl
}

function Get-LabAccess([string]$Sddl) {
    foreach ($ace in [regex]::Matches($Sddl, '\((A|D);([^;]*);([^;]*);[^;]*;[^;]*;([^)]*)\)')) {
        $name = Get-LabAccountName $ace.Groups[4].Value
        $rights = switch -regex ($ace.Groups[3].Value) { '^FA$|0x1f01ff' { 'FullControl' } '^KA$|0xf003f' { 'FullControl' } '0x1301bf' { 'Modify, Synchronize' } 'KR|0x20019' { 'ReadKey' } default { 'ReadAndExecute, Synchronize' } }
        $sid = if ($ace.Groups[4].Value -like 'S-1-*') { $ace.Groups[4].Value } else { Get-LabSid $name }
        [pscustomobject]@{
            FileSystemRights = $rights; RegistryRights = $rights; AccessControlType = $(if ($ace.Groups[1].Value -eq 'A') { 'Allow' } else { 'Deny' })
            IdentityReference = (New-LabIdentity $name $sid); IsInherited = $ace.Groups[2].Value -match 'ID$'; InheritanceFlags = 'ContainerInherit, ObjectInherit'; PropagationFlags = 'None'
        }
    }
}

function Get-Acl {
    [CmdletBinding(DefaultParameterSetName = 'ByPath')]
    param([Parameter(ParameterSetName = 'ByPath', Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path, [Parameter(ParameterSetName = 'ByLiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath, [switch]$Audit)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $at = Resolve-LabPath $one
            if (Test-LabItem $at) { New-LabAcl $at (Get-LabSddl $at) } else { Write-LabMissing $PSCmdlet $at }
        }
    }
}

function Set-Acl {
    [CmdletBinding(DefaultParameterSetName = 'ByPath', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'ByPath', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Path, [Parameter(ParameterSetName = 'ByLiteralPath', Mandatory)][Alias('PSPath')][string[]]$LiteralPath, [Parameter(Mandatory, Position = 1, ValueFromPipeline)]$AclObject, [switch]$Passthru)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $at = Resolve-LabPath $one
            if (-not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
            Update-LabState { param($s)
                $key = Get-LabAclKey $at
                if ($s.acls.PSObject.Properties[$key]) { $s.acls.$key = $AclObject.Sddl } else { $s.acls.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $key, $AclObject.Sddl)) }
            }
        }
    }
}
