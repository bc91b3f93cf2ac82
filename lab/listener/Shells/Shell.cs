using System.Collections.Concurrent;
using System.Xml.Linq;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Shells;

/// <summary>What Disconnect says about output while nobody is there: hold the command back, or throw the oldest away.</summary>
internal enum BufferMode { Block, Drop }

/// <summary>One remote shell (MS-WSMV 3.1.1): it outlives its TCP connections, until it is deleted or idle for too long.</summary>
internal abstract class Shell(string id, string resourceUri, Identity owner, string clientIp, Request creation, OutputBudget budget, TimeSpan idleTimeout) : IAsyncDisposable
{
    private int _requests;
    private long _lastActivity = Environment.TickCount64;
    private readonly long _created = Environment.TickCount64;

    public string Id { get; } = id;
    public string ResourceUri { get; } = resourceUri;
    public Identity Owner { get; } = owner;
    /// <summary>The client session that the shell belongs to; a Reconnect has to come from the same one.</summary>
    public string? SessionId { get; set; } = creation.SessionId;
    public bool Disconnected { get; set; }
    public BufferMode BufferMode { get; set; }
    public TimeSpan IdleTimeout { get; set; } = idleTimeout;
    /// <summary>Compared case-sensitively, as Windows does.</summary>
    public ConcurrentDictionary<string, Command> Commands { get; } = new(StringComparer.Ordinal);
    /// <summary>Commands that count against the user's quota of operations.</summary>
    public abstract int OperationCount { get; }
    public abstract bool SupportsDisconnect { get; }
    protected OutputBudget Budget { get; } = budget;
    protected abstract string InputStreams { get; }
    protected abstract string OutputStreams { get; }
    protected abstract int ProcessId { get; }

    /// <summary>True once no request has been under way for the idle timeout.</summary>
    public bool Expired => Volatile.Read(ref _requests) == 0 && Environment.TickCount64 - Volatile.Read(ref _lastActivity) > IdleTimeout.TotalMilliseconds;

    public void Enter() => Interlocked.Increment(ref _requests);

    public void Leave()
    {
        Volatile.Write(ref _lastActivity, Environment.TickCount64);
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>The command of a request's CommandId. Throws a Fault where there is none.</summary>
    public Command Find(string? commandId) =>
        commandId is not null && Commands.TryGetValue(commandId, out var command) ? command : throw Faults.CommandNotFound();

    /// <summary>Starts a command and resolves to its id.</summary>
    public abstract Task<string> RunAsync(Request request, XElement line);
    /// <summary>Passes input on; <paramref name="command"/> is null where it is the shell's own.</summary>
    public abstract Task SendAsync(Command? command, string stream, ReadOnlyMemory<byte> bytes, bool end);
    public abstract Task SignalAsync(Command command, string code);
    /// <summary>The queue that a Receive reads: a command's, or the shell's own where <paramref name="command"/> is null.</summary>
    public abstract OutputQueue Queue(Command? command, string streams);
    /// <summary>What a new client gets for its Connect; null where the shell knows no such thing.</summary>
    public abstract object[] Connect(Request request, XElement connect);
    public abstract ValueTask DisposeAsync();

    /// <summary>Everything that waits ends with the error; the output stays.</summary>
    public void Interrupt(Func<Exception> error)
    {
        foreach (var command in Commands.Values) command.Queue.Interrupt(error);
        OwnQueue?.Interrupt(error);
    }

    protected abstract OutputQueue? OwnQueue { get; }

    /// <summary>The shell as Create and Enumerate describe it.</summary>
    public XElement Describe()
    {
        var shell = new XElement(Names.Shell + "Shell", new XAttribute(XNamespace.Xmlns + "rsp", Names.Shell.NamespaceName));
        void Add(string name, object value) => shell.Add(new XElement(Names.Shell + name, value));
        Add("ShellId", Id);
        Add("ResourceUri", ResourceUri);
        Add("Owner", Owner.Name);
        Add("ClientIP", clientIp);
        Add("ProcessId", ProcessId);
        Add("IdleTimeOut", Seconds(IdleTimeout));
        Add("InputStreams", InputStreams);
        Add("OutputStreams", OutputStreams);
        Add("MaxIdleTimeOut", "PT2147483.647S");
        Add("Locale", creation.Locale);
        Add("DataLocale", creation.DataLocale);
        Add("CompressionMode", "NoCompression");
        Add("ProfileLoaded", creation.Options.Any(option => option.Name == "WINRS_NOPROFILE" && option.Value.Equals("TRUE", StringComparison.OrdinalIgnoreCase)) ? "No" : "Yes");
        Add("Encoding", "UTF8");
        Add("BufferMode", BufferMode);
        Add("State", Disconnected ? "Disconnected" : "Connected");
        Add("ShellRunTime", Elapsed(_created));
        Add("ShellInactivity", Elapsed(Volatile.Read(ref _lastActivity)));
        return shell;
    }

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"PT{time.TotalSeconds:F3}S");

    private static string Elapsed(long since)
    {
        var time = TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        return FormattableString.Invariant($"P{time.Days}DT{time.Hours}H{time.Minutes}M{time.Seconds}S");
    }
}
