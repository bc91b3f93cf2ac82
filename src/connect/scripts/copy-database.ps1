# Copies the database's files into this run's protected folder. Works only while no database process holds them.
param(
    [string] $Folder,
    [string] $DatabaseFile,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
$bytes = [long]0
$parent = Split-Path -Path $DatabaseFile -Parent
$log = Join-Path -Path $parent -ChildPath ((Split-Path -Path $DatabaseFile -Leaf) -replace '\.mdf$', '_log.ldf')
foreach ($file in $DatabaseFile, $log) {
    $target = Join-Path -Path $Folder -ChildPath (Split-Path -Path $file -Leaf)
    Copy-Item -LiteralPath $file -Destination $target
    $length = [long](Get-Item -LiteralPath $target).Length
    if ($length -ne [long](Get-Item -LiteralPath $file).Length) { throw "The copy at $target is not as long as $file." }
    $bytes += $length
}
[pscustomobject]@{ path = [string]$Folder; bytes = $bytes }
