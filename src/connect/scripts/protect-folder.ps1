# Makes this run's folder under ProgramData, readable by administrators and SYSTEM only, before anything is put into it.
# Users may create folders in ProgramData: a folder that somebody else made, or that points elsewhere, is refused.
param([string] $Run)
$ErrorActionPreference = 'Stop'
# Names of built-in groups are localized; their SIDs are not.
function Test-Ours($Acl) {
    $owner = if ([string]$Acl.Sddl -match '^O:(BA|SY|S-1-[0-9-]+?)(?=G:|D:|S:|$)') { $Matches[1] } else { [string]$Acl.Owner }
    $owner -in 'BA', 'SY' -or $owner -in $trusted
}
# The whole grant has to be ours: whom an allow entry names that is neither administrators nor SYSTEM; empty: nobody.
function Get-Stranger([string] $Descriptor) {
    foreach ($ace in [regex]::Matches($Descriptor, '\(([A-Z]+);[^;]*;[^;]*;[^;]*;[^;]*;([^;)]+)[^)]*\)')) {
        if ($ace.Groups[1].Value -eq 'A' -and $ace.Groups[2].Value -notin 'BA', 'SY', 'S-1-5-32-544', 'S-1-5-18') { return $ace.Groups[2].Value }
    }
    ''
}
function Protect-Path([string] $Path) {
    $acl = Get-Acl -LiteralPath $Path
    $acl.SetSecurityDescriptorSddlForm($sddl)
    Set-Acl -LiteralPath $Path -AclObject $acl
}
$sddl = 'O:BAG:BAD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)'
$trusted = 'S-1-5-32-544', 'S-1-5-18', 'BUILTIN\Administrators', 'NT AUTHORITY\SYSTEM'
$root = Join-Path -Path $env:ProgramData -ChildPath 'EntraConnectRemediation'
$folder = Join-Path -Path $root -ChildPath $Run
foreach ($path in $root, $folder) {
    $made = $false
    if (-not (Test-Path -LiteralPath $path)) {
        $null = New-Item -Path $path -ItemType Directory
        Protect-Path $path
        $made = $true
    }
    $item = Get-Item -LiteralPath $path -Force
    if (([string]$item.Attributes) -match 'ReparsePoint') {
        throw "$path is a link to somewhere else. Nothing was written. Look at who made it, remove it, and try again."
    }
    $check = Get-Acl -LiteralPath $path
    if (-not (Test-Ours $check)) {
        throw "$path belongs to $($check.Owner), not to the administrators. Nothing was written. Look at who made it, remove it, and try again."
    }
    $stranger = Get-Stranger ([string]$check.Sddl)
    # Made by administrators and still empty: a run that died between making the folder and closing it has left it so.
    if ($stranger -ne '' -and @(Get-ChildItem -LiteralPath $path -Force).Count -eq 0) {
        Protect-Path $path
        $made = $true
        $stranger = Get-Stranger ([string](Get-Acl -LiteralPath $path).Sddl)
    }
    if ($stranger -ne '') {
        throw "$path can be used by $stranger, not only by administrators. Nothing was written. Look at who made it, remove it, and try again."
    }
    # What somebody put in before the list was set stays theirs.
    if ($made) {
        foreach ($child in @(Get-ChildItem -LiteralPath $path -Force)) {
            $inner = Join-Path -Path $path -ChildPath $child.Name
            if (([string]$child.Attributes) -match 'ReparsePoint' -or -not (Test-Ours (Get-Acl -LiteralPath $inner))) {
                throw "$inner belongs to somebody else, not to the administrators. Nothing was written. Look at who made it, remove it, and try again."
            }
        }
    }
}
[pscustomobject]@{ folder = [string]$folder }
