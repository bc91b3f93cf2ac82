using System.Globalization;

namespace PracticeLab.Standard.Events;

/// <summary>
/// Everyday events of the last 30 days, any number of them, the same for the same seed. Each follows from the seed and its place alone,
/// so that a million of them are neither stored nor held. None says anything about the sync service.
/// </summary>
public sealed class GeneratedEvents(int count, long seed, long endTicks)
{
    private sealed record Kind(string Log, int Id, int Level, string Provider, int Share, params string[] Texts);

    private static readonly string[] s_services = ["Windows Update", "WinHTTP Web Proxy Auto-Discovery Service", "Background Intelligent Transfer Service", "Windows Modules Installer", "Software Protection", "Application Experience"];
    private static readonly Kind[] s_kinds =
    [
        new("System", 7036, 4, "Service Control Manager", 18),
        new("System", 1501, 4, "Microsoft-Windows-GroupPolicy", 8, "The Group Policy settings for the computer were processed successfully."),
        new("System", 35, 4, "Microsoft-Windows-Time-Service", 5, "The time service is now synchronizing the system time with the time source DC01."),
        new("System", 10016, 3, "Microsoft-Windows-DistributedCOM", 5, "The application-specific permission settings do not grant Local Activation permission for the COM Server application with process id {0}."),
        new("System", 1014, 3, "Microsoft-Windows-DNS-Client", 3, "Name resolution for the name host{0}.contoso.com timed out after none of the configured DNS servers responded."),
        new("System", 36874, 2, "Schannel", 2, "A TLS connection request was received from a remote client, but none of its {0} cipher suites are supported by the server."),
        new("System", 6013, 4, "EventLog", 1, "The system uptime is {0} seconds."),
        new("Application", 904, 4, "Directory Synchronization", 14, "Scheduler::SchedulerThreadMain : Completed configured scheduler operations.", "Scheduler::SchedulerThreadMain : Started Scheduler thread."),
        new("Application", 653, 4, "Directory Synchronization", 9, "Provision credentials ping start."),
        new("Application", 654, 4, "Directory Synchronization", 9, "Provision credentials ping end."),
        new("Application", 109, 4, "Directory Synchronization", 9, "Import: Completed. {0} objects were read."),
        new("Application", 16384, 4, "Microsoft-Windows-Security-SPP", 4, "Successfully scheduled Software Protection service for re-start in {0} minutes."),
        new("Application", 102, 4, "ESENT", 3, "taskhostw ({0}) The database engine started a new instance (0)."),
        new("Application", 8224, 4, "VSS", 2, "The VSS service is shutting down due to idle timeout."),
        new("Application", 1534, 3, "Microsoft-Windows-User Profiles Service", 2, "Profile notification of event Load for component {0} failed."),
        new("Security", 4624, 0, "Microsoft-Windows-Security-Auditing", 3, "An account was successfully logged on. Logon ID: {0}"),
        new("Security", 4634, 0, "Microsoft-Windows-Security-Auditing", 3, "An account was logged off. Logon ID: {0}"),
    ];
    private static readonly Kind[] s_wheel = [.. s_kinds.SelectMany(kind => Enumerable.Repeat(kind, kind.Share))];
    private static readonly long s_span = TimeSpan.FromDays(30).Ticks;

    /// <summary>Providers and logs that it writes as.</summary>
    public static IReadOnlyList<string> Providers { get; } = [.. s_kinds.Select(kind => kind.Provider).Distinct()];

    /// <summary>Places of the events of each log, oldest first.</summary>
    public Dictionary<string, int[]> ByLog()
    {
        var made = s_kinds.Select(kind => kind.Log).Distinct().ToDictionary(log => log, _ => new List<int>(), StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++) made[KindOf(i).Log].Add(i);
        return made.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
    }

    public long TicksOf(int index)
    {
        var slot = s_span / Math.Max(1, count);
        return endTicks - s_span + index * slot + (long)(Mix(index, 1) % (ulong)Math.Max(1, slot));
    }

    public void Fill(LogRow row, int index, long record)
    {
        ArgumentNullException.ThrowIfNull(row);
        var kind = KindOf(index);
        row.Record = record;
        row.Ticks = TicksOf(index);
        row.Log = kind.Log;
        row.Id = kind.Id;
        row.Level = kind.Level;
        row.Provider = kind.Provider;
        row.Become(this, index);
    }

    public string[] DataOf(int index)
    {
        var kind = KindOf(index);
        var mixed = Mix(index, 2);
        if (kind.Texts.Length == 0) return [s_services[mixed % (ulong)s_services.Length], (mixed >> 32) % 2 == 0 ? "running" : "stopped"];
        var text = kind.Texts[mixed % (ulong)kind.Texts.Length];
        return [text.Replace("{0}", ((mixed >> 16) % 20_000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)];
    }

    private Kind KindOf(int index) => s_wheel[Mix(index, 0) % (ulong)s_wheel.Length];

    // SplitMix64's finalizer.
    private ulong Mix(int index, ulong salt)
    {
        var z = (ulong)seed * 0x9E3779B97F4A7C15 + (ulong)index * 0xD1342543DE82EF95 + salt * 0x2545F4914F6CDD1D;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
