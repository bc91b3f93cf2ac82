using System.Management.Automation;
using System.Text.RegularExpressions;

namespace PracticeLab.Standard;

/// <summary>Out-String: what the formatter shows, in its two everyday shapes (lines, and a list or table of properties).</summary>
[Cmdlet(VerbsData.Out, "String")]
public sealed class OutStringCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter] public SwitchParameter Stream { get; set; }
    [Parameter, ValidateRange(2, int.MaxValue)] public int Width { get; set; } = 120;
    private readonly List<PSObject> _items = [];

    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        _items.Add(InputObject);
        // A text needs no other one beside it to be shown: it is not kept back.
        if (Stream && InputObject.BaseObject is string) WriteLines();
    }

    protected override void EndProcessing()
    {
        if (Stream) WriteLines();
        else WriteObject(string.Concat(Shown.Lines(_items).Select(line => line + "\r\n")));
    }

    private void WriteLines()
    {
        foreach (var line in Shown.Lines(_items)) WriteObject(line);
        _items.Clear();
    }
}

/// <summary>Format-Table and Format-List give their lines as text: in the lab nothing but text is made of them.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[]? Property { get; set; }
    [Parameter] public SwitchParameter AutoSize { get; set; }
    [Parameter] public SwitchParameter HideTableHeaders { get; set; }
    [Parameter] public SwitchParameter Wrap { get; set; }
    private readonly List<PSObject> _items = [];
    protected override void ProcessRecord() { if (InputObject is not null) _items.Add(InputObject); }
    protected override void EndProcessing() { foreach (var line in Shown.Table(_items, Property, !HideTableHeaders)) WriteObject(line); }
}

/// <summary>Format-List.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public object[]? Property { get; set; }
    protected override void ProcessRecord() { if (InputObject is not null) foreach (var line in Shown.List(InputObject, Property)) WriteObject(line); }
}

/// <summary>Objects as lines of text.</summary>
internal static class Shown
{
    public static IEnumerable<string> Lines(IReadOnlyList<PSObject> items)
    {
        for (var i = 0; i < items.Count;)
        {
            if (Plain(items[i]) is { } text) { foreach (var line in text.Split('\n')) yield return line.TrimEnd('\r'); i++; continue; }
            var block = items.Skip(i).TakeWhile(x => Plain(x) is null).ToList();
            i += block.Count;
            var shown = block[0].Properties.Count() <= 4 ? Table(block, null, header: true) : block.SelectMany(x => List(x, null));
            foreach (var line in shown) yield return line;
        }
    }

    public static IEnumerable<string> Table(IReadOnlyList<PSObject> items, object[]? property, bool header)
    {
        if (items.Count == 0) yield break;
        var rows = items.Select(item => Cells(item, property)).ToList();
        var names = rows[0].Select(c => c.Name).ToList();
        var widths = names.Select((n, i) => Math.Max(n.Length, rows.Max(r => i < r.Count ? r[i].Text.Length : 0))).ToList();
        if (header)
        {
            yield return "";
            yield return string.Join(' ', names.Select((n, i) => n.PadRight(widths[i]))).TrimEnd();
            yield return string.Join(' ', names.Select((n, i) => new string('-', n.Length).PadRight(widths[i]))).TrimEnd();
        }
        foreach (var row in rows) yield return string.Join(' ', row.Take(widths.Count).Select((c, i) => c.Text.PadRight(widths[i]))).TrimEnd();
        if (header) yield return "";
    }

    public static IEnumerable<string> List(PSObject item, object[]? property)
    {
        var cells = Cells(item, property);
        var width = cells.Count == 0 ? 0 : cells.Max(c => c.Name.Length);
        yield return "";
        foreach (var (name, text) in cells) yield return name.PadRight(width) + " : " + text;
        yield return "";
    }

    private static List<(string Name, string Text)> Cells(PSObject item, object[]? property) =>
        (property is null
            ? item.Properties.Select(p => (p.Name, Value: Safe(p)))
            : PropertyExpression.From(property).SelectMany(p => p.Read(item)))
        .Select(c => (c.Item1, One(c.Item2))).ToList();

    private static object? Safe(PSPropertyInfo property)
    {
        try { return property.Value; } catch (GetValueException) { return null; }
    }

    private static string One(object? value) => (value is PSObject p ? p.BaseObject : value) switch
    {
        null => "",
        string text => text.ReplaceLineEndings(" "),
        System.Collections.IEnumerable list => "{" + string.Join(", ", list.Cast<object?>().Take(4).Select(One)) + "}",
        var other => LanguagePrimitives.ConvertTo<string>(other) ?? "",
    };

    private static string? Plain(PSObject item) => item.BaseObject switch
    {
        string text => text,
        ErrorRecord error => error.ToString(),
        ValueType value => LanguagePrimitives.ConvertTo<string>(value),
        Version version => version.ToString(),
        _ => null,
    };
}

/// <summary>Select-String over text from the pipeline (files belong to the simulation).</summary>
[Cmdlet(VerbsCommon.Select, "String")]
public sealed class SelectStringCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)] public string[] Pattern { get; set; } = [];
    [Parameter(Mandatory = true, ValueFromPipeline = true)] public PSObject InputObject { get; set; } = null!;
    [Parameter] public SwitchParameter SimpleMatch { get; set; }
    [Parameter] public SwitchParameter CaseSensitive { get; set; }
    [Parameter] public SwitchParameter Quiet { get; set; }
    [Parameter] public SwitchParameter NotMatch { get; set; }
    [Parameter] public SwitchParameter AllMatches { get; set; }
    private int _line;
    private bool _found;

    protected override void ProcessRecord()
    {
        _line++;
        var text = InputObject.ToString();
        foreach (var pattern in Pattern)
        {
            var matches = Regex.Matches(text, SimpleMatch ? Regex.Escape(pattern) : pattern, CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase, TimeSpan.FromSeconds(2));
            if (matches.Count > 0 == NotMatch.IsPresent) continue;
            _found = true;
            if (Quiet) return;
            var result = new PSObject();
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MatchInfo");
            result.Properties.Add(new PSNoteProperty("Line", text));
            result.Properties.Add(new PSNoteProperty("LineNumber", _line));
            result.Properties.Add(new PSNoteProperty("Pattern", pattern));
            result.Properties.Add(new PSNoteProperty("Matches", matches.Cast<Match>().Take(AllMatches ? int.MaxValue : 1).ToArray()));
            result.Members.Add(new PSScriptMethod("ToString", ScriptBlock.Create("$this.Line")));
            WriteObject(result);
            return;
        }
    }

    protected override void EndProcessing() { if (Quiet && _found) WriteObject(true); }
}
