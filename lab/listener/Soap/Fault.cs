using System.Xml.Linq;

namespace PracticeLab.Listener.Soap;

/// <summary>A WS-Management fault (DSP0226 14, MS-WSMV 2.2.4.43): HTTP 500 with a WSManFault whose code says what happened.</summary>
internal sealed class Fault(uint code, string subcode, string message) : Exception(message)
{
    /// <summary>WSManFault's Code.</summary>
    public uint Code { get; } = code;
    /// <summary>True: the sender is to blame.</summary>
    public bool Sender { get; init; } = true;
    /// <summary>The reason, where it isn't the message.</summary>
    public string? Reason { get; init; }
    /// <summary>The last part of a faultDetail URI.</summary>
    public string? Detail { get; init; }
    /// <summary>A plug-in's own error is wrapped into a ProviderFault.</summary>
    public bool FromPlugin { get; init; }
    public string? RelatesTo { get; set; }
    public string Action => subcode.StartsWith("a:", StringComparison.Ordinal) ? Names.AddressingFaultAction : Names.FaultAction;

    public XElement ToXml(string machine)
    {
        object text = FromPlugin
            ? new XElement(Names.WsmanFault + "ProviderFault", new XAttribute("provider", "microsoft.powershell"), new XAttribute("path", @"C:\Windows\system32\pwrshplugin.dll"), Message)
            : Message;
        return new XElement(Names.Soap + "Fault",
            new XElement(Names.Soap + "Code",
                new XElement(Names.Soap + "Value", Sender ? "s:Sender" : "s:Receiver"),
                new XElement(Names.Soap + "Subcode", new XElement(Names.Soap + "Value", subcode))),
            new XElement(Names.Soap + "Reason", new XElement(Names.Soap + "Text", new XAttribute(XNamespace.Xml + "lang", "en-US"), Reason ?? (FromPlugin ? string.Empty : Message))),
            new XElement(Names.Soap + "Detail",
                Detail is null ? null : new XElement(Names.Wsman + "FaultDetail", Names.FaultDetail + Detail),
                new XElement(Names.WsmanFault + "WSManFault",
                    new XAttribute(XNamespace.Xmlns + "f", Names.WsmanFault.NamespaceName), new XAttribute("Code", Code), new XAttribute("Machine", machine),
                    new XElement(Names.WsmanFault + "Message", text))));
    }
}
