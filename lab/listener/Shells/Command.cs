namespace PracticeLab.Listener.Shells;

/// <summary>One command of a shell; it stays until it is signalled to terminate, or its shell goes.</summary>
internal class Command(string id, OutputQueue queue)
{
    public string Id { get; } = id;
    public OutputQueue Queue { get; } = queue;
    /// <summary>As the client wrote it; a PSRP pipeline has none.</summary>
    public string Line { get; init; } = string.Empty;
    /// <summary>Its client disconnected, and did not come back for this command yet.</summary>
    public bool Disconnected { get; set; }
}
