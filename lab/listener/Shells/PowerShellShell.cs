using System.Text.RegularExpressions;
using System.Xml.Linq;
using PracticeLab.Listener.Host;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Shells;

/// <summary>A runspace pool: one engine process, PSRP's fragments passed through (MS-PSRP 3.2).</summary>
internal sealed partial class PowerShellShell : Shell
{
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ClosingLimit = TimeSpan.FromSeconds(10);
    private readonly EngineProcess _engine;
    private readonly OutputQueue _pool;
    private readonly ObjectIds _ids = new();
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte> _privateData = [];
    private bool _readingPrivateData;
    private readonly List<byte> _opening = [];
    private string _runspaces = string.Empty;

    private PowerShellShell(string id, Identity owner, string clientIp, Request creation, ServerConfiguration server, OutputBudget budget, TimeSpan idleTimeout)
        : base(id, Names.PowerShellResource, owner, clientIp, creation, budget, idleTimeout)
    {
        _pool = new OutputQueue(budget);
        _engine = new EngineProcess(server.Powershell, budget, OnData, () => Disconnected && BufferMode == BufferMode.Drop);
    }

    public override int OperationCount => Commands.Count;
    public override bool SupportsDisconnect => true;
    protected override string InputStreams => "stdin pr";
    protected override string OutputStreams => "stdout";
    protected override int ProcessId => _engine.Id;
    protected override OutputQueue OwnQueue => _pool;

    /// <summary>Creates the pool. Resolves once the engine has said what it is, as Windows answers a Create. Throws a Fault where the request or the engine is no good.</summary>
    public static async Task<Shell> CreateAsync(string id, Identity owner, string clientIp, Request request, ServerConfiguration server, TimeSpan idleTimeout)
    {
        CheckOptions(request);
        var body = request.Body!;
        CheckStreams(body);
        var opening = Decode(body.Element(Names.PowerShell + "creationXml")?.Value ?? throw Faults.CreationXml());
        if (opening.Length == 0) throw Faults.CreationXml();
        var shell = new PowerShellShell(id, owner, clientIp, request, server, new OutputBudget(server.Limits.BufferBytes), idleTimeout);
        try
        {
            shell.NoteOpening(opening);
            await shell._engine.DataAsync(Guid.Empty, "Default", opening);
            if (await Task.WhenAny(shell._greeted.Task, shell._engine.Ended).WaitAsync(OpeningLimit) != shell._greeted.Task) throw new EngineEndedException(shell._engine.Errors);
            _ = shell.FollowEndAsync();
            return shell;
        }
        catch (Exception error)
        {
            await shell._engine.DisposeAsync();
            throw error is EngineEndedException or TimeoutException ? Faults.InvalidInput(error.Message) : error;
        }
    }

    public override async Task<string> RunAsync(Request request, XElement line)
    {
        var id = (line.Attribute("CommandId")?.Value is { } given ? Guid.TryParse(given, out var parsed) ? parsed : throw Faults.CommandIdInvalid() : Guid.NewGuid()).ToString("D").ToUpperInvariant();
        var first = Decode(string.Concat(line.Elements(Names.Shell + "Arguments").Select(argument => argument.Value)));
        var command = new PowerShellCommand(id, new OutputQueue(Budget));
        if (!Commands.TryAdd(id, command)) throw Faults.CommandIdInUse();
        await TellAsync(() => _engine.CommandAsync(command.Pipeline));
        await TellAsync(() => _engine.DataAsync(command.Pipeline, "Default", first));
        return id;
    }

    public override Task SendAsync(Command? command, string stream, ReadOnlyMemory<byte> bytes, bool end)
    {
        if (command is null && stream == "stdin") NoteOpening(bytes);
        var name = stream switch { "stdin" => "Default", "pr" => "PromptResponse", _ => throw Faults.InvalidInputStream(stream) };
        return TellAsync(() => _engine.DataAsync(((PowerShellCommand?)command)?.Pipeline ?? Guid.Empty, name, bytes));
    }

    public override async Task SignalAsync(Command command, string code)
    {
        var pipeline = (PowerShellCommand)command;
        if (code == Names.PowerShellStop)
        {
            if (pipeline.OpenInEngine) await TellAsync(() => _engine.SignalAsync(pipeline.Pipeline));
            return;
        }
        Commands.TryRemove(command.Id, out _);
        command.Queue.Close(Faults.Aborted);
        await CloseInEngineAsync(pipeline);
    }

    public override OutputQueue Queue(Command? command, string streams) =>
        streams == "stdout" ? command?.Queue ?? _pool : throw Faults.InvalidOutputStream(streams);

    public override object[] Connect(Request request, XElement connect)
    {
        CheckOptions(request);
        var pool = Guid.Parse(Id);
        List<Fragments.Message> messages;
        try { messages = Fragments.Messages(Decode(connect.Element(Names.PowerShell + "connectXml")?.Value ?? throw Faults.ConnectNegotiation())); }
        catch (InvalidDataException) { throw Faults.ConnectInput(); }
        if (messages is not [{ Type: Fragments.SessionCapability } capability, { Type: Fragments.ConnectRunspacePool }] || messages.Any(message => message.Pool != pool)) throw Faults.ConnectInput();
        var version = ProtocolVersion().Match(capability.Text).Groups[1].Value;
        byte[] answer =
        [
            .. Fragments.Pack(_ids.Next(), Fragments.ServerMessage(Fragments.SessionCapability, pool, $"<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">{version}</Version><Version N=\"PSVersion\">2.0</Version><Version N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>")),
            .. Fragments.Pack(_ids.Next(), Fragments.ServerMessage(Fragments.RunspacePoolInitData, pool, $"<Obj RefId=\"0\"><MS>{_runspaces}</MS></Obj>")),
        ];
        _pool.Add("stdout", Fragments.Pack(_ids.Next(), _privateData.ToArray()), first: true, endsResponse: true);
        return
        [
            new XElement(Names.Shell + "InputStreams", InputStreams), new XElement(Names.Shell + "OutputStreams", OutputStreams),
            new XElement(Names.PowerShell + "connectResponseXml", Convert.ToBase64String(answer)),
        ];
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var command in Commands.Values) command.Queue.Close(Faults.Aborted);
        _pool.Close(Faults.Aborted);
        try
        {
            foreach (var command in Commands.Values) await CloseInEngineAsync((PowerShellCommand)command).WaitAsync(ClosingLimit);
            await _engine.CloseAsync(Guid.Empty).WaitAsync(ClosingLimit);
        }
        catch (Exception error) when (error is EngineEndedException or TimeoutException) { /* it is killed now anyway */ }
        await _engine.DisposeAsync();
    }

    // Whoever waits for output of an engine that died is told, and so is whoever asks later.
    private async Task FollowEndAsync()
    {
        await _engine.Ended;
        foreach (var command in Commands.Values) command.Queue.Close(Faults.HostEnded);
        _pool.Close(Faults.HostEnded);
    }

    private async Task CloseInEngineAsync(PowerShellCommand command)
    {
        if (!command.OpenInEngine) return;
        command.OpenInEngine = false;
        try { await _engine.CloseAsync(command.Pipeline); }
        catch (EngineEndedException) { /* and with it the pipeline */ }
    }

    private void OnData(Guid pipeline, ReadOnlyMemory<byte> bytes)
    {
        var own = bytes.ToArray();
        var fragments = Fragments.Split(own);
        if (pipeline == Guid.Empty && fragments.Any(fragment => Fragments.TypeOf(fragment) == Fragments.PipelineState))
        {
            // The lab's own set-up ran as a pipeline of the pool; a server that is reached by WSMan has no such thing.
            _ids.Skip();
            return;
        }
        _ids.Renumber(own, fragments);
        if (pipeline == Guid.Empty)
        {
            // Windows has always been seen to tell the pool's state in a response of its own.
            var greeting = fragments.Aggregate(false, (done, fragment) => NotePrivateData(fragment) || done);
            _pool.Add("stdout", own, endsResponse: greeting);
            // Without the whole opening the engine has nothing to say yet but its capability.
            if (greeting || _runspaces.Length == 0) _greeted.TrySetResult();
        }
        else if (Commands.TryGetValue(pipeline.ToString("D").ToUpperInvariant(), out var found))
        {
            var command = (PowerShellCommand)found;
            command.Queue.Add("stdout", own);
            foreach (var fragment in fragments)
            {
                if (Fragments.TypeOf(fragment) == Fragments.PipelineState) command.Ending = true;
                if (!fragment.End || !command.Ending) continue;
                command.Queue.Finish(0);
                // The engine's pool can only be closed when each of its pipelines is.
                _ = CloseInEngineAsync(command);
            }
        }
        DropWhatIsTooMuch();
    }

    private void DropWhatIsTooMuch()
    {
        if (!Disconnected || BufferMode != BufferMode.Drop) return;
        while (Budget.Full)
            if (!Commands.Values.Select(command => command.Queue).Append(_pool).Any(queue => queue.DropOldest())) return;
    }

    // Kept for a client that connects later: it gets the same data again. True at the data's end.
    private bool NotePrivateData(Fragments.Fragment fragment)
    {
        if (Fragments.TypeOf(fragment) == Fragments.ApplicationPrivateData) _readingPrivateData = _privateData.Count == 0;
        if (!_readingPrivateData) return false;
        _privateData.AddRange(fragment.Blob.Span);
        if (fragment.End) _readingPrivateData = false;
        return fragment.End;
    }

    // creationXml holds as much of the opening as fits into an envelope; the rest comes by Send.
    private void NoteOpening(ReadOnlyMemory<byte> bytes)
    {
        if (_runspaces.Length > 0) return;
        _opening.AddRange(bytes.Span);
        List<Fragments.Message> messages;
        try { messages = Fragments.Messages(_opening.ToArray()); }
        catch (InvalidDataException error) { throw Faults.InvalidInput(error.Message); }
        var text = messages.FirstOrDefault(message => message.Type == Fragments.InitRunspacePool)?.Text ?? string.Empty;
        _runspaces = string.Concat(RunspaceCount().Matches(text).Select(match => match.Value));
    }

    private async Task TellAsync(Func<Task> tell)
    {
        try { await tell(); }
        catch (EngineEndedException) { throw Faults.HostEnded(); }
        catch (TimeoutException error) { throw Faults.InvalidInput(error.Message); }
    }

    private static void CheckOptions(Request request)
    {
        var version = request.Options.FirstOrDefault(option => option.Name == "protocolversion") ?? throw Faults.ProtocolVersionMissing();
        foreach (var option in request.Options)
            if (option.MustComply && option.Name.StartsWith("PS_", StringComparison.OrdinalIgnoreCase)) throw Faults.OptionNotUnderstood(option.Name);
        if (!Version.TryParse(version.Value, out var wanted) || wanted.Major != 2) throw Faults.ProtocolVersionMismatch(version.Value);
    }

    private static void CheckStreams(XElement shell)
    {
        if (shell.Element(Names.Shell + "InputStreams")?.Value is { } input && input != "stdin pr") throw Faults.InvalidInputStream(input);
        if (shell.Element(Names.Shell + "OutputStreams")?.Value is { } output && output != "stdout") throw Faults.InvalidOutputStream(output);
    }

    private static byte[] Decode(string base64)
    {
        try { return Convert.FromBase64String(base64); }
        catch (FormatException) { throw Faults.InvalidInput("The data is not valid Base64."); }
    }

    [GeneratedRegex("<I32 N=\"(?:Min|Max)Runspaces\">[0-9]+</I32>")]
    private static partial Regex RunspaceCount();

    [GeneratedRegex("<Version N=\"protocolversion\">([0-9.]{3,10})</Version>")]
    private static partial Regex ProtocolVersion();
}
