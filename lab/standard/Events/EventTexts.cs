using System.Collections;
using System.Globalization;

namespace PracticeLab.Standard.Events;

/// <summary>How a simulated server words its events: the service control manager in the server's language, the sync engine in English.</summary>
public sealed class EventTexts(string locale, Hashtable scmTexts, Hashtable win32Texts, Hashtable syncTexts, Hashtable levelNames)
{
    private readonly string _language = locale is { Length: >= 2 } ? locale[..2] : "en";

    public string LevelName(int level) => levelNames[_language] is object[] names && level < names.Length ? names[level]?.ToString() ?? "" : "";

    /// <summary>The text of an event; null where its provider has no message table or no such message.</summary>
    /// <exception cref="InvalidOperationException">A %%code has no text: Windows cannot format the event.</exception>
    public string? Format(LogRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Format == "throws") throw new InvalidOperationException("The description string for parameter reference (%1) could not be found.");
        if (row.Format == "missing") return null;
        if (row.Message.Length > 0) return row.Message;
        if (row.Provider == "Service Control Manager")
        {
            var table = (scmTexts[_language] ?? scmTexts["en"]) as Hashtable;
            return table?[row.Id] is { } template ? Fill(template.ToString()!, Array.ConvertAll(row.Data, Parameter)) : null;
        }
        if (row.Provider == "ADSync" && syncTexts[row.Id] is { } text) return Fill(text.ToString()!, row.Data);
        return row.Data.Length == 1 ? row.Data[0] : string.Join(' ', row.Data);
    }

    private string Parameter(string value)
    {
        if (!value.StartsWith("%%", StringComparison.Ordinal)) return value;
        return (int.TryParse(value.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? win32Texts[code]?.ToString() : null)
            ?? throw new InvalidOperationException("The description string for parameter reference (%1) could not be found.");
    }

    // Places beyond the data are line breaks.
    private static string Fill(string template, string[] data) => string.Format(CultureInfo.InvariantCulture, template, [.. data, "\r\n", "\r\n", "\r\n", "\r\n"]);
}
