using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Select-Object: properties (names, wildcards, calculated), and which of the objects.</summary>
[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "DefaultParameter")]
public sealed class SelectObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[]? Property { get; set; }
    [Parameter] public string[]? ExcludeProperty { get; set; }
    [Parameter] public string? ExpandProperty { get; set; }
    [Parameter] public SwitchParameter Unique { get; set; }
    [Parameter, ValidateRange(0, int.MaxValue)] public int First { get; set; } = -1;
    [Parameter, ValidateRange(0, int.MaxValue)] public int Last { get; set; } = -1;
    [Parameter, ValidateRange(0, int.MaxValue)] public int Skip { get; set; }
    [Parameter] public SwitchParameter Wait { get; set; }
    [Parameter(ParameterSetName = "Index")] public int[]? Index { get; set; }

    private readonly List<PSObject> _held = [];
    private readonly List<PSObject> _seen = [];
    private int _passed;
    private int _read;

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        var at = _read++;
        if (Index is not null) { if (Index.Contains(at)) Emit(InputObject); return; }
        if (Last >= 0)
        {
            _held.Add(InputObject);
            if (_held.Count > Last + Skip) _held.RemoveAt(0);
            if (First < 0) return;
        }
        if (Last < 0 && at < Skip) return;
        if (First >= 0)
        {
            if (_passed < First) { _passed++; Emit(InputObject); }
            if (_passed >= First && Last < 0 && !Wait) throw UpstreamStop.Create(this);
            return;
        }
        Emit(InputObject);
    }

    protected override void EndProcessing()
    {
        if (Last >= 0) foreach (var item in _held.Take(Math.Max(0, _held.Count - Skip))) Emit(item);
    }

    private void Emit(PSObject item)
    {
        var shaped = Shape(item);
        foreach (var one in shaped)
        {
            if (Unique)
            {
                if (_seen.Any(old => Same(old, one))) continue;
                _seen.Add(one);
            }
            WriteObject(one);
        }
    }

    private IEnumerable<PSObject> Shape(PSObject item)
    {
        if (ExpandProperty is not null)
        {
            var found = item.Properties[ExpandProperty];
            if (found is null)
            {
                WriteError(new ErrorRecord(new ArgumentException($"Property \"{ExpandProperty}\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
                yield break;
            }
            if (LanguagePrimitives.GetEnumerable(found.Value) is { } list) { foreach (var one in list) yield return PSObject.AsPSObject(one ?? AutomationNull()); }
            else if (found.Value is not null) yield return PSObject.AsPSObject(found.Value);
            yield break;
        }
        if (Property is null) { yield return item; yield break; }
        var result = new PSObject();
        foreach (var wanted in PropertyExpression.From(Property))
            foreach (var (name, value) in wanted.Read(item))
                if (!(ExcludeProperty?.Any(x => WildcardPattern.Get(x, WildcardOptions.IgnoreCase).IsMatch(name)) ?? false) && result.Properties[name] is null)
                    result.Properties.Add(new PSNoteProperty(name, value));
        result.TypeNames.Insert(0, "Selected." + item.TypeNames[0]);
        yield return result;
    }

    private static object AutomationNull() => System.Management.Automation.Internal.AutomationNull.Value;

    private static bool Same(PSObject a, PSObject b)
    {
        if (a.BaseObject is not PSCustomObject || b.BaseObject is not PSCustomObject) return LanguagePrimitives.Equals(a, b, ignoreCase: false);
        var left = a.Properties.ToList();
        return left.Count == b.Properties.Count() && left.All(p => b.Properties[p.Name] is { } q && LanguagePrimitives.Equals(p.Value, q.Value, ignoreCase: false));
    }
}

/// <summary>The engine's way to end the commands upstream without ending the script (Select-Object -First).</summary>
internal static class UpstreamStop
{
    private static readonly Type Kind = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;

    public static Exception Create(PSCmdlet requester) =>
        (Exception)Activator.CreateInstance(Kind, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic, null, [requester], null)!;
}
