# One event as the XML that Windows keeps of it; emits nothing where it is gone.
param([string] $Query)
try { $found = Get-WinEvent -FilterXml $Query -MaxEvents 1 -ErrorAction Stop } catch {
    if ("$($_.FullyQualifiedErrorId)" -like 'NoMatchingEventsFound*') { return }
    # An event whose text cannot be formatted is still an event.
    $found = Get-WinEvent -FilterXml $Query -MaxEvents 1 -ErrorAction SilentlyContinue
    if ($null -eq $found) { throw }
}
$xml = $found.ToXml()
if ($xml.Length -gt 1048576) { $xml = $xml.Substring(0, 1048576) }
$xml
