using System.Management.Automation;

namespace PracticeLab;

/// <summary>A session of a simulated server in a pwsh that serves PSRP by itself (`pwsh -s`).</summary>
public static class Hosted
{
    /// <summary>Makes the runspace of <paramref name="engine"/> a simulated server's; a runspace in which this throws is never opened.</summary>
    /// <exception cref="InvalidOperationException">There is a real ADSync service, no simulated server, or a way out cannot be closed.</exception>
    public static void Open(EngineIntrinsics engine)
    {
        if (Machine.HasRealService()) throw new InvalidOperationException(Machine.RealServiceRefusal);
        if (Machine.ServerFolder is null) throw new InvalidOperationException("The practice lab refuses to open a session: no simulated server was named.");
        Orphan.WatchServer();
        Machine.SayDesktop();
        SessionSetUp.Open(engine);
    }
}
