# Connect's own trace logs, newest first, by the date in their names: at most so many files, of each its last lines, in pieces. Links are passed over.
param([int] $Files, [int] $Lines, [int] $Longest, [int] $Piece)
$ErrorActionPreference = 'Stop'
$folder = Join-Path -Path $env:ProgramData -ChildPath 'AADConnect'
if (-not (Test-Path -LiteralPath $folder -PathType Container)) { return }
$names = @()
foreach ($item in Get-ChildItem -LiteralPath $folder -Filter 'trace-*.log' -File) {
    if ("$($item.Attributes)" -notmatch 'ReparsePoint') { $names += "$($item.Name)" }
}
$names = @($names | Sort-Object)
for ($at = $names.Count - 1; $at -ge 0 -and $at -ge $names.Count - $Files; $at--) {
    $text = ''
    $problem = ''
    try {
        foreach ($line in Get-Content -LiteralPath (Join-Path -Path $folder -ChildPath $names[$at]) -Tail $Lines -Encoding UTF8) {
            $whole = "$line"
            if ($whole.Length -gt $Longest) { $whole = $whole.Substring(0, $Longest) + ' ...' }
            $text += $whole + "`n"
            if ($text.Length -ge $Piece) {
                [pscustomobject]@{ name = $names[$at]; text = $text; problem = '' }
                $text = ''
            }
        }
    } catch { $problem = "$($_.Exception.Message)" }
    if ($text -ne '' -or $problem -ne '') { [pscustomobject]@{ name = $names[$at]; text = $text; problem = $problem } }
}
