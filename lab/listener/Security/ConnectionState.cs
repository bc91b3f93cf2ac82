using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace PracticeLab.Listener.Security;

/// <summary>What one TCP connection has proved: Negotiate and Kerberos authenticate the connection, not the request (MS-N2HT, RFC 4559).</summary>
internal sealed class ConnectionState : IDisposable
{
    private static readonly object Key = new();

    /// <summary>The exchange that is going on or was completed.</summary>
    public NegotiateAuthentication? Exchange { get; private set; }
    /// <summary>Present once the exchange was completed.</summary>
    public Identity? Identity { get; private set; }
    /// <summary>Seals and unseals bodies; present once the exchange was completed with keys for it.</summary>
    public MessageSeal? Seal { get; private set; }

    /// <summary>The state of a request's connection.</summary>
    public static ConnectionState Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items[Key] as ConnectionState ?? throw new InvalidOperationException("The connection has no state.");

    /// <summary>Gives a new connection its state.</summary>
    public static ConnectionState Attach(ConnectionContext connection)
    {
        var state = new ConnectionState();
        connection.Items[Key] = state;
        return state;
    }

    /// <summary>Starts over: a new token on an authenticated connection authenticates it anew.</summary>
    public NegotiateAuthentication Start(string package)
    {
        Forget();
        return Exchange = new NegotiateAuthentication(new NegotiateAuthenticationServerOptions { Package = package });
    }

    public void Complete(Identity identity, MessageSeal? seal)
    {
        Identity = identity;
        Seal = seal;
    }

    public void Forget()
    {
        Exchange?.Dispose();
        (Exchange, Identity, Seal) = (null, null, null);
    }

    public void Dispose() => Forget();
}
