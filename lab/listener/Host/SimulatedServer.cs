using System.Collections.Concurrent;
using PracticeLab.Listener.Security;
using PracticeLab.Listener.Shells;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>The WinRM service of one simulated server: its shells, its quotas.</summary>
internal sealed class SimulatedServer(ServerConfiguration configuration) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _requests = new();
    private readonly Lock _creating = new();
    private readonly Dictionary<string, int> _beingCreated = [];

    public ServerConfiguration Configuration { get; } = configuration;
    public ConcurrentDictionary<string, Shell> Shells { get; } = new(StringComparer.Ordinal);
    public OperationMessages Messages { get; } = new();

    /// <summary>The shell that a request's selector names. Throws a Fault where there is none, or it belongs to somebody else.</summary>
    public Shell Find(Request request, Identity caller)
    {
        var id = request.Selector("ShellId");
        if (id is null || !Shells.TryGetValue(id, out var shell)) throw Faults.ShellNotFound(id);
        if (shell.Owner.Account != caller.Account) throw Faults.AccessDenied();
        if (shell.ResourceUri != request.ResourceUri) throw Faults.ShellNotFound(id);
        return shell;
    }

    /// <summary>Counts a request against its user's quota of operations while it runs. Throws a Fault where that is used up.</summary>
    public IDisposable Count(Identity user)
    {
        var running = _requests.AddOrUpdate(user.Account, 1, (_, count) => count + 1);
        var commands = Shells.Values.Where(shell => shell.Owner.Account == user.Account).Sum(shell => shell.OperationCount);
        var counted = new Counted(() => _requests.AddOrUpdate(user.Account, 0, (_, count) => count - 1));
        if (running + commands <= Configuration.Limits.MaxOperationsPerUser) return counted;
        counted.Dispose();
        throw Faults.OperationQuota(Configuration.Limits.MaxOperationsPerUser);
    }

    /// <summary>Takes one of the user's shells while it is being made. Throws a Fault where there are too many.</summary>
    public IDisposable CountShell(Identity user)
    {
        lock (_creating)
        {
            var there = Shells.Values.Count(shell => shell.Owner.Account == user.Account) + _beingCreated.GetValueOrDefault(user.Account);
            if (there >= Configuration.Limits.MaxShellsPerUser) throw Faults.ShellQuota(Configuration.Limits.MaxShellsPerUser);
            _beingCreated[user.Account] = _beingCreated.GetValueOrDefault(user.Account) + 1;
        }
        return new Counted(() => { lock (_creating) _beingCreated[user.Account]--; });
    }

    /// <summary>Ends a shell and its processes.</summary>
    public async Task RemoveAsync(Shell shell)
    {
        if (Shells.TryRemove(shell.Id, out var found)) await found.DisposeAsync();
    }

    /// <summary>Ends shells that nobody has asked anything of for their idle timeout, once a second.</summary>
    public async Task WatchIdleShellsAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
                foreach (var shell in Shells.Values.Where(shell => shell.Expired)) await RemoveAsync(shell);
        }
        catch (OperationCanceledException) { /* the listener ends */ }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(Shells.Values.Select(RemoveAsync));

    private sealed class Counted(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
