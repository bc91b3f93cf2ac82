using System.Globalization;
using System.Text;

namespace PracticeLab.Standard.Events;

/// <summary>
/// The logs of a simulated server, read from its events.tsv and read on as others append to it. Lines that begin with # are not events:
/// <c>#generate</c> count seed end, <c>#capacity</c> log records, <c>#live</c> (what follows was written by the running server), <c>#clear</c> log.
/// </summary>
public sealed class EventStore(string path)
{
    private readonly Dictionary<string, LogTable> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _capacities = new(StringComparer.OrdinalIgnoreCase);
    private GeneratedEvents? _generated;
    private Dictionary<string, int[]> _places = [];
    private bool _live;
    private long _read;

    /// <summary>Reads what was appended since the last time.</summary>
    public EventStore Refresh()
    {
        if (!File.Exists(path)) return this;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length <= _read) return this;
        stream.Position = _read;
        var bytes = new byte[stream.Length - _read];
        stream.ReadExactly(bytes);
        // A line that is being written is read the next time.
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read += end;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Take(line);
        return this;
    }

    /// <summary>How far a log reaches: count, oldest, newest. An empty one has 0 of each.</summary>
    public long[] Reach(string log) => _logs.TryGetValue(log, out var table) && table.Count > 0 ? [table.Count, table.Oldest, table.Newest] : [0, 0, 0];

    /// <summary>Events that a query selects, across its logs in the order of their time; no more than <paramref name="most"/>.</summary>
    public IEnumerable<LogRow> Read(EventQuery query, bool oldestFirst, long most)
    {
        ArgumentNullException.ThrowIfNull(query);
        var scans = _logs.Values.Select(table => (table, test: query.TestFor(table.Name))).Where(pair => pair.test is not null)
            .Select(pair => Scan(pair.table, pair.test!, oldestFirst).GetEnumerator()).Where(scan => scan.MoveNext()).ToList();
        for (long n = 0; n < most && scans.Count > 0; n++)
        {
            var next = scans[0];
            foreach (var scan in scans) if (oldestFirst ? scan.Current.Ticks < next.Current.Ticks : scan.Current.Ticks > next.Current.Ticks) next = scan;
            yield return next.Current.Copy();
            if (!next.MoveNext()) scans.Remove(next);
        }
    }

    private static IEnumerable<LogRow> Scan(LogTable table, Func<LogRow, bool> test, bool oldestFirst)
    {
        var scratch = new LogRow();
        var (oldest, newest) = (table.Oldest, table.Newest);
        for (long n = oldest; n <= newest; n++)
        {
            var row = table.Get(oldestFirst ? n : newest + oldest - n, scratch);
            if (test(row)) yield return row;
        }
    }

    private void Take(string line)
    {
        if (line[0] != '#')
        {
            var row = LogRow.Parse(line);
            if (_live) Table(row.Log).Add(row); else Table(row.Log).AddHistory(row);
            return;
        }
        var parts = line.Split('\t');
        switch (parts[0])
        {
            case "#generate":
                _generated = new GeneratedEvents(int.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture), DateTime.Parse(parts[3], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks);
                _places = _generated.ByLog();
                foreach (var log in _places.Keys) Table(log);
                break;
            case "#capacity": _capacities[parts[1]] = long.Parse(parts[2], CultureInfo.InvariantCulture); Table(parts[1]).Capacity = _capacities[parts[1]]; break;
            case "#live": _live = true; break;
            case "#clear": _logs[parts[1]] = Table(parts[1]).Emptied(); break;
            default: throw new InvalidDataException($"events.tsv has a line of an unknown kind: {parts[0]}");
        }
    }

    private LogTable Table(string log)
    {
        if (!_logs.TryGetValue(log, out var table)) _logs[log] = table = new LogTable(log, _generated, _places.GetValueOrDefault(log, [])) { Capacity = _capacities.GetValueOrDefault(log) };
        return table;
    }
}
