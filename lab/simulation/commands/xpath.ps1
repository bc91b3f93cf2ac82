# The XPath subset of the Windows event log, translated to a condition over one event's columns: $f (the row) and $d (its data).

$script:XPathToken = [regex]'\s*(?:(?<string>''[^'']*''|"[^"]*")|(?<number>-?(?:0x[0-9A-Fa-f]+|\d+))|(?<name>@?[A-Za-z_][\w:.-]*)|(?<op>!=|<=|>=|[=<>\[\]()/*,]))'

function New-LabXPath([string]$Text) {
    $text1 = $Text.Trim()
    $tokens = New-Object System.Collections.Generic.List[object]
    $at = 0
    while ($at -lt $text1.Length) {
        $m = $script:XPathToken.Match($text1, $at)
        if (-not $m.Success -or $m.Index -ne $at) { throw 'query' }
        foreach ($kind in 'string', 'number', 'name', 'op') { if ($m.Groups[$kind].Success) { $tokens.Add(@{ Kind = $kind; Text = $m.Groups[$kind].Value }) } }
        $at += $m.Length
    }
    $reader = @{ Tokens = $tokens; At = 0; Count = 0 }
    $code = Read-LabXPathRoot $reader
    if ($reader.At -ne $tokens.Count) { throw 'query' }
    # Windows refuses a query of more than about 22 expressions.
    if ($reader.Count -gt 22) { throw 'query' }
    $code
}

function Get-LabToken($R) { if ($R.At -lt $R.Tokens.Count) { $R.Tokens[$R.At] } else { @{ Kind = 'end'; Text = '' } } }
function Skip-LabToken($R, [string]$Text) { $t = Get-LabToken $R; if ($t.Text -cne $Text) { throw 'query' }; $R.At++ }

# '*', 'Event', '*[…]', 'Event/System[…]'
function Read-LabXPathRoot($R) {
    $first = Get-LabToken $R
    if ($first.Text -notin '*', 'Event') { throw 'query' }
    $R.At++
    $parts = @('$true')
    while ((Get-LabToken $R).Text -in '[', '/') {
        if ((Get-LabToken $R).Text -eq '/') { $R.At++; $parts += Read-LabXPathStep $R 'Event' }
        else { $R.At++; $parts += Read-LabXPathOr $R 'Event'; Skip-LabToken $R ']' }
    }
    '(' + ($parts -join ' -and ') + ')'
}

function Read-LabXPathOr($R, $Context) {
    $left = Read-LabXPathAnd $R $Context
    while ((Get-LabToken $R).Text -ceq 'or') { $R.At++; $left = "($left -or $(Read-LabXPathAnd $R $Context))" }
    $left
}
function Read-LabXPathAnd($R, $Context) {
    $left = Read-LabXPathTerm $R $Context
    while ((Get-LabToken $R).Text -ceq 'and') { $R.At++; $left = "($left -and $(Read-LabXPathTerm $R $Context))" }
    $left
}
function Read-LabXPathTerm($R, $Context) {
    if ((Get-LabToken $R).Text -eq '(') { $R.At++; $inner = Read-LabXPathOr $R $Context; Skip-LabToken $R ')'; return "($inner)" }
    Read-LabXPathStep $R $Context
}

# One element or attribute, its nested condition or its comparison.
function Read-LabXPathStep($R, $Context) {
    $t = Get-LabToken $R
    if ($t.Kind -ne 'name') { throw 'query' }
    $R.At++
    $name = $t.Text
    $value = switch ("$Context/$name") {
        'Event/System' { return Read-LabXPathInside $R 'System' }
        'Event/EventData' { return Read-LabXPathInside $R 'EventData' }
        'System/Provider' { return Read-LabXPathInside $R 'Provider' }
        'System/TimeCreated' { return Read-LabXPathInside $R 'TimeCreated' }
        'System/EventID' { '$f[3]' }
        'System/EventRecordID' { '$f[0]' }
        'System/Level' { '$f[4]' }
        'System/Channel' { '$f[2]' }
        'System/Computer' { '(Get-LabState).computerName' }
        'System/Keywords' { '0' }
        'System/Task' { '0' }
        'Provider/@Name' { '$f[5]' }
        'TimeCreated/@SystemTime' { '$f[1]' }
        'TimeCreated/timediff' {
            Skip-LabToken $R '('; if ((Get-LabToken $R).Text -ne '@SystemTime') { throw 'query' }; $R.At++; Skip-LabToken $R ')'
            '([DateTime]::UtcNow - (ConvertFrom-LabTime $f[1])).TotalMilliseconds'
        }
        'EventData/Data' { return Read-LabXPathData $R }
        'Data/@Name' { '@Name' }
        default { throw 'query' }
    }
    Read-LabXPathCompare $R $value
}

function Read-LabXPathInside($R, $Context) {
    $parts = @()
    while ((Get-LabToken $R).Text -in '[', '/') {
        if ((Get-LabToken $R).Text -eq '/') { $R.At++; $parts += Read-LabXPathStep $R $Context }
        else { $R.At++; $parts += Read-LabXPathOr $R $Context; Skip-LabToken $R ']' }
    }
    if (-not $parts.Count) { return '$true' }
    '(' + ($parts -join ' -and ') + ')'
}

function Read-LabXPathCompare($R, [string]$Value) {
    $op = Get-LabToken $R
    $words = @{ '=' = '-eq'; '!=' = '-ne'; '<' = '-lt'; '>' = '-gt'; '<=' = '-le'; '>=' = '-ge' }
    if (-not $words[$op.Text]) { throw 'query' }
    $R.At++
    $right = Get-LabToken $R
    $R.At++
    $R.Count++
    if ($right.Kind -eq 'number') { return "($Value $($words[$op.Text]) $($right.Text))" }
    if ($right.Kind -ne 'string') { throw 'query' }
    $text = $right.Text.Substring(1, $right.Text.Length - 2)
    if ($Value -eq '$f[1]') {
        try { $text = ConvertTo-LabTime ([DateTime]::Parse($text, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal')) } catch { throw 'query' }
        return "([string]::CompareOrdinal(`$f[1], '$text') $($words[$op.Text]) 0)"
    }
    "($Value $($words[$op.Text]) '$($text.Replace('''', ''''''))')"
}

# Data='x' · Data[@Name='param1']='x' · Data[@Name='param1' and …] is not in the subset.
function Read-LabXPathData($R) {
    $index = $null
    if ((Get-LabToken $R).Text -eq '[') {
        $R.At++
        if ((Get-LabToken $R).Text -ne '@Name') { throw 'query' }
        $R.At++; Skip-LabToken $R '='
        $name = (Get-LabToken $R).Text.Trim("'""")
        $R.At++; $R.Count++
        Skip-LabToken $R ']'
        $index = if ($name -match '^param(\d+)$') { [int]$Matches[1] - 1 } else { -1 }
    }
    $op = Get-LabToken $R
    if ($op.Text -ne '=') { if ($null -ne $index) { return "(`$d.Count -gt $index)" } else { return '($d.Count -gt 0)' } }
    $R.At++
    $text = (Get-LabToken $R).Text.Trim("'""")
    $R.At++; $R.Count++
    if ($null -ne $index) { return "(`$f[5] -eq 'Service Control Manager' -and `$d.Count -gt $index -and `$d[$index] -eq '$text')" }
    "(`$d -contains '$text')"
}
