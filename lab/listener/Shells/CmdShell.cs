using System.Xml.Linq;
using PracticeLab.Listener.Host;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Shells;

/// <summary>A text shell (MS-WSMV 3.1.4.5, `winrs`): each command is a process of its own.</summary>
internal sealed class CmdShell : Shell
{
    private readonly ServerConfiguration _server;
    private readonly int _codePage;
    private readonly string _inputStreams;
    private readonly string _outputStreams;
    private int _started;

    public CmdShell(string id, Identity owner, string clientIp, Request request, ServerConfiguration server, TimeSpan idleTimeout)
        : base(id, Names.CmdResource, owner, clientIp, request, new OutputBudget(server.Limits.BufferBytes), idleTimeout)
    {
        _server = server;
        _inputStreams = request.Body?.Element(Names.Shell + "InputStreams")?.Value ?? "stdin";
        _outputStreams = request.Body?.Element(Names.Shell + "OutputStreams")?.Value ?? "stdout stderr";
        _codePage = int.TryParse(request.Options.FirstOrDefault(option => option.Name == "WINRS_CODEPAGE")?.Value, out var page) ? page : OemText.Default;
    }

    /// <summary>Windows doesn't count a text command down when it is terminated (MS-WSMV appendix A, note on 3.1.4.12).</summary>
    public override int OperationCount => _started;
    public override bool SupportsDisconnect => false;
    protected override string InputStreams => _inputStreams;
    protected override string OutputStreams => _outputStreams;
    protected override int ProcessId => Environment.ProcessId;
    protected override OutputQueue? OwnQueue => null;

    public override Task<string> RunAsync(Request request, XElement line)
    {
        var id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        var words = new[] { line.Element(Names.Shell + "Command")?.Value ?? string.Empty }.Concat(line.Elements(Names.Shell + "Arguments").Select(argument => argument.Value));
        var command = new CmdCommand(id, string.Join(' ', words), Budget, new OemText(_codePage));
        Commands[id] = command;
        Interlocked.Increment(ref _started);
        command.Start(_server);
        return Task.FromResult(id);
    }

    public override Task SendAsync(Command? command, string stream, ReadOnlyMemory<byte> bytes, bool end) =>
        command is CmdCommand text && stream == "stdin" ? text.WriteAsync(bytes, end) : throw Faults.CommandNotFound();

    public override Task SignalAsync(Command command, string code)
    {
        var text = (CmdCommand)command;
        if (code != Names.Terminate)
        {
            text.Interrupt();
            return Task.CompletedTask;
        }
        Commands.TryRemove(command.Id, out _);
        command.Queue.Close(Faults.Aborted);
        text.Kill();
        return Task.CompletedTask;
    }

    public override OutputQueue Queue(Command? command, string streams) => command?.Queue ?? throw Faults.CommandNotFound();

    public override object[] Connect(Request request, XElement connect) => throw Faults.DisconnectNotSupported();

    public override ValueTask DisposeAsync()
    {
        foreach (var command in Commands.Values.Cast<CmdCommand>())
        {
            command.Queue.Close(Faults.Aborted);
            command.Kill();
        }
        return ValueTask.CompletedTask;
    }
}
