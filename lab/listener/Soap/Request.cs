using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace PracticeLab.Listener.Soap;

/// <summary>One option of a request's OptionSet.</summary>
internal sealed record Option(string Name, string Value, bool MustComply);

/// <summary>A request's envelope: the headers that WS-Management defines, and the body (DSP0226 5, MS-WSMV 2.2.4).</summary>
internal sealed class Request
{
    private static readonly HashSet<XName> Understood =
    [
        Names.Addressing + "To", Names.Addressing + "ReplyTo", Names.Addressing + "Action", Names.Addressing + "MessageID", Names.Addressing + "From", Names.Addressing + "FaultTo",
        Names.Wsman + "ResourceURI", Names.Wsman + "MaxEnvelopeSize", Names.Wsman + "OperationTimeout", Names.Wsman + "OptionSet", Names.Wsman + "SelectorSet", Names.Wsman + "Locale",
        Names.Microsoft + "DataLocale", Names.Microsoft + "SessionId", Names.Microsoft + "OperationID", Names.Microsoft + "SequenceId", Names.Microsoft + "ActivityId",
        Names.Microsoft + "CompressionType", Names.Microsoft + "FreePacket",
    ];

    private Request(XElement header, XElement? body)
    {
        Header = header;
        Body = body?.Elements().FirstOrDefault();
    }

    public XElement Header { get; }
    /// <summary>The body's one element; null where it is empty.</summary>
    public XElement? Body { get; }
    public string Action => Text(Names.Addressing + "Action") ?? string.Empty;
    public string? MessageId => Text(Names.Addressing + "MessageID");
    public string To => Text(Names.Addressing + "To") ?? string.Empty;
    public string ResourceUri => Text(Names.Wsman + "ResourceURI") ?? string.Empty;
    public string? SessionId => Text(Names.Microsoft + "SessionId");
    public string? OperationId => Text(Names.Microsoft + "OperationID");
    /// <summary>The client sends the operation again and asks for the response that it missed (MS-WSMV 3.1.4.1.39).</summary>
    public bool Retransmitted => Header.Element(Names.Microsoft + "OperationID") is { } id && MustUnderstand(id);
    public string Locale => Header.Element(Names.Wsman + "Locale")?.Attribute(XNamespace.Xml + "lang")?.Value ?? "en-US";
    public string DataLocale => Header.Element(Names.Microsoft + "DataLocale")?.Attribute(XNamespace.Xml + "lang")?.Value ?? Locale;

    /// <summary>Largest response that the client takes, in bytes of its envelope.</summary>
    public int MaxEnvelopeSize => int.TryParse(Text(Names.Wsman + "MaxEnvelopeSize"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 153600;

    /// <summary>How long the operation may take; 60 s where the client doesn't say (MaxTimeoutms).</summary>
    public TimeSpan OperationTimeout => Duration(Text(Names.Wsman + "OperationTimeout")) ?? TimeSpan.FromSeconds(60);

    public IReadOnlyList<Option> Options =>
        [.. (Header.Element(Names.Wsman + "OptionSet")?.Elements(Names.Wsman + "Option") ?? []).Select(option =>
            new Option(option.Attribute("Name")?.Value ?? string.Empty, option.Value, IsTrue(option.Attribute("MustComply")?.Value)))];

    /// <summary>A selector's value; null where it is absent.</summary>
    public string? Selector(string name) =>
        Header.Element(Names.Wsman + "SelectorSet")?.Elements(Names.Wsman + "Selector").FirstOrDefault(selector => selector.Attribute("Name")?.Value == name)?.Value;

    /// <summary>Parses an envelope. Throws a Fault where it isn't one, or where it holds a header that must be understood and isn't.</summary>
    public static Request Parse(byte[] envelope)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(envelope), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });
            root = XElement.Load(reader);
        }
        catch (XmlException error) { throw Faults.InvalidXml(error.Message); }
        var header = root.Element(Names.Soap + "Header");
        if (root.Name != Names.Soap + "Envelope" || header is null) throw Faults.InvalidXml("The message is no SOAP 1.2 envelope with a header.");
        var request = new Request(header, root.Element(Names.Soap + "Body"));
        try
        {
            foreach (var block in header.Elements())
                if (MustUnderstand(block) && !Understood.Contains(block.Name)) throw Faults.NotUnderstood(block.Name);
            if (request.MessageId is null) throw Faults.HeaderRequired("MessageID");
            if (request.Action.Length == 0) throw Faults.HeaderRequired("Action");
        }
        catch (Fault fault)
        {
            fault.RelatesTo = request.MessageId;
            throw;
        }
        return request;
    }

    /// <summary>Reads an xs:duration; null where there is none, or no valid one.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        try { return XmlConvert.ToTimeSpan(text.Trim()); }
        catch (Exception error) when (error is FormatException or OverflowException) { return null; }
    }

    // pywinrm writes the attribute without SOAP's namespace; Windows takes that as absent.
    private static bool MustUnderstand(XElement block) => IsTrue(block.Attribute(Names.Soap + "mustUnderstand")?.Value);

    private static bool IsTrue(string? text) => text is not null && (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1");

    private string? Text(XName name) => Header.Element(name)?.Value.Trim() is { Length: > 0 } text ? text : null;
}
