using System.Xml.Linq;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>Lists shells and their commands (MS-WSMV 3.1.4.3), in one response: clients ask for that with OptimizeEnumeration.</summary>
internal sealed class Enumeration(SimulatedServer server)
{
    /// <summary>Lists the caller's own shells, an administrator's request every shell.</summary>
    public Reply Enumerate(Request request, Identity caller)
    {
        var enumerate = request.Body is { } body && body.Name == Names.Enumeration + "Enumerate" ? body : throw Faults.InvalidXml("The body is no Enumerate.");
        if (enumerate.Element(Names.Wsman + "OptimizeEnumeration") is null) throw Faults.ActionNotSupported($"{request.Action} without OptimizeEnumeration");
        var items = request.ResourceUri switch
        {
            Names.ShellResource => Shells(caller),
            Names.CommandResource => Commands(enumerate, caller),
            _ => throw Faults.ResourceNotFound(request.ResourceUri),
        };
        var reply = Reply.To(request, new XElement(Names.Enumeration + "EnumerateResponse",
            new XElement(Names.Enumeration + "EnumerationContext"), new XElement(Names.Wsman + "Items", items), new XElement(Names.Wsman + "EndOfSequence")));
        return reply.Length <= request.MaxEnvelopeSize ? reply : throw Faults.ResponseTooLarge(reply.Length, request.MaxEnvelopeSize);
    }

    private IEnumerable<XElement> Shells(Identity caller) =>
        server.Shells.Values.Where(shell => caller.Administrator || shell.Owner.Account == caller.Account).Select(shell => shell.Describe());

    private IEnumerable<XElement> Commands(XElement enumerate, Identity caller)
    {
        var filter = enumerate.Element(Names.Wsman + "Filter");
        var id = filter?.Attribute("Dialect")?.Value == Names.SelectorFilter
            ? filter.Element(Names.Wsman + "SelectorSet")?.Elements(Names.Wsman + "Selector").FirstOrDefault(selector => selector.Attribute("Name")?.Value == "ShellId")?.Value
            : null;
        if (id is null) throw Faults.FilterExpected();
        if (!server.Shells.TryGetValue(id, out var shell)) throw Faults.ShellNotFound(id);
        if (!caller.Administrator && shell.Owner.Account != caller.Account) throw Faults.AccessDenied();
        return shell.Commands.Values.Select(command => new XElement(Names.Shell + "Command",
            new XAttribute(XNamespace.Xmlns + "rsp", Names.Shell.NamespaceName),
            new XElement(Names.Shell + "CommandId", command.Id), new XElement(Names.Shell + "CommandLine", command.Line),
            new XElement(Names.Shell + "CommandState", command.Queue.Finished ? "Done" : "Running")));
    }
}
