// A WinRM service for the practice lab's simulated servers (MS-WSMV over HTTP and HTTPS), each with ports of its own. It prints
// one line of JSON once it listens, takes control lines on standard input, and ends with it.
using System.Text.Json;
using PracticeLab.Listener.Host;
using PracticeLab.Listener.Security;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: NTLM_USER_FILE=FILE practice-listener CONFIGURATION.json");
    return 2;
}
try
{
    var configuration = Configuration.Load(args[0]);
    var certificates = new Certificates(configuration.CertificateFolder, configuration.Administrators.FirstOrDefault() ?? throw new InvalidOperationException("The configuration names no administrator."));
    var users = new Users(configuration);
    var listeners = new List<ServerListener>();
    try
    {
        foreach (var server in configuration.Servers) listeners.Add(await ServerListener.StartAsync(server, users, certificates));
        Console.Out.WriteLine(JsonSerializer.Serialize(new
        {
            pid = Environment.ProcessId,
            caFile = certificates.AuthorityFile,
            clientCertificateFile = certificates.ClientFile,
            clientKeyFile = certificates.ClientKeyFile,
            clientUser = certificates.User,
            servers = listeners.Select(listener => new { name = listener.Name, host = "127.0.0.1", httpPort = listener.HttpPort, httpsPort = listener.HttpsPort, path = "/wsman" }),
        }));
        await ControlLines.FollowAsync(listeners);
    }
    finally
    {
        await Task.WhenAll(listeners.Select(listener => listener.DisposeAsync().AsTask()));
    }
    return 0;
}
catch (Exception error) when (error is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
