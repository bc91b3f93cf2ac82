# The engine host in somebody's own pwsh: compiled once beside this file, then loaded wherever a simulated server needs powershell.exe.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$library = [IO.Path]::Combine($PSScriptRoot, 'practice.dll')
if (-not [IO.File]::Exists($library)) {
    $sources = [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, 'sources'), '*.cs', [IO.SearchOption]::AllDirectories)
    Add-Type -Path $sources -OutputAssembly "$library.new" -CompilerOptions '-nullable:enable' -IgnoreWarnings -WarningAction SilentlyContinue
    [IO.File]::Move("$library.new", $library)
}
[void][Reflection.Assembly]::LoadFrom($library)
exit [PracticeLab.EngineHost]::Run([string[]]$args)
