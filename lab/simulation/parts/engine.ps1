# What every ADSync cmdlet meets before it gets an answer: the service, the proxy of this runspace, the cloud.

$script:Sealed = '<encrypted>'
$script:ProxyGeneration = $null

# The service must run; a proxy that was made before the last start or stop of the service is of no use any more.
function Assert-LabSync {
    $s = Get-LabState
    if ($script:ProxyGeneration -and $script:ProxyGeneration -ne $s.service.generation) {
        Stop-Lab 'The communication object, System.ServiceModel.Channels.ServiceChannel, cannot be used for communication because it is in the Faulted state.' 'System.ServiceModel.CommunicationObjectFaultedException' 'NotSpecified'
    }
    if ($s.service.state -ne 'Running') { Stop-Lab 'Synchronization Service is not running.' 'ServiceNotRunning' 'ConnectionError' }
    $script:ProxyGeneration = $s.service.generation
    if ($s.variants.filteredToken) { Stop-Lab 'Access Denied - verify you are running as an administrator account.' 'AccessDenied' 'PermissionDenied' }
}

# The wizard suspends the scheduler for as long as it is open.
function Test-LabWizardOpen { 'AzureADConnect' -in @((Get-LabState).programs) }

function Assert-LabConnector([string]$Name) {
    if (-not @((Get-LabState).connectors | Where-Object { $_.name -eq $Name }).Count) { Stop-Lab "The connector '$Name' does not exist." 'ConnectorNotFound' 'ObjectNotFound' $Name }
}

# A sign-in with the Entra connector's stored credential; where it fails the library asks a person, and nobody is there.
function Assert-LabCloud {
    $s = Get-LabState
    $entra = @($s.connectors | Where-Object { $_.type -eq 'Entra' })[0]
    if ($entra -and $entra.authentication -eq 'application' -and -not (Test-LabStored $s $entra)) { Stop-Lab (Get-LabSignInText $entra) 'MsalServiceException' 'AuthenticationError' }
    if ($entra -and ($entra.signIn -or -not (Test-LabStored $s $entra))) {
        Stop-Lab 'Showing a modal dialog box or form when the application is not running in UserInteractive mode is not a valid operation. Specify the ServiceNotification or DefaultDesktopOnly style to display a notification from a service application.' 'System.InvalidOperationException' 'InvalidOperation'
    }
}

function New-LabConnector($State, $Connector) {
    $parameters = New-Object System.Collections.Specialized.OrderedDictionary ([StringComparer]::OrdinalIgnoreCase)
    $values = if ($Connector.type -eq 'AD') { [ordered]@{ 'forest-name' = $Connector.forest; 'forest-login-domain' = $Connector.account.Split('\')[0]; 'forest-login-user' = $Connector.account.Split('\')[-1]; 'password' = $script:Sealed } }
        else { [ordered]@{ 'UserName' = $(if ($Connector.authentication -ne 'application') { $Connector.account } else { '' }); 'password' = $script:Sealed } }
    foreach ($key in $values.Keys) { $parameters[$key] = [pscustomobject]@{ Name = $key; Value = $values[$key]; InputType = $(if ($key -eq 'password') { 'EncryptedString' } else { 'String' }) } }
    [pscustomobject]@{
        Name = $Connector.name; Identifier = [guid]$Connector.id; Type = $(if ($Connector.type -eq 'AD') { 'AD' } else { 'Extensible2' }); ConnectorTypeName = $(if ($Connector.type -eq 'AD') { 'AD' } else { 'Extensible2' }); Subtype = $(if ($Connector.type -eq 'Entra') { 'Windows Azure Active Directory (Microsoft)' } else { '' })
        Version = 12; Description = ''; CreationTime = (ConvertFrom-LabTime $State.bootTime).AddDays(-700); LastModificationTime = (ConvertFrom-LabTime $State.bootTime).AddDays(-30); Partitions = @(); RunProfiles = @(); ConnectivityParameters = $parameters; GlobalParameters = @(); AnchorConstructionSettings = @(); PasswordHashConfiguration = $null; AADPasswordResetConfiguration = $null
    }
}
