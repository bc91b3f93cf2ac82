# Modules: ADSync exists by its full path only; nothing is found by name.

# Where a session loses every way to files (somebody's own pwsh), the module is read before: later it is only handed out.
$script:AdSync = $null
function Initialize-LabModules {
    $script:LoadModule = $ExecutionContext.InvokeCommand.GetCommand('Microsoft.PowerShell.Core\Import-Module', 'Cmdlet')
    $script:AdSync = & $script:LoadModule -Name ([IO.Path]::Combine($env:ENTRA_LAB_MODULES, 'simulation', 'ADSync', 'ADSync.psm1')) -Scope Local -DisableNameChecking -PassThru
}

function Import-Module {
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    param([Parameter(ParameterSetName = 'Name', Mandatory, Position = 0, ValueFromPipeline)][string[]]$Name, [Parameter(ParameterSetName = 'ModuleInfo', Mandatory, Position = 0)]$ModuleInfo, [switch]$Global, [string]$Prefix, [string[]]$Function, [string[]]$Cmdlet, [string[]]$Variable, [string[]]$Alias, [switch]$Force, [switch]$PassThru, [switch]$AsCustomObject,
        [version]$MinimumVersion, [version]$RequiredVersion, [Alias('Args')][object[]]$ArgumentList, [switch]$DisableNameChecking, [Alias('NoOverwrite')][switch]$NoClobber, [ValidateSet('Local', 'Global')][string]$Scope)
    process {
        foreach ($one in $Name) {
            $at = if ($one -match '[\\/]') { Resolve-LabPath $one }
            $file = if ($at -and $at.Kind -eq 'file') { if ([IO.Directory]::Exists($at.Real)) { [IO.Path]::Combine($at.Real, "$($at.Leaf).psd1") } else { $at.Real } }
            if ($file -and [IO.File]::Exists($file) -and [IO.Path]::GetFileName($file) -eq 'ADSync.psd1') {
                if ($script:AdSync) { & $script:LoadModule -ModuleInfo $script:AdSync -Global -DisableNameChecking -PassThru:$PassThru; continue }
                Microsoft.PowerShell.Core\Import-Module -Name ([IO.Path]::Combine($env:ENTRA_LAB_MODULES, 'simulation', 'ADSync', 'ADSync.psm1')) -Global -DisableNameChecking -Force:$Force -PassThru:$PassThru
                continue
            }
            if ($one -in 'Microsoft.PowerShell.Utility', 'Microsoft.PowerShell.Management', 'Microsoft.PowerShell.Security', 'Microsoft.PowerShell.Diagnostics', 'CimCmdlets', 'ScheduledTasks') { continue }
            Write-LabError $PSCmdlet "The specified module '$one' was not loaded because no valid module file was found in any module directory." 'Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand' 'ResourceUnavailable' $one 'System.IO.FileNotFoundException'
        }
    }
}
