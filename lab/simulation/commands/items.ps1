# Item commands over files and registry keys, with the parameters of Windows PowerShell 5.1.

function New-LabFileItem($At) {
    $folder = [IO.Directory]::Exists($At.Real)
    $info = if ($folder) { New-Object System.IO.DirectoryInfo $At.Real } else { New-Object System.IO.FileInfo $At.Real }
    $parent = $At.Windows.Substring(0, [Math]::Max(3, $At.Windows.LastIndexOf('\')))
    $item = [pscustomobject]@{
        Name = $At.Leaf; FullName = $At.Windows; PSIsContainer = $folder; Exists = $true
        Mode = $(if ($folder) { 'd-----' } else { '-a----' })
        Attributes = $(if ($info.LinkTarget) { [IO.FileAttributes]'Directory, ReparsePoint' } elseif ($folder) { [IO.FileAttributes]::Directory } else { [IO.FileAttributes]::Archive })
        CreationTime = $info.CreationTime; CreationTimeUtc = $info.CreationTimeUtc
        LastWriteTime = $info.LastWriteTime; LastWriteTimeUtc = $info.LastWriteTimeUtc; LastAccessTime = $info.LastAccessTime
        LinkType = $(if ($info.LinkTarget) { 'Junction' } else { $null }); Target = $null
        PSPath = "Microsoft.PowerShell.Core\FileSystem::$($At.Windows)"; PSParentPath = "Microsoft.PowerShell.Core\FileSystem::$parent"; PSChildName = $At.Leaf
    }
    if (-not $folder) {
        $length = $info.Length
        if ($At.Leaf -eq 'ADSync.mdf') { $database = (Get-LabState).database; $length = [long]($(if ($database.fileMb) { $database.fileMb } else { $database.sizeMb }) * 1MB) }
        $extra = @{ Length = $length; Extension = [IO.Path]::GetExtension($At.Leaf); BaseName = [IO.Path]::GetFileNameWithoutExtension($At.Leaf); DirectoryName = $parent; IsReadOnly = $false; VersionInfo = (Get-LabVersionInfo $At) }
    } else { $extra = @{ BaseName = $At.Leaf; Extension = '' } }
    foreach ($pair in $extra.GetEnumerator()) { $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $pair.Key, $pair.Value)) }
    $item.PSObject.TypeNames.Insert(0, $(if ($folder) { 'System.IO.DirectoryInfo' } else { 'System.IO.FileInfo' }))
    $item.PSObject.Members.Add((New-Object System.Management.Automation.PSScriptMethod 'ToString', { $this.FullName }), $true)
    $item
}

function Get-LabVersionInfo($At) {
    if ($At.Leaf -notmatch '\.(exe|dll)$') { return $null }
    $version = if ($At.Windows -like '*\Microsoft Azure AD Sync\*') { (Get-LabState).build } else { '10.0.20348.2849' }
    $parts = ([version]$version)
    [pscustomobject]@{ FileName = $At.Windows; FileVersion = $version; ProductVersion = $version; FileMajorPart = $parts.Major; FileMinorPart = $parts.Minor; FileBuildPart = $parts.Build; FilePrivatePart = $parts.Revision; CompanyName = 'Microsoft Corporation' }
}

function New-LabItem($At) { if ($At.Kind -eq 'registry') { New-LabRegistryItem $At.Name } else { New-LabFileItem $At } }

function Get-Item {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsTransactions = $false)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [string]$Filter, [string[]]$Include, [string[]]$Exclude, [switch]$Force, [pscredential]$Credential, [string[]]$Stream)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            foreach ($at in @(Expand-LabPath $one $literal)) {
                if ($at.Kind -eq 'env' -and $at.Name) { [pscustomobject]@{ Name = $at.Name; Key = $at.Name; Value = [Environment]::GetEnvironmentVariable($at.Name) }; continue }
                if (Test-LabItem $at) { New-LabItem $at } else { Write-LabMissing $PSCmdlet $at }
            }
        }
    }
}

function Get-ChildItem {
    [Alias('ls')]
    [CmdletBinding(DefaultParameterSetName = 'Items')]
    param([Parameter(ParameterSetName = 'Items', Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralItems', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Position = 1)][string]$Filter, [string[]]$Include, [string[]]$Exclude, [Alias('s')][switch]$Recurse, [uint32]$Depth, [switch]$Force, [switch]$Name,
        [switch]$File, [switch]$Directory, [switch]$Hidden, [switch]$ReadOnly, [switch]$System)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralItems'
        $paths = if ($literal) { $LiteralPath } elseif ($Path) { $Path } else { $script:Location }
        foreach ($one in $paths) {
            foreach ($at in @(Expand-LabPath $one $literal)) {
                if ($at.Kind -eq 'env') { [Environment]::GetEnvironmentVariables().GetEnumerator() | Sort-Object Key | ForEach-Object { [pscustomobject]@{ Name = $_.Key; Key = $_.Key; Value = $_.Value } }; continue }
                if (-not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
                foreach ($child in @(Get-LabChildren $at ($Recurse -or $PSBoundParameters.ContainsKey('Depth')) $(if ($PSBoundParameters.ContainsKey('Depth')) { $Depth } else { 100 }))) {
                    $leaf = $child.Windows.Split('\')[-1]
                    if ($Filter -and $leaf -notlike $Filter) { continue }
                    if ($Include -and -not ($Include | Where-Object { $leaf -like $_ })) { continue }
                    if ($Exclude -and ($Exclude | Where-Object { $leaf -like $_ })) { continue }
                    if ($at.Kind -eq 'file') {
                        $folder = [IO.Directory]::Exists($child.Real)
                        if (($File -and $folder) -or ($Directory -and -not $folder)) { continue }
                    }
                    if ($Name) { $leaf } else { New-LabItem $child }
                }
            }
        }
    }
}

function Get-LabChildren($At, [bool]$Deep, [int]$Depth) {
    if ($At.Kind -eq 'registry') { $children = @(Get-LabRegistryChildren $At.Name | ForEach-Object { Resolve-LabPath "Registry::$_" }) }
    elseif ([IO.File]::Exists($At.Real)) { return $At }
    else { $children = @([IO.Directory]::GetFileSystemEntries($At.Real) | Sort-Object | ForEach-Object { Resolve-LabPath "$($At.Windows.TrimEnd('\'))\$([IO.Path]::GetFileName($_))" }) }
    foreach ($child in $children) {
        $child
        if ($Deep -and $Depth -gt 0 -and ($At.Kind -eq 'registry' -or [IO.Directory]::Exists($child.Real))) { Get-LabChildren $child $true ($Depth - 1) }
    }
}

function Test-Path {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][AllowEmptyString()][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [ValidateSet('Any', 'Container', 'Leaf')][string]$PathType = 'Any', [string]$Filter, [string[]]$Include, [string[]]$Exclude, [switch]$IsValid)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            $found = @(Expand-LabPath $one $literal | Where-Object { Test-LabItem $_ })
            if ($PathType -eq 'Leaf') { $found = @($found | Where-Object { $_.Kind -eq 'file' -and [IO.File]::Exists($_.Real) }) }
            if ($PathType -eq 'Container') { $found = @($found | Where-Object { $_.Kind -eq 'registry' -or [IO.Directory]::Exists($_.Real) }) }
            $found.Count -gt 0
        }
    }
}

function New-Item {
    [CmdletBinding(DefaultParameterSetName = 'pathSet', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'pathSet', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Parameter(ParameterSetName = 'nameSet', Position = 0)][string[]]$Path,
        [Parameter(ParameterSetName = 'nameSet', Mandatory)][string]$Name, [Alias('Type')][string]$ItemType, [Alias('Target')]$Value, [switch]$Force)
    process {
        foreach ($one in $Path) {
            $at = Resolve-LabPath $(if ($Name) { "$($one.TrimEnd('\'))\$Name" } else { $one })
            if ($at.Kind -eq 'registry') {
                if ((Test-LabRegistryKey $at) -and -not $Force) { Write-LabError $PSCmdlet "A key in this path already exists." 'System.ArgumentException' 'ResourceExists' $at.Name 'System.IO.IOException'; continue }
                $cut = $at.Name.LastIndexOf('\')
                if (-not $Force -and -not (Test-LabRegistryKey (Resolve-LabPath "Registry::$($at.Name.Substring(0, $cut))"))) { Write-LabError $PSCmdlet 'The registry key at the specified path does not exist.' 'System.ArgumentException' 'InvalidArgument' $at.Name 'System.ArgumentException'; continue }
                # The provider looks first and creates then, and creating opens a key that came in between: two callers can both have it.
                Update-LabState { param($s)
                    # Forced, the registry provider deletes a key that is there, with everything in it.
                    if ($Force) { foreach ($name in @($s.registry.PSObject.Properties.Name)) { if ($name -eq $at.Key -or $name.StartsWith("$($at.Key)\")) { $s.registry.PSObject.Properties.Remove($name) } } }
                    [void](Set-LabRegistryKey $s $at.Name); if ($null -ne $Value) { Set-LabRegistryValue $s $at.Name '(default)' $Value '' } }
                New-LabItem $at
            } elseif ($at.Kind -eq 'file') {
                if ($ItemType -match '^(Directory|Container|d)') {
                    if ([IO.Directory]::Exists($at.Real) -and -not $Force) { Write-LabError $PSCmdlet "An item with the specified name $($at.Windows) already exists." 'DirectoryExist' 'ResourceExists' $at.Windows 'System.IO.IOException'; continue }
                    [void][IO.Directory]::CreateDirectory($at.Real)
                } else {
                    if (-not [IO.Directory]::Exists([IO.Path]::GetDirectoryName($at.Real))) {
                        if (-not $Force) { Write-LabError $PSCmdlet "Could not find a part of the path '$($at.Windows)'." 'NewItemIOError' 'WriteError' $at.Windows 'System.IO.DirectoryNotFoundException'; continue }
                        [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($at.Real))
                    }
                    # The file system provider opens with CreateNew, forced with Create, and shares with nobody until the value is in it.
                    try {
                        $stream = [IO.File]::Open($at.Real, $(if ($Force) { [IO.FileMode]::Create } else { [IO.FileMode]::CreateNew }), [IO.FileAccess]::Write, [IO.FileShare]::None)
                        try { $bytes = [Text.Encoding]::UTF8.GetBytes("$Value"); $stream.Write($bytes, 0, $bytes.Length) } finally { $stream.Dispose() }
                    } catch [IO.IOException] { Write-LabError $PSCmdlet "The file '$($at.Windows)' already exists." 'NewItemIOError' 'WriteError' $at.Windows 'System.IO.IOException'; continue }
                }
                New-LabItem $at
            } else { Write-LabMissing $PSCmdlet $at }
        }
    }
}

function Remove-Item {
    [Alias('rm', 'rmdir')]
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [string]$Filter, [string[]]$Include, [string[]]$Exclude, [switch]$Recurse, [switch]$Force)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            foreach ($at in @(Expand-LabPath $one $literal)) {
                if ($at.Kind -eq 'variable' -or $at.Kind -eq 'function') { continue }
                if (-not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
                if ($at.Kind -eq 'registry') {
                    Update-LabState { param($s)
                        foreach ($name in @($s.registry.PSObject.Properties.Name)) { if ($name -eq $at.Key -or ($Recurse -and $name.StartsWith("$($at.Key)\"))) { $s.registry.PSObject.Properties.Remove($name) } }
                    }
                } elseif ([IO.Directory]::Exists($at.Real)) {
                    if ([IO.Directory]::GetFileSystemEntries($at.Real).Count -and -not $Recurse) { Write-LabError $PSCmdlet "The item at $($at.Windows) has children and the Recurse parameter was not specified." 'DirectoryNotEmpty' 'WriteError' $at.Windows 'System.IO.IOException'; continue }
                    [IO.Directory]::Delete($at.Real, $true)
                } elseif (Test-LabSharing $PSCmdlet $at) { [IO.File]::Delete($at.Real) }
            }
        }
    }
}

function Copy-Item {
    [Alias('cp')]
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Position = 1)][string]$Destination, [switch]$Container, [switch]$Recurse, [switch]$Force, [switch]$PassThru, [string]$Filter, [string[]]$Include, [string[]]$Exclude)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            foreach ($from in @(Expand-LabPath $one $literal)) {
                if ($from.Kind -ne 'file' -or -not (Test-LabItem $from)) { Write-LabMissing $PSCmdlet $from; continue }
                $to = Resolve-LabPath $Destination
                if ($to.Kind -ne 'file') { Write-LabMissing $PSCmdlet $to; continue }
                if ([IO.Directory]::Exists($to.Real)) { $to = Resolve-LabPath "$($to.Windows)\$($from.Leaf)" }
                Copy-LabTree $PSCmdlet $from $to $Recurse
                if ($PassThru) { New-LabItem $to }
            }
        }
    }
}

function Copy-LabTree($Cmdlet, $From, $To, [bool]$Recurse) {
    if ([IO.Directory]::Exists($From.Real)) {
        [void][IO.Directory]::CreateDirectory($To.Real)
        if ($Recurse) { foreach ($child in @(Get-LabChildren $From $false 0)) { Copy-LabTree $Cmdlet $child (Resolve-LabPath "$($To.Windows)\$($child.Leaf)") $true } }
    } elseif (Test-LabSharing $Cmdlet $From) {
        if (-not [IO.Directory]::Exists([IO.Path]::GetDirectoryName($To.Real))) { Write-LabError $Cmdlet "Could not find a part of the path '$($To.Windows)'." 'CopyFileInfoItemIOError' 'WriteError' $From.Windows 'System.IO.DirectoryNotFoundException'; return }
        [IO.File]::Copy($From.Real, $To.Real, $true)
    }
}

function Move-Item {
    [Alias('mv')]
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Position = 1)][string]$Destination, [switch]$Force, [switch]$PassThru)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $from = Resolve-LabPath $one
            $to = Resolve-LabPath $Destination
            if ($from.Kind -ne 'file' -or -not (Test-LabItem $from)) { Write-LabMissing $PSCmdlet $from; continue }
            if ([IO.Directory]::Exists($to.Real)) { $to = Resolve-LabPath "$($to.Windows)\$($from.Leaf)" }
            if (-not (Test-LabSharing $PSCmdlet $from)) { continue }
            if ([IO.Directory]::Exists($from.Real)) { [IO.Directory]::Move($from.Real, $to.Real) }
            else {
                if ($Force -and [IO.File]::Exists($to.Real)) { [IO.File]::Delete($to.Real) }
                # A move replaces nothing, and of two that move the same file one finds it gone.
                try { [IO.File]::Move($from.Real, $to.Real) }
                catch [IO.FileNotFoundException] { Write-LabMissing $PSCmdlet $from; continue }
                catch [IO.IOException] { Write-LabError $PSCmdlet 'Cannot create a file when that file already exists.' 'MoveFileInfoItemIOError' 'WriteError' $from.Windows 'System.IO.IOException'; continue }
            }
            if ($PassThru) { New-LabItem $to }
        }
    }
}

function Resolve-Path {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath, [switch]$Relative)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            foreach ($at in @(Expand-LabPath $one ([bool]$LiteralPath))) { if (Test-LabItem $at) { [pscustomobject]@{ Path = $at.Windows; ProviderPath = $at.Windows } } else { Write-LabMissing $PSCmdlet $at } }
        }
    }
}

function Get-Location { [CmdletBinding()] param([switch]$Stack) [pscustomobject]@{ Path = $script:Location; ProviderPath = $script:Location } }
function Set-Location {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Position = 0, ValueFromPipeline)][string]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory)][Alias('PSPath')][string]$LiteralPath, [switch]$PassThru)
    process {
        $at = Resolve-LabPath $(if ($LiteralPath) { $LiteralPath } else { $Path })
        if (Test-LabItem $at) { $script:Location = $at.Windows.TrimEnd('\') } else { Write-LabMissing $PSCmdlet $at }
    }
}
