using System.Management.Automation;
using System.Reflection;

namespace PracticeLab;

/// <summary>Where the engine really runs, and what it pretends to be.</summary>
internal static class Machine
{
    /// <summary>What is said where the sync engine itself is installed.</summary>
    public const string RealServiceRefusal = "The practice lab does not start on a machine that has an ADSync service.";

    /// <summary>True in somebody's pwsh, which has real commands and drives; false in the engine host, which has none.</summary>
    public static bool IsHosted { get; } = Assembly.GetEntryAssembly()?.GetName().Name != "practice-engine";

    /// <summary>The simulated server's folder; null outside of one.</summary>
    public static string? ServerFolder => NullIfEmpty(Environment.GetEnvironmentVariable("ENTRA_LAB_SERVER"));

    /// <summary>The folder that holds the modules <c>standard</c> and <c>simulation</c>.</summary>
    public static string ModuleFolder =>
        NullIfEmpty(Environment.GetEnvironmentVariable("ENTRA_LAB_MODULES"))
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "lab"));

    /// <summary>True where the sync engine itself is installed: the lab must never run there.</summary>
    public static bool HasRealService()
    {
        if (!OperatingSystem.IsWindows()) return false;
        using var key = Microsoft.Win32.Registry.LocalMachine.OpenSubKey(@"SYSTEM\CurrentControlSet\Services\ADSync");
        return key is not null;
    }

    /// <summary>Makes $PSVersionTable that of Windows PowerShell 5.1 on Windows Server 2022, in every runspace of this process.</summary>
    public static void SayDesktop()
    {
        var table = (System.Collections.Hashtable)typeof(PSObject).Assembly
            .GetType("System.Management.Automation.PSVersionInfo", throwOnError: true)!
            .GetMethod("GetPSVersionTable", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!
            .Invoke(null, null)!;
        foreach (var name in new[] { "GitCommitId", "OS", "Platform" }) table.Remove(name);
        table["PSVersion"] = new Version(5, 1, 20348, 2849);
        table["PSEdition"] = "Desktop";
        table["BuildVersion"] = new Version(10, 0, 20348, 2849);
        table["CLRVersion"] = new Version(4, 0, 30319, 42000);
        table["WSManStackVersion"] = new Version(3, 0);
        table["PSRemotingProtocolVersion"] = new Version(2, 3);
        table["SerializationVersion"] = new Version(1, 1, 0, 1);
        table["PSCompatibleVersions"] = new Version[] { new(1, 0), new(2, 0), new(3, 0), new(4, 0), new(5, 0), new(5, 1, 20348, 2849) };
    }

    /// <summary>
    /// Makes a WSMan client's greeting (APPLICATION_PRIVATE_DATA, MS-PSRP 2.2.2.13) say the same: the engine takes its PSVersion
    /// from a field that is read-only once the type is there, so the version object itself is written to.
    /// </summary>
    public static void GreetAsDesktop()
    {
        var info = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSVersionInfo", throwOnError: true)!;
        var version = Field(info, "s_psVersion", BindingFlags.Static).GetValue(null)!;
        foreach (var (name, value) in new[] { ("_Major", 5), ("_Minor", 1), ("_Build", 20348), ("_Revision", 2849) })
            Field(version.GetType(), name, BindingFlags.Instance).SetValue(version, value);
    }

    private static FieldInfo Field(Type type, string name, BindingFlags kind) =>
        type.GetField(name, kind | BindingFlags.NonPublic) ?? throw new MissingFieldException(type.Name, name);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
