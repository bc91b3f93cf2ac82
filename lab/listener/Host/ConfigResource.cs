using System.Xml.Linq;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>The service's configuration (`winrm get winrm/config`), for administrators only.</summary>
internal static class ConfigResource
{
    public static Reply Get(Request request, Identity caller, Limits limits)
    {
        if (request.ResourceUri != Names.ConfigResource) throw Faults.ResourceNotFound(request.ResourceUri);
        if (!caller.Administrator) throw Faults.AccessDenied();
        static XElement Of(string name, object value) => new(Names.Config + name, value);
        return Reply.To(request, new XElement(Names.Config + "Config",
            Of("MaxEnvelopeSizekb", limits.MaxEnvelopeKb), Of("MaxTimeoutms", 60000), Of("MaxBatchItems", 32000), Of("MaxProviderRequests", uint.MaxValue),
            new XElement(Names.Config + "Service", Of("AllowUnencrypted", "false"), Of("MaxConcurrentOperationsPerUser", limits.MaxOperationsPerUser),
                new XElement(Names.Config + "Auth", Of("Basic", "true"), Of("Kerberos", "true"), Of("Negotiate", "true"), Of("Certificate", "true"), Of("CredSSP", "false"), Of("CbtHardeningLevel", "Relaxed"))),
            new XElement(Names.Config + "Winrs", Of("AllowRemoteShellAccess", "true"), Of("IdleTimeout", limits.IdleTimeoutSeconds * 1000L), Of("MaxShellsPerUser", limits.MaxShellsPerUser))));
    }
}
