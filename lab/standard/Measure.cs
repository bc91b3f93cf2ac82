using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Measure-Object over numbers (text counts are left to whoever needs them).</summary>
[Cmdlet("Measure", "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public string[]? Property { get; set; }
    [Parameter] public SwitchParameter Sum { get; set; }
    [Parameter] public SwitchParameter Average { get; set; }
    [Parameter] public SwitchParameter Maximum { get; set; }
    [Parameter] public SwitchParameter Minimum { get; set; }

    private sealed class Total { public int Count; public double Sum; public object? Max; public object? Min; }
    private readonly Dictionary<string, Total> _totals = [];

    protected override void BeginProcessing() { foreach (var name in Property ?? [""]) _totals[name] = new(); }

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        foreach (var (name, total) in _totals)
        {
            var value = name.Length == 0 ? InputObject : InputObject.BaseObject is System.Collections.IDictionary table ? table[name] : InputObject.Properties[name]?.Value;
            if (value is null) continue;
            total.Count++;
            if (Sum || Average)
            {
                if (LanguagePrimitives.TryConvertTo<double>(value, out var number)) total.Sum += number;
                else WriteError(new ErrorRecord(new PSInvalidCastException($"Input object \"{value}\" is not numeric."), "NonNumericInputObject", ErrorCategory.InvalidType, value));
            }
            if (Maximum && (total.Max is null || LanguagePrimitives.Compare(value, total.Max, true) > 0)) total.Max = value;
            if (Minimum && (total.Min is null || LanguagePrimitives.Compare(value, total.Min, true) < 0)) total.Min = value;
        }
    }

    protected override void EndProcessing()
    {
        foreach (var (name, total) in _totals)
        {
            var result = new PSObject();
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GenericMeasureInfo");
            void Add(string key, object? value) => result.Properties.Add(new PSNoteProperty(key, value));
            Add("Count", total.Count);
            Add("Average", Average && total.Count > 0 ? total.Sum / total.Count : null);
            Add("Sum", Sum ? total.Sum : null);
            Add("Maximum", total.Max);
            Add("Minimum", total.Min);
            Add("Property", name.Length == 0 ? null : name);
            WriteObject(result);
        }
    }
}

/// <summary>Measure-Command.</summary>
[Cmdlet("Measure", "Command")]
public sealed class MeasureCommandCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0, Mandatory = true)] public ScriptBlock Expression { get; set; } = null!;
    private readonly System.Diagnostics.Stopwatch _watch = new();
    protected override void ProcessRecord() { _watch.Start(); Expression.InvokeReturnAsIs(); _watch.Stop(); }
    protected override void EndProcessing() => WriteObject(_watch.Elapsed);
}
