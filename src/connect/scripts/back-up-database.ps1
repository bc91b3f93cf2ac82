# Backs the sync database up without touching its backup chain. The database process writes the file, so it first goes
# beside the database, where that process may write; from there it is copied into this run's protected folder.
param(
    [string] $Run,
    [string] $Folder,
    [string] $Server,
    [string] $Name,
    [string] $DatabaseFile,
    [string] $Guard
)
$ErrorActionPreference = 'Stop'
# guard.ps1 is put in here.
if ($Name -notmatch '^[\w .-]{1,100}$') { throw "The database's name '$Name' holds characters that this backup does not take." }
$sqlcmd = $null
foreach ($command in @(Get-Command -Name 'sqlcmd.exe' -CommandType Application -ErrorAction SilentlyContinue)) { $sqlcmd = [string]$command.Path; break }
if (-not $sqlcmd) {
    $clients = Join-Path -Path $env:ProgramFiles -ChildPath 'Microsoft SQL Server\Client SDK\ODBC'
    if (Test-Path -LiteralPath $clients) {
        foreach ($version in @(Get-ChildItem -LiteralPath $clients)) {
            $candidate = Join-Path -Path $clients -ChildPath "$($version.Name)\Tools\Binn\SQLCMD.EXE"
            if (Test-Path -LiteralPath $candidate) { $sqlcmd = $candidate }
        }
    }
}
if (-not $sqlcmd) {
    [pscustomobject]@{ outcome = 'no-sqlcmd'; path = ''; bytes = 0; text = 'sqlcmd.exe is not on this server.' }
    return
}
$beside = Join-Path -Path (Split-Path -Path $DatabaseFile -Parent) -ChildPath "EntraConnectRemediation-$Run.bak"
$quoted = $beside.Replace("'", "''")
$statement = "BACKUP DATABASE [$Name] TO DISK = N'$quoted' WITH COPY_ONLY, INIT, CHECKSUM"
# A native program's error text ends a pipeline under Stop on 5.1, and its exit code with it.
$ErrorActionPreference = 'Continue'
$lines = @(& $sqlcmd -S $Server -E -b -Q $statement 2>&1)
$code = $LASTEXITCODE
$ErrorActionPreference = 'Stop'
$text = ($lines | ForEach-Object { [string]$_ }) -join "`n"
if ($text.Length -gt 2000) { $text = $text.Substring(0, 2000) }
if ($code -ne 0) {
    [pscustomobject]@{ outcome = 'failed'; path = ''; bytes = 0; text = "sqlcmd ended with exit code ${code}: $text" }
    return
}
$target = Join-Path -Path $Folder -ChildPath "$Name.bak"
try {
    Copy-Item -LiteralPath $beside -Destination $target
    $bytes = [long](Get-Item -LiteralPath $beside).Length
    if ([long](Get-Item -LiteralPath $target).Length -ne $bytes) { throw "The copy at $target is not as long as the backup at $beside." }
} catch {
    # A disk that is full stays full of it otherwise, and the sync engine needs the room.
    if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -ErrorAction SilentlyContinue }
    throw
} finally {
    Remove-Item -LiteralPath $beside -ErrorAction SilentlyContinue
}
[pscustomobject]@{ outcome = 'backed-up'; path = [string]$target; bytes = $bytes; text = $text }
