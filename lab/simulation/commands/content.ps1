# Item properties and file contents.

function Get-ItemProperty {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Position = 1)][Alias('PSProperty')][string[]]$Name, [string]$Filter, [string[]]$Include, [string[]]$Exclude)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            foreach ($at in @(Expand-LabPath $one $literal)) {
                if (-not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
                if ($at.Kind -ne 'registry') { New-LabItem $at; continue }
                $values = Get-LabRegistryValues $at.Name
                $item = New-Object System.Management.Automation.PSObject
                foreach ($key in @($values.Keys)) {
                    if ($Name -and -not ($Name | Where-Object { $key -like $_ })) { continue }
                    $item.PSObject.Properties.Add((New-Object System.Management.Automation.PSNoteProperty $key, $values[$key]))
                }
                foreach ($wanted in $Name) {
                    if ($wanted -notmatch '[*?]' -and -not $values.Contains($wanted)) { Write-LabError $PSCmdlet "Property $wanted does not exist at path $($at.Name)." 'System.Management.Automation.PSArgumentException' 'InvalidArgument' $wanted 'System.Management.Automation.PSArgumentException' }
                }
                if ($Name -and -not @($item.PSObject.Properties).Count) { continue }
                if (-not $Name -and -not $values.Count) { continue }
                Add-LabItemPath $item $at.Name
                $item
            }
        }
    }
}

function Get-ItemPropertyValue {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Position = 0, ValueFromPipeline)][string[]]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory)][Alias('PSPath')][string[]]$LiteralPath, [Parameter(Mandatory, Position = 1)][Alias('PSProperty')][string[]]$Name)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $item = Get-ItemProperty -LiteralPath $one -Name $Name
            if ($item) { foreach ($key in $Name) { $item.$key } }
        }
    }
}

function Set-ItemProperty {
    [CmdletBinding(DefaultParameterSetName = 'propertyValuePathSet', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'propertyValuePathSet', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'propertyValueLiteralPathSet', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)][Alias('PSProperty')][string]$Name, [Parameter(Mandatory, Position = 2)][AllowNull()][AllowEmptyString()]$Value,
        [string]$Type, [switch]$PassThru, [switch]$Force)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $at = Resolve-LabPath $one
            if (-not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
            if ($at.Kind -ne 'registry') { continue }
            Update-LabState { param($s) Set-LabRegistryValue $s $at.Name $Name $Value $Type }
            if ($PassThru) { Get-ItemProperty -LiteralPath $one -Name $Name }
        }
    }
}

function New-ItemProperty {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0)][string[]]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Mandatory, Position = 1)][Alias('PSProperty')][string]$Name, [Alias('Type')][string]$PropertyType = 'String', $Value, [switch]$Force)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $at = Resolve-LabPath $one
            if ($at.Kind -ne 'registry' -or -not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
            if (-not $Force -and (Get-LabRegistryValues $at.Name).Contains($Name)) { Write-LabError $PSCmdlet 'The property already exists.' 'System.IO.IOException' 'ResourceExists' $at.Name 'System.IO.IOException'; continue }
            Update-LabState { param($s) Set-LabRegistryValue $s $at.Name $Name $Value $PropertyType }
            Get-ItemProperty -LiteralPath $one -Name $Name
        }
    }
}

function Remove-ItemProperty {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0)][string[]]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Mandatory, Position = 1)][Alias('PSProperty')][string[]]$Name, [switch]$Force)
    process {
        foreach ($one in $(if ($LiteralPath) { $LiteralPath } else { $Path })) {
            $at = Resolve-LabPath $one
            if ($at.Kind -ne 'registry' -or -not (Test-LabItem $at)) { Write-LabMissing $PSCmdlet $at; continue }
            foreach ($wanted in $Name) {
                if (-not (Get-LabRegistryValues $at.Name).Contains($wanted)) { Write-LabError $PSCmdlet "Property $wanted does not exist at path $($at.Name)." 'System.Management.Automation.PSArgumentException' 'InvalidArgument' $wanted 'System.Management.Automation.PSArgumentException'; continue }
                Update-LabState { param($s) (Set-LabRegistryKey $s $at.Name).values.PSObject.Properties.Remove($wanted) }
            }
        }
    }
}

function Get-Content {
    [Alias('cat')]
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(ParameterSetName = 'LiteralPath', Mandatory, ValueFromPipelineByPropertyName)][Alias('PSPath')][string[]]$LiteralPath,
        [long]$ReadCount = 1, [Alias('First', 'Head')][long]$TotalCount = -1, [Alias('Last')][int]$Tail = -1, [switch]$Raw, [string]$Encoding, [string]$Delimiter, [switch]$Wait, [switch]$Force)
    process {
        $literal = $PSCmdlet.ParameterSetName -eq 'LiteralPath'
        foreach ($one in $(if ($literal) { $LiteralPath } else { $Path })) {
            foreach ($at in @(Expand-LabPath $one $literal)) {
                if ($at.Kind -ne 'file' -or -not [IO.File]::Exists($at.Real)) { Write-LabMissing $PSCmdlet $at; continue }
                if (-not (Test-LabSharing $PSCmdlet $at)) { continue }
                if ($Encoding -eq 'Byte') { [IO.File]::ReadAllBytes($at.Real); continue }
                if ($Raw) { [IO.File]::ReadAllText($at.Real); continue }
                $lines = [IO.File]::ReadAllLines($at.Real)
                if ($TotalCount -ge 0) { $lines = @($lines | Select-Object -First $TotalCount) }
                if ($Tail -ge 0) { $lines = @($lines | Select-Object -Last $Tail) }
                $lines
            }
        }
    }
}

function Write-LabContent($Cmdlet, [string[]]$Paths, [object[]]$Lines, [string]$Encoding, [bool]$Append, [bool]$NoNewline) {
    $end = if ($NoNewline) { '' } else { "`r`n" }
    $coding = switch -regex ($Encoding) { '^(UTF8)$' { New-Object System.Text.UTF8Encoding $true } '^(Unicode|)$' { if ($Encoding) { [Text.Encoding]::Unicode } else { New-Object System.Text.UTF8Encoding $false } } '^ASCII$' { [Text.Encoding]::ASCII } default { New-Object System.Text.UTF8Encoding $false } }
    foreach ($one in $Paths) {
        $at = Resolve-LabPath $one
        if ($at.Kind -ne 'file') { Write-LabMissing $Cmdlet $at; continue }
        if (-not [IO.Directory]::Exists([IO.Path]::GetDirectoryName($at.Real))) { Write-LabError $Cmdlet "Could not find a part of the path '$($at.Windows)'." 'GetContentWriterDirectoryNotFoundError' 'ObjectNotFound' $at.Windows 'System.IO.DirectoryNotFoundException'; continue }
        if (-not (Test-LabSharing $Cmdlet $at)) { continue }
        if ($Encoding -eq 'Byte') { [IO.File]::WriteAllBytes($at.Real, [byte[]]$Lines); continue }
        $text = (@($Lines) | ForEach-Object { "$_$end" }) -join ''
        if ($Append) { [IO.File]::AppendAllText($at.Real, $text, $coding) } else { [IO.File]::WriteAllText($at.Real, $text, $coding) }
    }
}

function Set-Content {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0)][string[]]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Mandatory, Position = 1, ValueFromPipeline)][AllowNull()][AllowEmptyCollection()][object[]]$Value, [string]$Encoding, [switch]$NoNewline, [switch]$Force, [switch]$PassThru)
    begin { $lines = New-Object System.Collections.Generic.List[object] }
    process { foreach ($line in $Value) { $lines.Add($line) } }
    end { Write-LabContent $PSCmdlet $(if ($LiteralPath) { $LiteralPath } else { $Path }) $lines.ToArray() $Encoding $false $NoNewline }
}

function Add-Content {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'Path', Mandatory, Position = 0)][string[]]$Path, [Parameter(ParameterSetName = 'LiteralPath', Mandatory)][Alias('PSPath')][string[]]$LiteralPath,
        [Parameter(Mandatory, Position = 1, ValueFromPipeline)][AllowNull()][AllowEmptyCollection()][object[]]$Value, [string]$Encoding, [switch]$NoNewline, [switch]$Force)
    begin { $lines = New-Object System.Collections.Generic.List[object] }
    process { foreach ($line in $Value) { $lines.Add($line) } }
    end { Write-LabContent $PSCmdlet $(if ($LiteralPath) { $LiteralPath } else { $Path }) $lines.ToArray() $Encoding $true $NoNewline }
}

function Out-File {
    [CmdletBinding(DefaultParameterSetName = 'ByPath', SupportsShouldProcess)]
    param([Parameter(ParameterSetName = 'ByPath', Mandatory, Position = 0)][string]$FilePath, [Parameter(ParameterSetName = 'ByLiteralPath', Mandatory)][Alias('PSPath')][string]$LiteralPath,
        [Parameter(Position = 1)][string]$Encoding = 'Unicode', [switch]$Append, [switch]$Force, [Alias('NoOverwrite')][switch]$NoClobber, [int]$Width, [switch]$NoNewline, [Parameter(ValueFromPipeline)][psobject]$InputObject)
    begin { $items = New-Object System.Collections.Generic.List[object] }
    process { $items.Add($InputObject) }
    end { Write-LabContent $PSCmdlet @($FilePath, $LiteralPath | Where-Object { $_ }) @($items | Out-String -Stream) $Encoding $Append $NoNewline }
}
