namespace PracticeLab.Listener.Shells;

/// <summary>A pipeline of a runspace pool.</summary>
internal sealed class PowerShellCommand(string id, OutputQueue queue) : Command(id, queue)
{
    public Guid Pipeline { get; } = Guid.Parse(id);
    /// <summary>Its PIPELINE_STATE message has begun.</summary>
    public bool Ending { get; set; }
    /// <summary>True while the engine holds the pipeline open.</summary>
    public bool OpenInEngine { get; set; } = true;
}
