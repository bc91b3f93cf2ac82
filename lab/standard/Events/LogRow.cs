namespace PracticeLab.Standard.Events;

/// <summary>One event as a simulated log keeps it. A scan of generated events reuses one row; <see cref="Copy"/> keeps it.</summary>
public sealed class LogRow
{
    public long Record { get; set; }
    /// <summary>UTC, in ticks.</summary>
    public long Ticks { get; set; }
    public string Log { get; set; } = "";
    public int Id { get; set; }
    public int Level { get; set; }
    public string Provider { get; set; } = "";
    /// <summary>Hexadecimal digits; empty where the event has no binary part.</summary>
    public string Binary { get; set; } = "";
    /// <summary>A text of its own instead of the provider's.</summary>
    public string Message { get; set; } = "";
    /// <summary>What formatting it does: nothing of note, <c>throws</c>, or <c>missing</c> (no message table).</summary>
    public string Format { get; set; } = "";

    private string[]? _data;
    private GeneratedEvents? _source;
    private int _index;

    /// <summary>The insertion values; those of a generated event are made when somebody looks.</summary>
    public string[] Data
    {
        get => _data ??= _source?.DataOf(_index) ?? [];
        set => _data = value;
    }

    /// <summary>Becomes a generated event.</summary>
    public void Become(GeneratedEvents source, int index)
    {
        _source = source;
        _index = index;
        _data = null;
    }

    public LogRow Copy() => (LogRow)MemberwiseClone();

    /// <summary>One line of events.tsv: record, time, log, id, level, provider, data, binary, message, format.</summary>
    public static LogRow Parse(string line)
    {
        var parts = line.Split('\t');
        return new LogRow
        {
            Record = long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            Ticks = DateTime.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks,
            Log = parts[2],
            Id = int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture),
            Level = int.Parse(parts[4], System.Globalization.CultureInfo.InvariantCulture),
            Provider = string.Intern(parts[5]),
            Data = parts[6].Length == 0 ? [] : Array.ConvertAll(parts[6].Split('\u001f'), FieldText.Unescape),
            Binary = parts[7],
            Message = FieldText.Unescape(parts[8]),
            Format = parts[9],
        };
    }
}
