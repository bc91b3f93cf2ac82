using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace PracticeLab.Listener.Soap;

/// <summary>A response's envelope, and what to undo where it could not be delivered.</summary>
internal sealed class Reply
{
    private readonly byte[] _envelope;

    private Reply(byte[] envelope, bool isFault)
    {
        _envelope = envelope;
        IsFault = isFault;
    }

    public bool IsFault { get; }
    public ReadOnlySpan<byte> Envelope => _envelope;
    public int Length => _envelope.Length;
    /// <summary>Called where the client had gone before the response was written: output is put back for its next Receive.</summary>
    public Action? Undelivered { get; init; }

    /// <summary>The response to a request: its action is the request's with "Response" behind it (DSP0226 5.4).</summary>
    public static Reply To(Request request, Action? undelivered, params object[] body) =>
        new(Write(request.Action + "Response", request.MessageId, request.OperationId, body), isFault: false) { Undelivered = undelivered };

    public static Reply To(Request request, params object[] body) => To(request, null, body);

    /// <summary>A fault as a response. <paramref name="machine"/> is the host that the client called.</summary>
    public static Reply Of(Fault fault, string? relatesTo, string? operationId, string machine) =>
        new(Write(fault.Action, relatesTo, operationId, fault.ToXml(machine)), isFault: true);

    private static byte[] Write(string action, string? relatesTo, string? operationId, params object[] body)
    {
        var envelope = new XElement(Names.Soap + "Envelope",
            new XAttribute(XNamespace.Xml + "lang", "en-US"),
            Prefix("s", Names.Soap), Prefix("a", Names.Addressing), Prefix("x", Names.Transfer), Prefix("n", Names.Enumeration),
            Prefix("w", Names.Wsman), Prefix("rsp", Names.Shell), Prefix("p", Names.Microsoft),
            new XElement(Names.Soap + "Header",
                new XElement(Names.Addressing + "Action", action),
                new XElement(Names.Addressing + "MessageID", Uuid()),
                operationId is null ? null : new XElement(Names.Microsoft + "OperationID", new XAttribute(Names.Soap + "mustUnderstand", "false"), operationId),
                operationId is null ? null : new XElement(Names.Microsoft + "SequenceId", 1),
                new XElement(Names.Microsoft + "ActivityId", Guid.NewGuid().ToString("D").ToUpperInvariant()),
                new XElement(Names.Addressing + "To", Names.Anonymous),
                relatesTo is null ? null : new XElement(Names.Addressing + "RelatesTo", relatesTo)),
            new XElement(Names.Soap + "Body", body));
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), CheckCharacters = false, NewLineHandling = NewLineHandling.None }))
            envelope.Save(writer);
        return stream.ToArray();
    }

    private static XAttribute Prefix(string prefix, XNamespace name) => new(XNamespace.Xmlns + prefix, name.NamespaceName);

    private static string Uuid() => $"uuid:{Guid.NewGuid().ToString("D").ToUpperInvariant()}";
}
