using System.Collections;
using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>One entry of a -Property list: a name, a wildcard, a script block, or a table with Name/Expression.</summary>
internal sealed class PropertyExpression
{
    private readonly string? _label;
    private readonly object _what;

    /// <summary>Set by a table's Descending or Ascending key.</summary>
    public bool? Descending { get; }

    private PropertyExpression(object entry)
    {
        var bare = entry is PSObject wrapped ? wrapped.BaseObject : entry;
        if (bare is IDictionary table)
        {
            foreach (DictionaryEntry pair in table)
            {
                var key = pair.Key.ToString()!.ToLowerInvariant();
                if (key.Length > 0 && ("name".StartsWith(key, StringComparison.Ordinal) || "label".StartsWith(key, StringComparison.Ordinal))) _label = pair.Value?.ToString();
                else if ("expression".StartsWith(key, StringComparison.Ordinal)) _what = Bare(pair.Value);
                else if ("descending".StartsWith(key, StringComparison.Ordinal)) Descending = LanguagePrimitives.IsTrue(pair.Value);
                else if ("ascending".StartsWith(key, StringComparison.Ordinal)) Descending = !LanguagePrimitives.IsTrue(pair.Value);
            }
            _what ??= _label ?? "";
        }
        else _what = bare;
    }

    public static IEnumerable<PropertyExpression> From(object[] entries) => entries.Select(e => new PropertyExpression(e));

    /// <summary>The names and values that the entry gives for one object; a name that it lacks gives null.</summary>
    public IEnumerable<(string Name, object? Value)> Read(PSObject item)
    {
        if (_what is ScriptBlock block)
        {
            object? value;
            try { value = Unroll(block.InvokeWithContext(null, [new PSVariable("_", item)])); }
            catch (RuntimeException) { value = null; }
            return [(_label ?? block.ToString().Trim(), value)];
        }
        var name = _what.ToString() ?? "";
        if (!WildcardPattern.ContainsWildcardCharacters(name)) return [(_label ?? name, Value(item, name))];
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return item.Properties.Where(p => pattern.IsMatch(p.Name)).Select(p => (p.Name, Get(p))).ToList();
    }

    /// <summary>The one value that sorting and grouping compare.</summary>
    public object? First(PSObject item) => Read(item).Select(p => p.Value).FirstOrDefault();

    private static object? Value(PSObject item, string name)
    {
        if (item.BaseObject is IDictionary table && table.Contains(name)) return table[name];
        return item.Properties[name] is { } found ? Get(found) : null;
    }

    private static object? Get(PSPropertyInfo property)
    {
        try { return property.Value; }
        catch (GetValueException) { return null; }
    }

    private static object? Unroll(System.Collections.ObjectModel.Collection<PSObject> values) => values.Count switch { 0 => null, 1 => values[0], _ => values.ToArray() };
    private static object Bare(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) ?? "";
}
