using System.Globalization;
using System.Text.RegularExpressions;

namespace PracticeLab.Standard.Events;

/// <summary>The XPath subset of the Windows event log (Consuming Events, "XPath 1.0 limitations") as a condition over one event.</summary>
public sealed class EventXPath
{
    // Windows refuses a query of more than about 22 expressions.
    private const int MostExpressions = 22;

    private readonly List<(string Kind, string Text)> _tokens = [];
    private int _at;
    private int _expressions;

    private readonly string _computer;

    private EventXPath(string computer) => _computer = computer;

    /// <exception cref="FormatException">The query is invalid.</exception>
    public static Func<LogRow, bool> Compile(string text, string computer)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new EventXPath(computer);
        var trimmed = text.Trim();
        for (var at = 0; at < trimmed.Length;)
        {
            var match = Token.Match(trimmed, at);
            if (!match.Success || match.Index != at) throw new FormatException("query");
            foreach (var kind in (string[])["string", "number", "name", "op"]) if (match.Groups[kind].Success) reader._tokens.Add((kind, match.Groups[kind].Value));
            at += match.Length;
        }
        var test = reader.Root();
        if (reader._at != reader._tokens.Count || reader._expressions > MostExpressions) throw new FormatException("query");
        return test;
    }

    // Not generated at build: the shipped practice lab compiles this file where no source generator runs.
    private static readonly Regex Token = new("""\s*(?:(?<string>'[^']*'|"[^"]*")|(?<number>-?(?:0x[0-9A-Fa-f]+|\d+))|(?<name>@?[A-Za-z_][\w:.-]*)|(?<op>!=|<=|>=|[=<>\[\]()/*,]))""");

    private string Peek => _at < _tokens.Count ? _tokens[_at].Text : "";
    private bool Take(string text)
    {
        if (Peek != text || _tokens[_at].Kind == "string") return false;
        _at++;
        return true;
    }
    private void Expect(string text) { if (!Take(text)) throw new FormatException("query"); }
    private static Func<LogRow, bool> And(Func<LogRow, bool>? left, Func<LogRow, bool> right) => left is null ? right : row => left(row) && right(row);

    // '*', 'Event', '*[…]', 'Event/System[…]'
    private Func<LogRow, bool> Root()
    {
        if (!Take("*")) Expect("Event");
        return Inside("Event");
    }

    private Func<LogRow, bool> Inside(string context)
    {
        Func<LogRow, bool>? test = null;
        while (true)
        {
            if (Take("/")) test = And(test, Step(context));
            else if (Take("[")) { test = And(test, Or(context)); Expect("]"); }
            else return test ?? (_ => true);
        }
    }

    private Func<LogRow, bool> Or(string context)
    {
        var tests = new List<Func<LogRow, bool>> { AndAlso(context) };
        while (Take("or")) tests.Add(AndAlso(context));
        var all = tests.ToArray();
        return all.Length == 1 ? all[0] : row => Array.Exists(all, test => test(row));
    }

    private Func<LogRow, bool> AndAlso(string context)
    {
        var test = Term(context);
        while (Take("and")) test = And(test, Term(context));
        return test;
    }

    private Func<LogRow, bool> Term(string context)
    {
        if (!Take("(")) return Step(context);
        var inner = Or(context);
        Expect(")");
        return inner;
    }

    private Func<LogRow, bool> Step(string context)
    {
        if (_at >= _tokens.Count || _tokens[_at].Kind != "name") throw new FormatException("query");
        var name = _tokens[_at++].Text;
        switch ($"{context}/{name}")
        {
            case "Event/System" or "Event/EventData" or "System/Provider": return Inside(name);
            case "System/TimeCreated": return Inside(name);
            case "System/EventID": return Number(row => row.Id);
            case "System/EventRecordID": return Number(row => row.Record);
            case "System/Level": return Number(row => row.Level);
            case "System/Keywords" or "System/Task": return Number(_ => 0);
            case "System/Channel": return Text(row => row.Log);
            case "System/Computer": return Text(_ => _computer);
            case "Provider/@Name": return Text(row => row.Provider);
            case "TimeCreated/@SystemTime": return Time();
            case "TimeCreated/timediff":
                Expect("("); Expect("@SystemTime"); Expect(")");
                return Number(row => (DateTime.UtcNow.Ticks - row.Ticks) / TimeSpan.TicksPerMillisecond);
            case "EventData/Data": return Data();
            default: throw new FormatException("query");
        }
    }

    private (string Op, string Kind, string Text) Comparison()
    {
        var op = Peek;
        if (op is not ("=" or "!=" or "<" or ">" or "<=" or ">=")) throw new FormatException("query");
        _at++;
        if (_at >= _tokens.Count) throw new FormatException("query");
        var (kind, text) = _tokens[_at++];
        _expressions++;
        return (op, kind, kind == "string" ? text[1..^1] : text);
    }

    private static bool Holds(string op, int order) => op switch { "=" => order == 0, "!=" => order != 0, "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };

    private Func<LogRow, bool> Number(Func<LogRow, long> value)
    {
        var (op, kind, text) = Comparison();
        if (kind is not ("number" or "string")) throw new FormatException("query");
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!long.TryParse(hex ? text[2..] : text, hex ? NumberStyles.HexNumber : NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)) throw new FormatException("query");
        if (op == "=") return row => value(row) == number;
        return row => Holds(op, value(row).CompareTo(number));
    }

    private Func<LogRow, bool> Text(Func<LogRow, string> value)
    {
        var (op, kind, text) = Comparison();
        if (kind != "string" || op is not ("=" or "!=")) throw new FormatException("query");
        return row => string.Equals(value(row), text, StringComparison.OrdinalIgnoreCase) == (op == "=");
    }

    private Func<LogRow, bool> Time()
    {
        var (op, kind, text) = Comparison();
        if (kind != "string" || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) throw new FormatException("query");
        var ticks = time.Ticks;
        return row => Holds(op, row.Ticks.CompareTo(ticks));
    }

    // Data='x' · Data[@Name='param1']='x' · Data[@Name='param1' and …] is not in the subset.
    private Func<LogRow, bool> Data()
    {
        var index = -1;
        var named = Take("[");
        if (named)
        {
            Expect("@Name");
            var (op, kind, name) = Comparison();
            if (op != "=" || kind != "string") throw new FormatException("query");
            Expect("]");
            if (name.StartsWith("param", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) index = number - 1;
        }
        if (Peek != "=") return row => row.Data.Length > Math.Max(0, index) && (!named || index >= 0);
        var (_, _, text) = Comparison();
        // Only the service control manager's values have names.
        if (named) return row => index >= 0 && row.Provider == "Service Control Manager" && index < row.Data.Length && row.Data[index] == text;
        return row => Array.Exists(row.Data, value => string.Equals(value, text, StringComparison.OrdinalIgnoreCase));
    }
}
