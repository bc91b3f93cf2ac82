using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Group-Object, as objects or as a table.</summary>
[Cmdlet("Group", "Object")]
public sealed class GroupObjectCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[]? Property { get; set; }
    [Parameter] public SwitchParameter NoElement { get; set; }
    [Parameter, Alias("AHT")] public SwitchParameter AsHashTable { get; set; }
    [Parameter] public SwitchParameter AsString { get; set; }
    [Parameter] public SwitchParameter CaseSensitive { get; set; }

    private readonly List<(object?[] Key, string Name, List<PSObject> Items)> _groups = [];

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        var key = Property is null ? [InputObject] : PropertyExpression.From(Property).Select(p => p.First(InputObject)).ToArray();
        var name = string.Join(", ", key.Select(k => k is null ? "" : LanguagePrimitives.ConvertTo<string>(k)));
        var comparison = CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var at = _groups.FindIndex(g => string.Equals(g.Name, name, comparison));
        if (at < 0) _groups.Add((key, name, [InputObject]));
        else _groups[at].Items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        if (AsHashTable)
        {
            var table = new System.Collections.Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (var (key, name, items) in _groups) table[AsString || key[0] is null ? name : (key[0] is PSObject p ? p.BaseObject : key[0])!] = items.ToArray();
            WriteObject(table);
            return;
        }
        foreach (var (key, name, items) in _groups)
        {
            var result = new PSObject();
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GroupInfo");
            result.Properties.Add(new PSNoteProperty("Count", items.Count));
            result.Properties.Add(new PSNoteProperty("Name", name));
            if (!NoElement) result.Properties.Add(new PSNoteProperty("Group", items.ToArray()));
            result.Properties.Add(new PSNoteProperty("Values", key));
            WriteObject(result);
        }
    }
}

/// <summary>Compare-Object by value or by properties.</summary>
[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true), AllowEmptyCollection] public PSObject[] ReferenceObject { get; set; } = [];
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true), AllowEmptyCollection] public PSObject[] DifferenceObject { get; set; } = [];
    [Parameter] public object[]? Property { get; set; }
    [Parameter] public SwitchParameter IncludeEqual { get; set; }
    [Parameter] public SwitchParameter ExcludeDifferent { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }
    [Parameter] public SwitchParameter CaseSensitive { get; set; }

    private readonly List<PSObject> _right = [];

    protected override void ProcessRecord() => _right.AddRange(DifferenceObject);

    protected override void EndProcessing()
    {
        var left = ReferenceObject.ToList();
        var unmatched = new List<PSObject>();
        foreach (var item in _right)
        {
            var at = left.FindIndex(other => Same(other, item));
            if (at < 0) { unmatched.Add(item); continue; }
            if (IncludeEqual) Emit(left[at], "==");
            left.RemoveAt(at);
        }
        if (ExcludeDifferent) return;
        foreach (var item in unmatched) Emit(item, "=>");
        foreach (var item in left) Emit(item, "<=");
    }

    private bool Same(PSObject a, PSObject b) => Property is null
        ? LanguagePrimitives.Equals(a, b, !CaseSensitive)
        : PropertyExpression.From(Property).All(p => LanguagePrimitives.Equals(p.First(a), p.First(b), !CaseSensitive));

    private void Emit(PSObject item, string side)
    {
        if (PassThru) { item.Properties.Add(new PSNoteProperty("SideIndicator", side)); WriteObject(item); return; }
        var result = new PSObject();
        if (Property is null) result.Properties.Add(new PSNoteProperty("InputObject", item));
        else foreach (var (name, value) in PropertyExpression.From(Property).SelectMany(p => p.Read(item))) result.Properties.Add(new PSNoteProperty(name, value));
        result.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(result);
    }
}
