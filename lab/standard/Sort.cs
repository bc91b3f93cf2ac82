using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Sort-Object: stable, case-insensitive, objects without the property last.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[]? Property { get; set; }
    [Parameter] public SwitchParameter Descending { get; set; }
    [Parameter] public SwitchParameter Unique { get; set; }
    [Parameter] public SwitchParameter CaseSensitive { get; set; }
    [Parameter] public string? Culture { get; set; }

    private readonly List<PSObject> _items = [];

    protected override void ProcessRecord() { if (InputObject is not null) _items.Add(InputObject); }

    protected override void EndProcessing()
    {
        var keys = Property is null ? [] : PropertyExpression.From(Property).ToList();
        var rows = _items.Select((item, at) => (item, at, key: keys.Count == 0 ? [item] : keys.Select(k => k.First(item)).ToArray())).ToList();
        rows.Sort((a, b) =>
        {
            for (var i = 0; i < a.key.Length; i++)
            {
                var order = Compare(a.key[i], b.key[i]);
                if (order != 0) return (keys.Count > 0 ? keys[i].Descending : null) ?? Descending ? -order : order;
            }
            return a.at.CompareTo(b.at);
        });
        object?[]? before = null;
        foreach (var (item, _, key) in rows)
        {
            if (Unique && before is not null && before.Zip(key).All(p => Compare(p.First, p.Second) == 0)) continue;
            before = key;
            WriteObject(item);
        }
    }

    private int Compare(object? a, object? b)
    {
        if (a is null || b is null) return a is null ? (b is null ? 0 : -1) : 1;
        try { return LanguagePrimitives.Compare(a, b, !CaseSensitive); }
        catch (ArgumentException) { return string.Compare(a.ToString(), b.ToString(), !CaseSensitive, System.Globalization.CultureInfo.CurrentCulture); }
    }
}
