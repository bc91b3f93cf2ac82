namespace PracticeLab.Standard.Events;

/// <summary>What Get-WinEvent was asked for: for each log the conditions of which one has to hold, and those of which none may.</summary>
public sealed class EventQuery(string computer)
{
    private readonly List<(string? Log, Func<LogRow, bool> Test, bool Wanted)> _parts = [];

    /// <summary>Adds an XPath for one log, or for every log where it is null.</summary>
    /// <exception cref="FormatException">Windows would call the query invalid.</exception>
    public void Add(string? log, string xpath, bool wanted) => _parts.Add((string.IsNullOrEmpty(log) ? null : log, EventXPath.Compile(xpath, computer), wanted));

    internal Func<LogRow, bool>? TestFor(string log)
    {
        var own = _parts.Where(part => part.Log is null || string.Equals(part.Log, log, StringComparison.OrdinalIgnoreCase)).ToList();
        var wanted = own.Where(part => part.Wanted).Select(part => part.Test).ToArray();
        var unwanted = own.Where(part => !part.Wanted).Select(part => part.Test).ToArray();
        if (wanted.Length == 0) return null;
        return row => Array.Exists(wanted, test => test(row)) && !Array.Exists(unwanted, test => test(row));
    }
}
