using System.Xml.Linq;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Shells;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>Carries out a request's action on a simulated server (MS-WSMV 3.1.4).</summary>
internal sealed class Dispatcher(SimulatedServer server)
{
    /// <summary>Envelope around the streams of a ReceiveResponse, in bytes, with room to spare.</summary>
    private const int ReceiveSkeleton = 2048;
    private readonly Enumeration _enumeration = new(server);

    /// <summary>Resolves to the response. Throws a Fault; <paramref name="gone"/> ends a wait whose client is no longer there.</summary>
    public Task<Reply> RunAsync(Request request, Identity caller, string clientIp, CancellationToken gone)
    {
        if (!caller.MayUseShells) throw Faults.AccessDenied();
        // A client that gives its operation an id can ask for the response again, so the operation goes on without it.
        var alone = request.OperationId is null ? gone : CancellationToken.None;
        return server.Messages.RunAsync(request, caller, async () =>
        {
            try { return await ActAsync(request, caller, clientIp, alone); }
            catch (Fault fault) { return Reply.Of(fault, request.MessageId, request.OperationId, Machine(request)); }
        });
    }

    /// <summary>The name that faults give the server: the host that the client called.</summary>
    public static string Machine(Request request) => Uri.TryCreate(request.To, UriKind.Absolute, out var to) ? to.Host : "localhost";

    private async Task<Reply> ActAsync(Request request, Identity caller, string clientIp, CancellationToken gone)
    {
        using var counted = server.Count(caller);
        switch (request.Action)
        {
            case Names.Create: return await CreateAsync(request, caller, clientIp);
            case Names.Get: return ConfigResource.Get(request, caller, server.Configuration.Limits);
            case Names.Enumerate: return _enumeration.Enumerate(request, caller);
        }
        var shell = server.Find(request, caller);
        shell.Enter();
        try { return await OnShellAsync(shell, request, gone); }
        finally { shell.Leave(); }
    }

    private async Task<Reply> OnShellAsync(Shell shell, Request request, CancellationToken gone)
    {
        switch (request.Action)
        {
            case Names.Delete:
                await server.RemoveAsync(shell);
                return Reply.To(request);
            case Names.Disconnect: return Connections.Disconnect(shell, request, server.Configuration.Limits);
            case Names.Reconnect: return Connections.Reconnect(shell, request);
            case Names.Connect: return Connections.Connect(shell, request);
            case Names.Command or Names.Send or Names.Receive or Names.Signal when shell.Disconnected: throw Faults.ShellDisconnected();
            case Names.Command: return await CommandAsync(shell, request);
            case Names.Send: return await SendAsync(shell, request);
            case Names.Receive: return await ReceiveAsync(shell, request, gone);
            case Names.Signal: return await SignalAsync(shell, request);
            default: throw Faults.ActionNotSupported(request.Action);
        }
    }

    private async Task<Reply> CreateAsync(Request request, Identity caller, string clientIp)
    {
        if (request.ResourceUri is not (Names.PowerShellResource or Names.CmdResource)) throw Faults.ResourceNotFound(request.ResourceUri);
        var body = request.Body is { } element && element.Name == Names.Shell + "Shell" ? element : throw Faults.InvalidXml("The body of Create is no Shell.");
        var limits = server.Configuration.Limits;
        var idle = Request.Duration(body.Element(Names.Shell + "IdleTimeOut")?.Value) ?? TimeSpan.FromSeconds(limits.IdleTimeoutSeconds);
        if (idle < TimeSpan.FromSeconds(limits.MinIdleTimeoutSeconds)) throw Faults.IdleTimeoutOutOfBounds();
        var id = NewId(body.Attribute("ShellId")?.Value);
        using var counted = server.CountShell(caller);
        var shell = request.ResourceUri == Names.CmdResource
            ? new CmdShell(id, caller, clientIp, request, server.Configuration, idle)
            : await PowerShellShell.CreateAsync(id, caller, clientIp, request, server.Configuration, idle);
        if (!server.Shells.TryAdd(id, shell))
        {
            await shell.DisposeAsync();
            throw Faults.ShellIdInUse();
        }
        return Reply.To(request,
            new XElement(Names.Transfer + "ResourceCreated",
                new XElement(Names.Addressing + "Address", request.To),
                new XElement(Names.Addressing + "ReferenceParameters",
                    new XElement(Names.Wsman + "ResourceURI", request.ResourceUri),
                    new XElement(Names.Wsman + "SelectorSet", new XElement(Names.Wsman + "Selector", new XAttribute("Name", "ShellId"), id)))),
            shell.Describe());
    }

    private async Task<Reply> CommandAsync(Shell shell, Request request)
    {
        if (shell.Commands.Count >= server.Configuration.Limits.MaxCommandsPerShell) throw Faults.CommandQuota();
        var id = await shell.RunAsync(request, Body(request, "CommandLine"));
        return Reply.To(request, new XElement(Names.Shell + "CommandResponse", new XElement(Names.Shell + "CommandId", id)));
    }

    private static async Task<Reply> SendAsync(Shell shell, Request request)
    {
        foreach (var stream in Body(request, "Send").Elements(Names.Shell + "Stream"))
        {
            var id = stream.Attribute("CommandId")?.Value;
            byte[] bytes;
            try { bytes = Convert.FromBase64String(stream.Value); }
            catch (FormatException) { throw Faults.InvalidXml("A stream's data is not valid Base64."); }
            await shell.SendAsync(id is null ? null : shell.Find(id), stream.Attribute("Name")?.Value ?? string.Empty, bytes, stream.Attribute("End")?.Value is "true" or "1");
        }
        return Reply.To(request, new XElement(Names.Shell + "SendResponse"));
    }

    private async Task<Reply> ReceiveAsync(Shell shell, Request request, CancellationToken gone)
    {
        var desired = Body(request, "Receive").Element(Names.Shell + "DesiredStream") ?? throw Faults.InvalidXml("Receive names no stream.");
        var command = desired.Attribute("CommandId")?.Value is { } id ? shell.Find(id) : null;
        if (command is { Disconnected: true }) throw Faults.ShellDisconnected();
        var queue = shell.Queue(command, desired.Value.Trim());
        var room = Math.Min(request.MaxEnvelopeSize, server.Configuration.Limits.MaxEnvelopeKb * 1024) - ReceiveSkeleton;
        var taken = await queue.TakeAsync(room, request.OperationTimeout, Faults.Aborted, gone) ?? throw Faults.TimedOut();
        var response = new XElement(Names.Shell + "ReceiveResponse", taken.Items.Select(item => Stream(item, command)));
        if (command is not null && taken.Done) response.Add(Done(shell, command, taken.ExitCode));
        // With an id the response itself is kept, for the client to ask for again.
        return Reply.To(request, request.OperationId is null ? () => queue.PutBack(taken) : null, response);
    }

    private static XElement Stream(Output item, Command? command) => new(Names.Shell + "Stream",
        new XAttribute("Name", item.Stream), command is null ? null : new XAttribute("CommandId", command.Id), Convert.ToBase64String(item.Bytes.Span));

    private static IEnumerable<XElement> Done(Shell shell, Command command, int exitCode)
    {
        if (shell is CmdShell)
            foreach (var stream in new[] { "stdout", "stderr" })
                yield return new(Names.Shell + "Stream", new XAttribute("Name", stream), new XAttribute("CommandId", command.Id), new XAttribute("End", "true"));
        yield return new(Names.Shell + "CommandState", new XAttribute("CommandId", command.Id), new XAttribute("State", Names.CommandState + "Done"), new XElement(Names.Shell + "ExitCode", exitCode));
    }

    private static async Task<Reply> SignalAsync(Shell shell, Request request)
    {
        var signal = Body(request, "Signal");
        await shell.SignalAsync(shell.Find(signal.Attribute("CommandId")?.Value), signal.Element(Names.Shell + "Code")?.Value ?? string.Empty);
        return Reply.To(request, new XElement(Names.Shell + "SignalResponse"));
    }

    private static XElement Body(Request request, string name) =>
        request.Body is { } body && body.Name == Names.Shell + name ? body : throw Faults.InvalidXml($"The body is no {name}.");

    private static string NewId(string? given) =>
        (given is null ? Guid.NewGuid() : Guid.TryParse(given, out var id) ? id : throw Faults.ShellIdInvalid()).ToString("D").ToUpperInvariant();
}
