using System.Text.Json;

namespace PracticeLab.Listener.Host;

/// <summary>What one listener process serves: a JSON file, named on the command line. It holds no secret.</summary>
internal sealed record Configuration
{
    /// <summary>Folder, present and private, that gets the authority's and the client's certificate.</summary>
    public required string CertificateFolder { get; init; }
    /// <summary>Accounts (without a domain) that may do everything.</summary>
    public string[] Administrators { get; init; } = [];
    /// <summary>Accounts in "Remote Management Users": shells, but not the configuration.</summary>
    public string[] RemoteUsers { get; init; } = [];
    /// <summary>The simulated servers, each with ports of its own.</summary>
    public required ServerConfiguration[] Servers { get; init; }

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads the file; throws a JsonException or an IOException that names what is wrong.</summary>
    public static Configuration Load(string path) =>
        JsonSerializer.Deserialize<Configuration>(File.ReadAllText(path), Options) ?? throw new JsonException($"{path} holds no configuration.");
}

/// <summary>One simulated server.</summary>
internal sealed record ServerConfiguration
{
    public required string Name { get; init; }
    public required string ComputerName { get; init; }
    /// <summary>Its powershell.exe, absolute.</summary>
    public required string Powershell { get; init; }
    public Limits Limits { get; init; } = new();
}

/// <summary>Quotas of a server; the defaults are those of Windows Server 2016 and newer.</summary>
internal sealed record Limits
{
    /// <summary>MaxEnvelopeSizekb: largest request body and response, in kilobytes of 1024.</summary>
    public int MaxEnvelopeKb { get; init; } = 500;
    public int MaxShellsPerUser { get; init; } = int.MaxValue;
    public int MaxOperationsPerUser { get; init; } = 1500;
    public int MaxCommandsPerShell { get; init; } = int.MaxValue;
    /// <summary>Output of one shell that waits for a Receive, in bytes, before the engine is held back.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;
    public int IdleTimeoutSeconds { get; init; } = 7200;
    /// <summary>Shortest idle timeout that a client may ask for.</summary>
    public int MinIdleTimeoutSeconds { get; init; } = 60;
}
