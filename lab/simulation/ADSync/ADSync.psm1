# The ADSync module of the simulated server. Every cmdlet talks to the running service, as the real ones do.
$simulation = Get-Module -Name simulation
$folder = [IO.Path]::GetDirectoryName($PSCommandPath)
$missing = & $simulation { (Get-LabState).commands.parameters }

# Runs a block inside the simulation; its refusal ends the statement, as a cmdlet's does, not the caller's script.
function Invoke-Simulation($Cmdlet, [scriptblock]$Block) {
    try { & $simulation $Block @args } catch { $Cmdlet.ThrowTerminatingError($_) }
}

# The text of a part without the parameters that this server's build lacks.
function Hide-LabParameter([string]$Text) {
    if (-not @($missing.PSObject.Properties).Count) { return $Text }
    $cuts = New-Object System.Collections.Generic.List[object]
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref]$null, [ref]$null)
    foreach ($function in $tree.FindAll({ param($node) $node -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)) {
        $names = @($missing.($function.Name))
        $parameters = $function.Body.ParamBlock.Parameters
        for ($i = 0; $i -lt $parameters.Count; $i++) {
            if ($parameters[$i].Name.VariablePath.UserPath -notin $names) { continue }
            $from = if ($i -gt 0) { $parameters[$i - 1].Extent.EndOffset } else { $parameters[$i].Extent.StartOffset }
            $to = if ($i -eq 0 -and $parameters.Count -gt 1) { $parameters[1].Extent.StartOffset } else { $parameters[$i].Extent.EndOffset }
            $cuts.Add(@($from, $to))
        }
    }
    foreach ($cut in @($cuts | Sort-Object { $_[0] } -Descending)) { $Text = $Text.Remove($cut[0], $cut[1] - $cut[0]) }
    $Text
}

foreach ($part in 'reading', 'scheduler', 'credentials', 'configuration') { . ([scriptblock]::Create((Hide-LabParameter ([IO.File]::ReadAllText([IO.Path]::Combine($folder, "$part.ps1")))))) }

$absent = @(& $simulation {
    $state = Get-LabState
    $build = [version]$state.build
    @($state.commands.absent)
    if ($build -lt [version]'2.5.3.0') { 'Get-ADSyncEntraConnectorCredential' }
})
$own = @($ExecutionContext.SessionState.InvokeCommand.GetCommands('*-ADSync*', 'Function', $true).Name)
Export-ModuleMember -Function @($own | Where-Object { $_ -notin $absent } | Select-Object -Unique)
