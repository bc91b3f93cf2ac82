using System.Net.Security;
using System.Text;
using PracticeLab.Listener.Host;

namespace PracticeLab.Listener.Security;

/// <summary>Finds out who sends a request, by any of the ways that WinRM offers on that port; answers 401 itself.</summary>
internal sealed class Authenticator(Users users, Certificates certificates)
{
    private const string MutualProfile = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    /// <summary>The identity, or null where the response is a 401 already.</summary>
    public Identity? Authenticate(HttpContext context)
    {
        var state = ConnectionState.Of(context);
        string? header = context.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header)) return state.Identity ?? Refuse(context);
        if (header == MutualProfile) return Certificate(context) ?? Refuse(context);
        var space = header.IndexOf(' ');
        var scheme = space < 0 ? header : header[..space];
        var value = space < 0 ? string.Empty : header[(space + 1)..].Trim();
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return Basic(context, value) ?? Refuse(context);
        foreach (var offered in new[] { "Negotiate", "Kerberos" })
            if (scheme.Equals(offered, StringComparison.OrdinalIgnoreCase)) return Exchange(context, state, offered, value);
        return Refuse(context);
    }

    // Windows offers Basic over https only while AllowUnencrypted is false.
    private static Identity? Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        var offers = new List<string> { "Negotiate", "Kerberos" };
        if (context.Request.IsHttps) offers.Add("Basic realm=\"WSMAN\"");
        context.Response.Headers.WWWAuthenticate = offers.ToArray();
        return null;
    }

    private Identity? Certificate(HttpContext context)
    {
        var certificate = context.Request.IsHttps ? context.Connection.ClientCertificate : null;
        return certificate is not null && certificates.Map(certificate) is { } user ? users.Identify(user) : null;
    }

    private Identity? Basic(HttpContext context, string value)
    {
        if (!context.Request.IsHttps) return null;
        string text;
        try { text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(value)); }
        catch (Exception error) when (error is FormatException or DecoderFallbackException) { return null; }
        var colon = text.IndexOf(':');
        return colon < 0 ? null : users.Check(text[..colon], text[(colon + 1)..]);
    }

    private Identity? Exchange(HttpContext context, ConnectionState state, string scheme, string value)
    {
        byte[] token;
        try { token = Convert.FromBase64String(value); }
        catch (FormatException) { return Refuse(context); }
        var exchange = state.Exchange is null || state.Identity is not null ? state.Start(scheme) : state.Exchange;
        var answer = exchange.GetOutgoingBlob(token, out var status);
        switch (status)
        {
            case NegotiateAuthenticationStatusCode.ContinueNeeded when answer is not null:
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = $"{scheme} {Convert.ToBase64String(answer)}";
                return null;
            case NegotiateAuthenticationStatusCode.Completed when scheme != "Kerberos" || exchange.Package == "Kerberos":
                state.Complete(users.Identify(exchange.RemoteIdentity.Name ?? string.Empty), MessageSeal.Create(exchange, scheme));
                if (answer is { Length: > 0 }) context.Response.Headers.WWWAuthenticate = $"{scheme} {Convert.ToBase64String(answer)}";
                return state.Identity;
            default:
                state.Forget();
                return Refuse(context);
        }
    }
}
