using System.Xml.Linq;
using PracticeLab.Listener.Shells;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>Leaving a shell and coming back to it (MS-WSMV 3.1.4.13 to 3.1.4.15).</summary>
internal static class Connections
{
    public static Reply Disconnect(Shell shell, Request request, Limits limits)
    {
        if (!shell.SupportsDisconnect) throw Faults.DisconnectNotSupported();
        if (shell.Disconnected) throw Faults.DisconnectNotValid();
        if (request.SessionId != shell.SessionId) throw Faults.SessionMismatch();
        var idle = Request.Duration(request.Body?.Element(Names.Shell + "IdleTimeOut")?.Value);
        if (idle < TimeSpan.FromSeconds(limits.MinIdleTimeoutSeconds)) throw Faults.IdleTimeoutOutOfBounds();
        if (idle is { } wanted) shell.IdleTimeout = wanted;
        shell.BufferMode = request.Body?.Element(Names.Shell + "BufferMode")?.Value == "Drop" ? BufferMode.Drop : BufferMode.Block;
        shell.Disconnected = true;
        foreach (var command in shell.Commands.Values) command.Disconnected = true;
        shell.Interrupt(Faults.StreamDisconnected);
        return Reply.To(request);
    }

    public static Reply Reconnect(Shell shell, Request request)
    {
        if (!shell.SupportsDisconnect) throw Faults.DisconnectNotSupported();
        if (request.SessionId != shell.SessionId) throw Faults.SessionMismatch();
        if (CommandOf(request) is { } id)
        {
            var command = shell.Find(id);
            if (shell.Disconnected || !command.Disconnected) throw Faults.CommandReconnectNotValid();
            command.Disconnected = false;
            return Reply.To(request);
        }
        if (!shell.Disconnected) throw Faults.ReconnectNotValid();
        shell.Disconnected = false;
        return Reply.To(request);
    }

    public static Reply Connect(Shell shell, Request request)
    {
        var connect = request.Body is { } body && body.Name == Names.Shell + "Connect" ? body : throw Faults.InvalidXml("The body is no Connect.");
        if (CommandOf(request) is { } id)
        {
            var command = shell.Find(id);
            if (shell.Disconnected) throw Faults.ShellDisconnected();
            if (request.SessionId != shell.SessionId) throw Faults.ConnectedElsewhere();
            command.Disconnected = false;
            return Reply.To(request, new XElement(Names.Shell + "ConnectResponse"));
        }
        if (!shell.Disconnected) throw Faults.ConnectedElsewhere();
        var response = shell.Connect(request, connect);
        shell.SessionId = request.SessionId;
        shell.Disconnected = false;
        return Reply.To(request, new XElement(Names.Shell + "ConnectResponse", response));
    }

    private static string? CommandOf(Request request) => request.Body?.Attribute("CommandId")?.Value;
}
