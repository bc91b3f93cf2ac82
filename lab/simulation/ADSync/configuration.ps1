# The configuration: writing it out, and writing a connector back.

function Get-ADSyncServerConfiguration {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][string]$Path, [switch]$ValidateConfiguration)
    Invoke-Simulation $PSCmdlet {
        param($path)
        Assert-LabSync
        $at = Resolve-LabPath $path
        if ($at.Kind -ne 'file' -or -not [IO.Directory]::Exists($at.Real)) { Stop-Lab "Could not find a part of the path '$path'." 'DirectoryNotFound' 'ObjectNotFound' $path }
        $s = Get-LabState
        foreach ($folder in 'Connectors', 'GlobalSettings', 'SynchronizationRules') { [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($at.Real, $folder)) }
        foreach ($connector in $s.connectors) {
            [IO.File]::WriteAllText([IO.Path]::Combine($at.Real, 'Connectors', "Connector_{$($connector.id)}.xml"), "<?xml version=""1.0"" encoding=""utf-8""?><ma-data><id>{$($connector.id)}</id><name>$([Security.SecurityElement]::Escape($connector.name))</name></ma-data>")
        }
        [IO.File]::WriteAllText([IO.Path]::Combine($at.Real, 'GlobalSettings', "GlobalSettings_{$($s.instanceId)}.xml"), "<?xml version=""1.0"" encoding=""utf-8""?><global-settings version=""$($s.build)"" />")
        [IO.File]::WriteAllText([IO.Path]::Combine($at.Real, 'SynchronizationRules', 'SynchronizationRule_{1}.xml'), '<?xml version="1.0" encoding="utf-8"?><synchronizationRule />')
    } $Path
}

# The object model's way to a stored password: undocumented and unsupported, but there.
function Add-ADSyncConnector {
    [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)]$Connector)
    process {
        Invoke-Simulation $PSCmdlet {
            param($object)
            Assert-LabSync
            Update-LabState { param($s)
                $connector = @($s.connectors | Where-Object { $_.id -eq "$($object.Identifier)" })[0]
                if (-not $connector) { Stop-Lab 'The connector does not exist.' 'ConnectorNotFound' 'ObjectNotFound' }
                $plain = $object.ConnectivityParameters['password'].Value
                if ($plain -and $plain -ne $script:Sealed) { Set-LabStored $s $connector (Get-LabHash $s.salt $plain) }
            }
        } $Connector
    }
}

function Set-ADSyncConnectorParameter {
    [CmdletBinding()] param([Parameter(Mandatory)]$Connector, [Parameter(Mandatory)][string]$Type, [Parameter(Mandatory)][hashtable]$ParameterValues)
    foreach ($key in $ParameterValues.Keys) { if ($Connector.ConnectivityParameters[$key]) { $Connector.ConnectivityParameters[$key].Value = $ParameterValues[$key] } }
    $Connector
}
