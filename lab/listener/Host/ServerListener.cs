using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PracticeLab.Listener.Security;

namespace PracticeLab.Listener.Host;

/// <summary>The ports of one simulated server: WinRM over HTTP and over HTTPS, each on a loopback port that the system chose.</summary>
internal sealed class ServerListener : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly SimulatedServer _server;
    private readonly WebApplication _application;
    private long _requests;

    private ServerListener(ServerConfiguration configuration, Users users, Certificates certificates)
    {
        _server = new SimulatedServer(configuration);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            // HTTP.sys closes a connection after two minutes without a request.
            options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
            options.Listen(IPAddress.Loopback, 0, Prepare);
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                Prepare(listen);
                listen.UseHttps(certificates.ForServer(configuration.ComputerName), https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    // Whose certificate it is decides the authentication; a wrong one is a 401, not a broken connection.
                    https.AllowAnyClientCertificate();
                });
            });
        });
        _application = builder.Build();
        var endpoint = new Endpoint(_server, new Authenticator(users, certificates));
        _application.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            return endpoint.HandleAsync(context);
        });
    }

    public string Name => _server.Configuration.Name;
    public int HttpPort { get; private set; }
    public int HttpsPort { get; private set; }
    /// <summary>HTTP requests so far, on both ports.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public static async Task<ServerListener> StartAsync(ServerConfiguration configuration, Users users, Certificates certificates)
    {
        var listener = new ServerListener(configuration, users, certificates);
        await listener._application.StartAsync();
        var addresses = listener._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        listener.HttpPort = addresses.Single(address => address.Scheme == "http").Port;
        listener.HttpsPort = addresses.Single(address => address.Scheme == "https").Port;
        _ = listener._server.WatchIdleShellsAsync(listener._ended.Token);
        return listener;
    }

    /// <summary>Breaks every TCP connection, as a failing network does. Shells live on.</summary>
    public void DropConnections()
    {
        foreach (var connection in _connections.Values) connection.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        DropConnections();
        await _server.DisposeAsync();
        await _application.DisposeAsync();
        _ended.Dispose();
    }

    private void Prepare(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => async connection =>
        {
            using var state = ConnectionState.Attach(connection);
            _connections[connection.ConnectionId] = connection;
            try { await next(connection); }
            finally { _connections.TryRemove(connection.ConnectionId, out _); }
        });
    }
}
