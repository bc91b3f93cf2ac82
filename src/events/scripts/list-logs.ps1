# Every event log that this account may hear of, in columns; logs that refuse to be described are left out.
$names = @()
$counts = @()
$oldest = @()
$enabled = @()
$circular = @()
foreach ($log in Get-WinEvent -ListLog * -ErrorAction SilentlyContinue) {
    $names += "$($log.LogName)"
    $counts += if ($null -eq $log.RecordCount) { -1 } else { [long] $log.RecordCount }
    $oldest += if ($null -eq $log.OldestRecordNumber) { -1 } else { [long] $log.OldestRecordNumber }
    $enabled += [int] [bool] $log.IsEnabled
    $circular += [int] ("$($log.LogMode)" -eq 'Circular')
}
[pscustomobject]@{ log = $names; count = $counts -join ' '; oldest = $oldest -join ' '; enabled = $enabled -join ' '; circular = $circular -join ' ' }
