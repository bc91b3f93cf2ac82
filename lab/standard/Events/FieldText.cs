using System.Globalization;
using System.Text;

namespace PracticeLab.Standard.Events;

/// <summary>Any text as a field of a line: control characters and halves of surrogate pairs, which UTF-8 cannot hold, become \uXXXX.</summary>
public static class FieldText
{
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) made.Append(c).Append(text[++i]);
            else if (c < ' ' || c == '\\' || char.IsSurrogate(c)) made.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else made.Append(c);
        }
        return made.ToString();
    }

    public static string Unescape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') { made.Append(text[i]); continue; }
            made.Append((char)int.Parse(text.AsSpan(i + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 5;
        }
        return made.ToString();
    }
}
