using System.Xml.Linq;

namespace PracticeLab.Listener.Soap;

/// <summary>The faults that this server gives; codes from wsmerror.h and from PowerShell's plug-in (WSManPluginErrorCodes).</summary>
internal static class Faults
{
    private const string CannotProcess = "The WS-Management service cannot process the request. ";

    public static Fault AccessDenied() => new(5, "w:AccessDenied", "Access is denied. ");

    /// <summary>Nothing happened within the OperationTimeout: the client sends the Receive again.</summary>
    public static Fault TimedOut() => new(2150858793, "w:TimedOut", "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  ") { Sender = false };

    public static Fault ShellNotFound(string? id) => new(2150858843, "w:InvalidSelectors",
        $"The request for the Windows Remote Shell with ShellId {id} failed because the shell was not found on the server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the server. Provide the correct ShellId or create a new shell and retry the operation. ")
    { Reason = InvalidSelectors, Detail = "UnexpectedSelectors" };

    public static Fault CommandNotFound() => new(2150858843, "w:InvalidSelectors",
        "The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. Either the command has completed execution or the client specified an invalid command identifier. ")
    { Reason = InvalidSelectors, Detail = "UnexpectedSelectors" };

    public static Fault ResourceNotFound(string uri) => new(2150858811, "a:DestinationUnreachable",
        $"{CannotProcess}The resource URI ({uri}) was not found in the WS-Management catalog. The catalog contains the metadata that describes resources, or logical endpoints. ")
    { Detail = "InvalidResourceURI" };

    public static Fault ActionNotSupported(string action) => new(2150858771, "a:ActionNotSupported", $"{CannotProcess}The action {action} is not supported by the service. ");
    public static Fault InvalidXml(string why) => new(2150858819, "w:SchemaValidationError", $"{CannotProcess}The XML is invalid. {why} ");
    public static Fault HeaderRequired(string name) => new(2150858769, "a:MessageInformationHeaderRequired", $"{CannotProcess}A required header is missing: {name}. ");
    public static Fault NotUnderstood(XName name) => new(2150858768, "s:MustUnderstand", $"{CannotProcess}The header {name.LocalName} must be understood and is not. ");
    public static Fault OperationIdInUse() => new(2150858767, "a:InvalidMessageInformationHeader", $"{CannotProcess}The OperationID of the request is in use already. ");
    public static Fault ResponseTooLarge(int size, int limit) => new(2150858824, "w:EncodingLimit",
        $"{CannotProcess}The computed response packet size ({size}) exceeds the maximum envelope size that is allowed ({limit}). ")
    { Detail = "MaxEnvelopeSizeExceeded" };

    public static Fault ShellQuota(int most) => new(2150859173, "w:QuotaLimit",
        $"{CannotProcess}This user is allowed a maximum number of {most} concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user. ")
    { Reason = $"{CannotProcess}The maximum number of concurrent shells for this user has been exceeded. Close existing shells or raise the quota for this user. " };

    public static Fault OperationQuota(int most) => new(2150859174, "w:QuotaLimit",
        $"{CannotProcess}This user is allowed a maximum number of {most} concurrent operations, which has been exceeded. Close existing operations for this user, or raise the quota for this user. ")
    { Reason = $"{CannotProcess}The maximum number of concurrent operations for this user has been exceeded. Close existing operations for this user, or raise the quota for this user. " };

    public static Fault CommandQuota() => new(2150859241, "w:InternalError",
        $"{CannotProcess}The maximum number of concurrent commands per shell has been exceeded. Retry the request later or raise the Maximum Commands per Shell quota. ")
    { Sender = false };

    public static Fault ShellDisconnected() => new(2150859204, "w:InvalidSelectors", "The Windows Remote Shell cannot process the request; the shell is disconnected. ");
    public static Fault StreamDisconnected() => new(2150859230, "w:InternalError", "The WS-Management service cannot complete the request because the receiver is disconnected: the shell was disconnected by its client. ") { Sender = false };
    public static Fault DisconnectNotSupported() => new(2150859205, "w:InvalidSelectors", "The Windows Remote Shell cannot process the request; the shell does not support disconnect operations. ");
    public static Fault SessionMismatch() => new(2150859206, "w:InvalidSelectors", "The Windows Remote Shell cannot process the request; the SessionId of the client does not match that of the shell. ");
    public static Fault ConnectedElsewhere() => new(2150859213, "w:InvalidSelectors", "The Windows Remote Shell cannot process the request; the shell is connected to a different client. ");
    public static Fault DisconnectNotValid() => new(2150859215, "w:InvalidSelectors", "The disconnect operation is not valid in the present state of the Windows Remote Shell. ");
    public static Fault ReconnectNotValid() => new(2150859216, "w:InvalidSelectors", "The reconnect operation is not valid in the present state of the Windows Remote Shell. ");
    public static Fault CommandReconnectNotValid() => new(2150859219, "w:InvalidSelectors", "The reconnect operation is not valid in the present state of the command. ");
    public static Fault ShellIdInvalid() => new(2150859221, "w:InvalidParameter", "The ShellId that the client specified is not a GUID. ");
    public static Fault CommandIdInvalid() => new(2150859220, "w:InvalidParameter", "The CommandId that the client specified is not a GUID. ");
    public static Fault ShellIdInUse() => new(2150859223, "w:AlreadyExists", "The ShellId that the client specified is in use. ");
    public static Fault CommandIdInUse() => new(2150859222, "w:AlreadyExists", "The CommandId that the client specified is in use. ");
    public static Fault IdleTimeoutOutOfBounds() => new(2150859250, "w:InvalidParameter", "The idle timeout that the client specified is outside of what the server allows. ");
    public static Fault FilterExpected() => new(2150859200, "w:InvalidParameter", $"{CannotProcess}Commands are enumerated with a selector filter that names a ShellId. ");
    /// <summary>ERROR_OPERATION_ABORTED: what a Receive ends with when its command or shell is closed meanwhile.</summary>
    public static Fault Aborted() => new(995, "w:InternalError", "The I/O operation has been aborted because of either a thread exit or an application request. ") { Sender = false };

    /// <summary>The process that hosts the shell died.</summary>
    public static Fault HostEnded() => new(1726, "w:InternalError", "The WSMan provider host process did not return a proper response.  A provider in the host process may have behaved improperly. ") { Sender = false };

    public static Fault Plugin(uint code, string message) => new(code, "w:InternalError", message) { Sender = false, FromPlugin = true };
    public static Fault ProtocolVersionMissing() => Plugin(2152991687, "An option with name protocolversion is expected from the client. Make sure the client is compatible with the build 10.0.20348.2849 and the protocol version 2.3 of Windows PowerShell.");
    public static Fault ProtocolVersionMismatch(string version) => Plugin(2152991685, $"<PSProtocolVersionError ServerProtocolVersion=\"2.3\" ServerBuildVersion=\"10.0.20348.2849\">Windows PowerShell plugin does not support the protocol version {version} requested by client.</PSProtocolVersionError>");
    public static Fault OptionNotUnderstood(string name) => Plugin(2152991686, $"Windows PowerShell plugin does not understand the option {name}. Make sure the client is compatible with the build 10.0.20348.2849 and the protocol version 2.3 of Windows PowerShell.");
    public static Fault InvalidInputStream(string name) => Plugin(2152991678, $"The supplied input stream {name} is not valid. Only stdin and pr is supported as input stream.");
    public static Fault InvalidOutputStream(string name) => Plugin(2152991680, $"The supplied output stream set {name} is not valid. Only stdout is supported as output stream.");
    public static Fault CreationXml() => Plugin(2152992672, "Element 'creationXml' was not found. Line 1, position 2.");
    public static Fault InvalidInput(string why) => Plugin(2152992672, why);
    public static Fault ConnectNegotiation() => Plugin(2152992674, "Windows PowerShell plugin cannot process the Connect operation as required negotiation information is either missing or not complete.");
    public static Fault ConnectInput() => Plugin(2152992675, "The server that is running Windows PowerShell cannot process the connect operation because the following information is not found or not valid: Client Capability information and Connect RunspacePool information.");

    private const string InvalidSelectors = "The WS-Management service cannot process the request because the request contained invalid selectors for the resource. ";
}
