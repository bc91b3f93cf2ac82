# The ADSync module of the simulated server. Every cmdlet talks to the running service, as the real ones do.
$simulation = Get-Module -Name simulation
$folder = [IO.Path]::GetDirectoryName($PSCommandPath)
foreach ($part in 'reading', 'scheduler', 'credentials', 'configuration') { . ([scriptblock]::Create([IO.File]::ReadAllText([IO.Path]::Combine($folder, "$part.ps1")))) }

$absent = @(& $simulation {
    $state = Get-LabState
    $build = [version]$state.build
    @($state.commands.absent)
    if ($build -lt [version]'2.5.3.0') { 'Get-ADSyncEntraConnectorCredential', 'Add-EntraApplicationRegistration', 'Add-ADSyncApplicationRegistration', 'Invoke-ADSyncApplicationCredentialRotation' }
})
Export-ModuleMember -Function @((Get-Command -Module ADSync -CommandType Function).Name + @($ExecutionContext.SessionState.InvokeCommand.GetCommands('*-ADSync*', 'Function', $true).Name) + 'Add-EntraApplicationRegistration' | Where-Object { $_ -and $_ -notin $absent } | Select-Object -Unique)
