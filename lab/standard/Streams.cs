using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Write-Output: its arguments, enumerated unless told otherwise.</summary>
[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromRemainingArguments = true), AllowNull, AllowEmptyCollection]
    public PSObject?[] InputObject { get; set; } = [];
    [Parameter] public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null) { WriteObject(null); return; }
        if (NoEnumerate) { WriteObject(InputObject.Length == 1 ? InputObject[0] : InputObject, enumerateCollection: false); return; }
        foreach (var item in InputObject) WriteObject(item, enumerateCollection: true);
    }
}

/// <summary>Write-Warning.</summary>
[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), Alias("Msg"), AllowEmptyString]
    public string Message { get; set; } = "";
    protected override void ProcessRecord() => WriteWarning(Message);
}

/// <summary>Write-Verbose.</summary>
[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), Alias("Msg"), AllowEmptyString]
    public string Message { get; set; } = "";
    protected override void ProcessRecord() => WriteVerbose(Message);
}

/// <summary>Write-Debug.</summary>
[Cmdlet(VerbsCommunications.Write, "Debug")]
public sealed class WriteDebugCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), Alias("Msg"), AllowEmptyString]
    public string Message { get; set; } = "";
    protected override void ProcessRecord() => WriteDebug(Message);
}

/// <summary>Write-Information: one record with its tags.</summary>
[Cmdlet(VerbsCommunications.Write, "Information")]
public sealed class WriteInformationCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true), Alias("Msg", "Message")] public object? MessageData { get; set; }
    [Parameter(Position = 1)] public string[]? Tags { get; set; }
    protected override void ProcessRecord() => WriteInformation(MessageData!, Tags ?? []);
}

/// <summary>Write-Host: an information record tagged PSHOST that carries colours, and the host's own line.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)] public object? Object { get; set; }
    [Parameter] public SwitchParameter NoNewline { get; set; }
    [Parameter] public object? Separator { get; set; } = " ";
    [Parameter] public ConsoleColor? ForegroundColor { get; set; }
    [Parameter] public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var record = new HostInformationMessage { Message = Join(Object), NoNewLine = NoNewline, ForegroundColor = ForegroundColor, BackgroundColor = BackgroundColor };
        WriteInformation(record, ["PSHOST"]);
    }

    private string Join(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "",
        string text => text,
        System.Collections.IEnumerable list => string.Join(Separator?.ToString() ?? " ", list.Cast<object?>().Select(Join)),
        var other => LanguagePrimitives.ConvertTo<string>(other),
    };
}

/// <summary>Write-Progress.</summary>
[Cmdlet(VerbsCommunications.Write, "Progress")]
public sealed class WriteProgressCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)] public string Activity { get; set; } = "";
    [Parameter(Position = 1)] public string Status { get; set; } = "Processing";
    [Parameter(Position = 2)] public int Id { get; set; }
    [Parameter] public int PercentComplete { get; set; } = -1;
    [Parameter] public int SecondsRemaining { get; set; } = -1;
    [Parameter] public string? CurrentOperation { get; set; }
    [Parameter] public int ParentId { get; set; } = -1;
    [Parameter] public SwitchParameter Completed { get; set; }
    [Parameter] public int SourceId { get; set; }

    protected override void ProcessRecord() => WriteProgress(new ProgressRecord(Id, Activity, string.IsNullOrEmpty(Status) ? "Processing" : Status)
    {
        ParentActivityId = ParentId,
        PercentComplete = PercentComplete,
        SecondsRemaining = SecondsRemaining,
        CurrentOperation = CurrentOperation ?? "",
        RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    });
}
