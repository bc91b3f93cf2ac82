# The cmdlets that set secrets.

function Add-ADSyncAADServiceAccount {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 1)][pscredential]$AADCredential, [string]$Name)
    Invoke-Simulation $PSCmdlet {
        param($credential, $local)
        Assert-LabSync
        Update-LabState { param($s)
            $plain = Get-LabPlain $credential.Password
            if (-not $s.entraAdmin -or (Get-LabHash $s.salt $plain) -ne $s.entraAdmin) { Stop-Lab "Unable to create the synchronization service account for Microsoft Entra ID. Retrying this operation may help resolve the issue: AADSTS50126: Error validating credentials due to invalid username or password." 'GetServiceAccount' 'AuthenticationError' $credential.UserName }
            $entra = @($s.connectors | Where-Object { $_.type -eq 'Entra' })[0]
            # On a server with application authentication this is the way back to a password, whether or not it was meant.
            if ($entra.authentication -eq 'application') { $entra.authentication = 'password'; $s.counters.rolledBack = [int]$s.counters.rolledBack + 1 }
            $computed = "Sync_$($s.computerName)_$($s.machineId.Replace('-', '').Substring(0, 12))"
            if ($local) { $computed = $local }
            elseif ($entra.account -and [version]$s.build -ge [version]'2.3.0.0') { $computed = $entra.account.Split('@')[0] }
            $entra.account = "$computed@$($credential.UserName.Split('@')[-1])"
            $entra.hash = Get-LabHash $s.salt ([Guid]::NewGuid().ToString())
            $entra.acceptedFrom = ConvertTo-LabTime (Get-LabNow).AddSeconds((Get-LabDelay $s 'propagation' 0))
            Set-LabStored $s $entra $entra.hash
        }
    } $AADCredential $Name
}

function Add-ADSyncADDSConnectorAccount {
    [CmdletBinding()] param([Parameter(ParameterSetName = 'Id', Mandatory)][guid]$Identifier, [Parameter(ParameterSetName = 'Name', Mandatory)][string]$Name, [pscredential]$EACredential)
    Invoke-Simulation $PSCmdlet {
        param($id, $name, $credential)
        Assert-LabSync
        Update-LabState { param($s)
            $connector = @($s.connectors | Where-Object { $_.type -eq 'AD' -and ($_.name -eq $name -or $_.id -eq "$id") })[0]
            if (-not $connector) { Assert-LabConnector $name }
            if (-not $s.dc.reachable) { Stop-Lab "The specified domain '$($connector.forest)' does not exist or cannot be contacted." 'DomainNotReachable' 'ConnectionError' }
            if (-not $credential) {
                # Without an administrator the stored password is used to change itself.
                if (-not (Test-LabStored $s $connector)) { Stop-Lab 'The stored password of the connector account cannot be decrypted.' 'DecryptFailed' 'InvalidData' }
            } else {
                if (-not $s.enterpriseAdmin -or (Get-LabHash $s.salt (Get-LabPlain $credential.Password)) -ne $s.enterpriseAdmin) { Stop-Lab "The user $($credential.UserName) is not a member of the EnterpriseAdmins group." 'NotEnterpriseAdmin' 'PermissionDenied' }
                $connector.account = "$($s.netbios)\MSOL_$($s.machineId.Replace('-', '').Substring(0, 12))"
            }
            $connector.hash = Get-LabHash $s.salt ([Guid]::NewGuid().ToString())
            Set-LabStored $s $connector $connector.hash
        }
    } $Identifier $Name $EACredential
}
