using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;

namespace PracticeLab.Standard;

/// <summary>Read-Host, answered by whoever hosts the session.</summary>
[Cmdlet(VerbsCommunications.Read, "Host")]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true), AllowNull] public object? Prompt { get; set; }
    [Parameter] public SwitchParameter AsSecureString { get; set; }

    protected override void BeginProcessing()
    {
        if (Prompt is not null)
        {
            var text = Prompt is System.Collections.IList parts ? string.Join(' ', parts.Cast<object?>()) : Prompt.ToString()!;
            var field = new System.Management.Automation.Host.FieldDescription(text);
            field.SetParameterType(AsSecureString ? typeof(System.Security.SecureString) : typeof(string));
            var answers = Host.UI.Prompt("", "", [field]);
            if (answers is not null) foreach (var answer in answers.Values) WriteObject(answer);
        }
        else if (AsSecureString) WriteObject(Host.UI.ReadLineAsSecureString());
        else WriteObject(Host.UI.ReadLine());
    }
}

/// <summary>Get-Credential, answered by whoever hosts the session.</summary>
[Cmdlet(VerbsCommon.Get, "Credential", DefaultParameterSetName = "CredentialSet")]
public sealed class GetCredentialCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "CredentialSet"), Credential] public PSCredential? Credential { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "MessageSet")] public string? Message { get; set; }
    [Parameter(Position = 0, ParameterSetName = "MessageSet")] public string? UserName { get; set; }
    protected override void BeginProcessing()
    {
        if (Credential is not null) WriteObject(Credential);
        else if (Host.UI.PromptForCredential("Windows PowerShell credential request", Message, UserName, string.Empty) is { } given) WriteObject(given);
    }
}

/// <summary>Get-Host.</summary>
[Cmdlet(VerbsCommon.Get, "Host")]
public sealed class GetHostCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(Host);
}

/// <summary>Get-Culture.</summary>
[Cmdlet(VerbsCommon.Get, "Culture")]
public sealed class GetCultureCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(CultureInfo.CurrentCulture);
}

/// <summary>Get-UICulture.</summary>
[Cmdlet(VerbsCommon.Get, "UICulture")]
public sealed class GetUICultureCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(CultureInfo.CurrentUICulture);
}

/// <summary>New-Guid.</summary>
[Cmdlet(VerbsCommon.New, "Guid")]
public sealed class NewGuidCommand : PSCmdlet
{
    protected override void BeginProcessing() => WriteObject(Guid.NewGuid());
}

/// <summary>Get-Random: a number, or some of the input.</summary>
[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "RandomNumberParameterSet")]
public sealed class GetRandomCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "RandomNumberParameterSet")] public object? Maximum { get; set; }
    [Parameter(ParameterSetName = "RandomNumberParameterSet")] public object? Minimum { get; set; }
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "RandomListItemParameterSet")] public object[] InputObject { get; set; } = [];
    [Parameter(ParameterSetName = "RandomListItemParameterSet")] public int Count { get; set; } = 1;
    [Parameter] public int? SetSeed { get; set; }
    private readonly List<object> _items = [];

    protected override void ProcessRecord() { if (ParameterSetName == "RandomListItemParameterSet") _items.AddRange(InputObject); }

    protected override void EndProcessing()
    {
        var random = SetSeed is { } seed ? new Random(seed) : new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        if (_items.Count > 0) { foreach (var item in _items.OrderBy(_ => random.Next()).Take(Count)) WriteObject(item); return; }
        var low = Minimum is null ? 0 : LanguagePrimitives.ConvertTo<double>(Minimum);
        var high = Maximum is null ? int.MaxValue : LanguagePrimitives.ConvertTo<double>(Maximum);
        var whole = (Minimum ?? 0) is not double && (Maximum ?? 0) is not double;
        if (whole) WriteObject(high <= int.MaxValue && low >= int.MinValue ? (object)random.Next((int)low, (int)high) : random.NextInt64((long)low, (long)high));
        else WriteObject(low + random.NextDouble() * (high - low));
    }
}

/// <summary>Tee-Object into a variable (files belong to the simulation).</summary>
[Cmdlet("Tee", "Object")]
public sealed class TeeObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Mandatory = true)] public string Variable { get; set; } = "";
    private readonly List<PSObject?> _items = [];
    protected override void ProcessRecord() { _items.Add(InputObject); WriteObject(InputObject); }
    protected override void EndProcessing() => SessionState.PSVariable.Set(Variable, _items.Count == 1 ? _items[0] : _items.ToArray());
}

/// <summary>Get-Unique: drops neighbours that are equal.</summary>
[Cmdlet(VerbsCommon.Get, "Unique")]
public sealed class GetUniqueCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter] public SwitchParameter AsString { get; set; }
    private PSObject? _before;
    private bool _any;
    protected override void ProcessRecord()
    {
        var same = _any && (AsString ? _before?.ToString() == InputObject?.ToString() : LanguagePrimitives.Equals(_before, InputObject, ignoreCase: false));
        _before = InputObject;
        _any = true;
        if (!same) WriteObject(InputObject);
    }
}
