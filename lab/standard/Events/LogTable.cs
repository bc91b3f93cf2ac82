namespace PracticeLab.Standard.Events;

/// <summary>One log: the events it began with, listed and generated ones in the order of their time, and what was written since.</summary>
internal sealed class LogTable(string name, GeneratedEvents? generated, int[] places)
{
    // A place in the order: of a generated event, or ~ of a listed one.
    private int[]? _order;
    private readonly List<LogRow> _listed = [];
    private readonly List<LogRow> _written = [];
    private bool _emptied;

    public string Name => name;
    /// <summary>Most records; the oldest make room. 0: no bound.</summary>
    public long Capacity { get; set; }

    /// <summary>The log begins with record 1001: real ones are never new. After it was emptied it begins with 1.</summary>
    private long First => _emptied ? 1 : 1001;
    private int[] Order => _order ??= Merge();
    public long Newest => First - 1 + Order.Length + _written.Count;
    public long Oldest => Capacity > 0 ? Math.Max(First, Newest - Capacity + 1) : First;
    public long Count => Newest - Oldest + 1;

    public void AddHistory(LogRow row) => _listed.Add(row);
    public void Add(LogRow row)
    {
        row.Record = Newest + 1;
        _written.Add(row);
    }

    public LogTable Emptied() => new(name, null, []) { Capacity = Capacity, _emptied = true };

    /// <summary>Puts a record into a row, which a generated event overwrites.</summary>
    public LogRow Get(long record, LogRow scratch)
    {
        var at = record - First;
        if (at >= Order.Length) return _written[(int)(at - Order.Length)];
        var place = Order[at];
        if (place < 0) return _listed[~place];
        generated!.Fill(scratch, place, record);
        return scratch;
    }

    private int[] Merge()
    {
        var order = new int[places.Length + _listed.Count];
        for (int g = 0, l = 0, n = 0; n < order.Length; n++)
        {
            var takeListed = l < _listed.Count && (g >= places.Length || _listed[l].Ticks <= generated!.TicksOf(places[g]));
            if (takeListed) _listed[l].Record = First + n;
            order[n] = takeListed ? ~l++ : places[g++];
        }
        return order;
    }
}
