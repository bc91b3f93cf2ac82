using System.Xml.Linq;

namespace PracticeLab.Listener.Soap;

/// <summary>Namespaces, actions and resources of WS-Management and of its Windows extensions (DSP0226, MS-WSMV 2.2.1).</summary>
internal static class Names
{
    public static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    public static readonly XNamespace Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    public static readonly XNamespace Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
    public static readonly XNamespace Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
    public static readonly XNamespace Wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
    public static readonly XNamespace Microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
    public static readonly XNamespace Shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
    public static readonly XNamespace Config = "http://schemas.microsoft.com/wbem/wsman/1/config";
    public static readonly XNamespace WsmanFault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
    public static readonly XNamespace PowerShell = "http://schemas.microsoft.com/powershell";

    public const string Anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
    public const string FaultAction = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
    public const string AddressingFaultAction = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";
    public const string FaultDetail = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/";
    public const string SelectorFilter = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter";

    public const string Create = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create";
    public const string Delete = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete";
    public const string Get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
    public const string Enumerate = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate";
    public const string Command = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command";
    public const string Send = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Send";
    public const string Receive = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive";
    public const string Signal = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal";
    public const string Disconnect = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Disconnect";
    public const string Reconnect = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Reconnect";
    public const string Connect = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Connect";

    public const string PowerShellResource = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell";
    public const string CmdResource = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd";
    public const string ShellResource = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
    public const string CommandResource = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command";
    public const string ConfigResource = "http://schemas.microsoft.com/wbem/wsman/1/config";

    public const string CommandState = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/";
    public const string Terminate = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/terminate";
    public const string ControlC = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/ctrl_c";
    /// <summary>PowerShell's own stop signal, spelt as Windows spells it.</summary>
    public const string PowerShellStop = "powershell/signal/crtl_c";
}
