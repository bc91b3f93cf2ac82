using System.Management.Automation;
using System.Security;
using System.Security.Cryptography;

namespace PracticeLab.Standard;

/// <summary>ConvertTo-SecureString: plain text works; DPAPI does not, as in every network logon.</summary>
[Cmdlet(VerbsData.ConvertTo, "SecureString", DefaultParameterSetName = "Secure")]
public sealed class ConvertToSecureStringCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public string String { get; set; } = "";
    [Parameter(ParameterSetName = "PlainText")] public SwitchParameter AsPlainText { get; set; }
    [Parameter(ParameterSetName = "PlainText")] public SwitchParameter Force { get; set; }
    [Parameter(ParameterSetName = "Secure")] public SecureString? SecureKey { get; set; }
    [Parameter(ParameterSetName = "Open")] public byte[]? Key { get; set; }

    protected override void ProcessRecord()
    {
        if (!AsPlainText) Dpapi.Refuse(this, "ImportSecureString_InvalidArgument_CryptographicError");
        if (!Force) ThrowTerminatingError(new ErrorRecord(new ArgumentException("The system cannot protect plain text input. To suppress this warning and convert the plain text to a SecureString, reissue the command specifying the Force parameter."), "ImportSecureString_ForceRequired", ErrorCategory.InvalidArgument, null));
        var secret = new SecureString();
        foreach (var c in String) secret.AppendChar(c);
        secret.MakeReadOnly();
        WriteObject(secret);
    }
}

/// <summary>ConvertFrom-SecureString needs DPAPI, which a network logon lacks.</summary>
[Cmdlet(VerbsData.ConvertFrom, "SecureString")]
public sealed class ConvertFromSecureStringCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public SecureString SecureString { get; set; } = null!;
    [Parameter] public SecureString? SecureKey { get; set; }
    [Parameter] public byte[]? Key { get; set; }
    protected override void ProcessRecord() => Dpapi.Refuse(this, "ExportSecureString_CryptographicError");
}

/// <summary>Export-Clixml protects secrets with DPAPI and writes a file: neither is there for a network logon in the lab.</summary>
[Cmdlet(VerbsData.Export, "Clixml")]
public sealed class ExportClixmlCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)] public string Path { get; set; } = "";
    [Parameter(Mandatory = true, ValueFromPipeline = true), AllowNull] public PSObject? InputObject { get; set; }
    protected override void ProcessRecord() => Dpapi.Refuse(this, "System.Security.Cryptography.CryptographicException");
}

internal static class Dpapi
{
    public static void Refuse(PSCmdlet command, string id) => command.ThrowTerminatingError(new ErrorRecord(
        new CryptographicException("The requested operation cannot be completed. The computer must be trusted for delegation and the current user account must be configured to allow delegation."),
        id, ErrorCategory.InvalidOperation, null));
}
