# Native programs. A program's standard error becomes error records, as 5.1 does it in a remote session: under Stop the first one ends the script.

$script:Programs = @{ 'nltest.exe' = 'C:\Windows\System32'; 'whoami.exe' = 'C:\Windows\System32'; 'hostname.exe' = 'C:\Windows\System32'; 'sc.exe' = 'C:\Windows\System32'; 'net.exe' = 'C:\Windows\System32'; 'icacls.exe' = 'C:\Windows\System32'; 'schtasks.exe' = 'C:\Windows\System32'; 'sqlcmd.exe' = $null; 'miiskmu.exe' = $null }

# Runs a program by name (where Windows would find it on the path) or by its full path.
function Invoke-LabProgram {
    [CmdletBinding()]
    param([string]$LabName, [object[]]$LabArguments)
    $leaf = $LabName.Split('\')[-1].ToLowerInvariant()
    if ($leaf -notmatch '\.\w+$') { $leaf = "$leaf.exe" }
    $known = $script:Programs.ContainsKey($leaf) -and $leaf -notin @((Get-LabState).commands.absent)
    if ($LabName.Contains('\')) {
        $at = Resolve-LabPath $LabName
        if ($at.Kind -ne 'file' -or -not [IO.File]::Exists($at.Real)) { Stop-LabUnknown $PSCmdlet $LabName "The term '$LabName' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again." }
    } elseif ($known -and -not $script:Programs[$leaf]) { $known = $false }
    if (-not $known) { Stop-LabUnknown $PSCmdlet $LabName "The term '$LabName' is not in the practice lab." }
    $words = @($LabArguments | ForEach-Object { "$_" })
    $result = switch ($leaf) {
        'nltest.exe' { Invoke-LabNltest $words }
        'whoami.exe' { Invoke-LabWhoami $words }
        'hostname.exe' { @{ Out = @((Get-LabState).computerName); Code = 0 } }
        'sc.exe' { Invoke-LabSc $words }
        'net.exe' { Invoke-LabNet $words }
        'icacls.exe' { Invoke-LabIcacls $words }
        'miiskmu.exe' { Invoke-LabMiiskmu $words }
        'sqlcmd.exe' { Invoke-LabSqlcmd $words }
        default { Stop-LabUnknown $PSCmdlet $LabName "The term '$LabName' is not in the practice lab." }
    }
    $global:LASTEXITCODE = [int]$result.Code
    if ($null -ne $result.Out) { $result.Out }
    foreach ($line in $result.Err) {
        Write-LabRecord $PSCmdlet (New-Object System.Management.Automation.ErrorRecord (New-Object System.Management.Automation.RemoteException $line), 'NativeCommandError', 'NotSpecified', $line) $false
    }
}

function Stop-LabUnknown($Cmdlet, [string]$Name, [string]$Message) {
    $Cmdlet.ThrowTerminatingError((New-Object System.Management.Automation.ErrorRecord ([System.Management.Automation.CommandNotFoundException]::new($Message)), 'CommandNotFoundException', 'ObjectNotFound', $Name))
}

function Invoke-LabNltest([string[]]$Words) {
    $state = Get-LabState
    $domain = ($Words | Where-Object { $_ -match '^/dsgetdc:(.+)$' } | ForEach-Object { $_.Substring(9) } | Select-Object -First 1)
    if (-not $domain) { return @{ Err = @('Usage: nltest [/OPTIONS]'); Code = 87 } }
    $known = $domain -in $state.netbios, $state.domain -or @($state.connectors | Where-Object { $_.forest -eq $domain -or ($_.account -and $_.account.Split('\')[0] -eq $domain) }).Count
    if (-not $known -or -not $state.dc.reachable) { return @{ Out = @('Getting DC name failed: Status = 1355 0x54b ERROR_NO_SUCH_DOMAIN'); Code = 1355 } }
    $dc = "DC01.$($state.domain)"
    @{ Out = @("           DC: \\$dc", '      Address: \\10.0.0.10', "     Dom Guid: $($state.machineId)", "     Dom Name: $($state.domain)", "  Forest Name: $($state.domain)", ' Dc Site Name: Default-First-Site-Name', 'Our Site Name: Default-First-Site-Name', '        Flags: PDC GC DS LDAP KDC TIMESERV WRITABLE DNS_DC DNS_DOMAIN DNS_FOREST CLOSE_SITE FULL_SECRET WS', 'The command completed successfully'); Code = 0 }
}

function Invoke-LabWhoami([string[]]$Words) {
    $state = Get-LabState
    $user = "$($state.netbios)\labadmin".ToLowerInvariant()
    $level = if ($state.variants.filteredToken) { @('Mandatory Label\Medium Mandatory Level', 'S-1-16-8192') } else { @('Mandatory Label\High Mandatory Level', 'S-1-16-12288') }
    if (-not $Words.Count) { return @{ Out = @($user); Code = 0 } }
    $rows = switch ($Words[0].ToLowerInvariant()) {
        '/user' { , @($user, (Get-LabSid "$($state.netbios)\labadmin")) }
        '/groups' {
            , @((ConvertTo-LabLocalName 'Everyone'), 'Well-known group', 'S-1-1-0', 'Mandatory group, Enabled by default, Enabled group')
            , @((ConvertTo-LabLocalName 'BUILTIN\Administrators'), 'Alias', 'S-1-5-32-544', $(if ($state.variants.filteredToken) { 'Group used for deny only' } else { 'Mandatory group, Enabled by default, Enabled group, Group owner' }))
            , @("$($state.computerName)\ADSyncAdmins", 'Alias', (Get-LabSid "$($state.computerName)\ADSyncAdmins"), 'Mandatory group, Enabled by default, Enabled group')
            , @((ConvertTo-LabLocalName $level[0]), 'Label', $level[1], '')
        }
        default { return @{ Err = @("ERROR: Invalid argument/option - '$($Words[0])'."); Code = 1 } }
    }
    if ($Words -contains '/fo' -and $Words -contains 'csv') { return @{ Out = @($rows | ForEach-Object { (@($_) | ForEach-Object { """$_""" }) -join ',' }); Code = 0 } }
    @{ Out = @('', 'GROUP INFORMATION', '-----------------', '') + @($rows | ForEach-Object { @($_) -join '  ' }); Code = 0 }
}

function Invoke-LabSc([string[]]$Words) {
    if ($Words.Count -lt 2) { return @{ Out = @('DESCRIPTION: SC is a command line program used for communicating with the Service Control Manager and services.'); Code = 1639 } }
    $service = Get-LabService $Words[1]
    if (-not $service) { return @{ Out = @('[SC] OpenService FAILED 1060:', '', 'The specified service does not exist as an installed service.', ''); Code = 1060 } }
    switch ($Words[0].ToLowerInvariant()) {
        { $_ -in 'query', 'queryex' } { return @{ Out = @('', "SERVICE_NAME: $($service.name)", '        TYPE               : 10  WIN32_OWN_PROCESS', "        STATE              : $(if ($service.state -eq 'Running') { '4  RUNNING' } else { '1  STOPPED' })", "        WIN32_EXIT_CODE    : $($service.exitCode)  (0x$('{0:x}' -f [int]$service.exitCode))", "        SERVICE_EXIT_CODE  : $($service.specificCode)  (0x$('{0:x}' -f [int]$service.specificCode))"); Code = 0 } }
        'qc' { return @{ Out = @('[SC] QueryServiceConfig SUCCESS', '', "SERVICE_NAME: $($service.name)", "        BINARY_PATH_NAME   : $($service.pathName)", "        DISPLAY_NAME       : $($service.displayName)", "        SERVICE_START_NAME : $($service.startName)"); Code = 0 } }
        'start' { $code = Start-LabNamed $service.name; if ($code -ne 0) { return @{ Out = @("[SC] StartService FAILED ${code}:", '', "$($script:Win32Texts[$code])", ''); Code = $code } }; return @{ Out = @(''); Code = 0 } }
        'stop' { $code = Stop-LabNamed $service.name; if ($code -ne 0) { return @{ Out = @("[SC] ControlService FAILED ${code}:", '', "$($script:Win32Texts[$code])", ''); Code = $code } }; return @{ Out = @(''); Code = 0 } }
        'config' {
            $set = @{}
            for ($i = 2; $i -lt $Words.Count - 1; $i += 2) { if ($Words[$i] -eq 'obj=') { $set.StartName = $Words[$i + 1] } elseif ($Words[$i] -eq 'password=') { $set.StartPassword = $Words[$i + 1] } }
            [void](Set-LabServiceConfig $service.name $set)
            return @{ Out = @('[SC] ChangeServiceConfig SUCCESS'); Code = 0 }
        }
        default { return @{ Out = @('*** Unrecognized Command ***'); Code = 1639 } }
    }
}

function Invoke-LabNet([string[]]$Words) {
    if ($Words.Count -eq 2 -and $Words[0] -in 'start', 'stop') {
        $service = Get-LabService $Words[1]
        if (-not $service) { return @{ Err = @('The service name is invalid.', '', 'More help is available by typing NET HELPMSG 2185.'); Code = 2 } }
        $code = if ($Words[0] -eq 'start') { Start-LabNamed $service.name } else { Stop-LabNamed $service.name }
        if ($code -ne 0) { return @{ Out = @("The $($service.displayName) service could not be $($Words[0])ed."); Err = @('A system error has occurred.', '', "System error $code has occurred.", "$($script:Win32Texts[$code])"); Code = 2 } }
        return @{ Out = @("The $($service.displayName) service was $($Words[0])ed successfully."); Code = 0 }
    }
    @{ Err = @('The syntax of this command is: NET [ START | STOP ] (the rest is not in the practice lab)'); Code = 1 }
}

function Invoke-LabIcacls([string[]]$Words) {
    $at = Resolve-LabPath $Words[0]
    if ($at.Kind -ne 'file' -or -not (Test-LabItem $at)) { return @{ Err = @("$($Words[0]): The system cannot find the file specified."); Out = @('Successfully processed 0 files; Failed processing 1 files'); Code = 2 } }
    if ($Words.Count -eq 1) { return @{ Out = @("$($at.Windows) " + ((Get-LabAccess (Get-LabSddl $at) | ForEach-Object { "$($_.IdentityReference):$(if ($_.IsInherited) { '(I)' })($($_.FileSystemRights.Substring(0, 1)))" }) -join ' ')) + @('', 'Successfully processed 1 files; Failed processing 0 files'); Code = 0 } }
    @{ Err = @('Changing an access list with icacls is not in the practice lab; use Set-Acl.'); Code = 87 }
}
