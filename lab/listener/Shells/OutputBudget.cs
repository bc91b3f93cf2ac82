namespace PracticeLab.Listener.Shells;

/// <summary>How much output of one shell may wait, over all of its queues. Whoever fills it waits until somebody receives.</summary>
internal sealed class OutputBudget(int limit)
{
    /// <summary>Markup around one stream's data in a response, in bytes, with room to spare.</summary>
    private const int Markup = 120;
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _used;

    public bool Full { get { lock (_lock) return _used >= limit; } }

    /// <summary>Bytes that output takes in a response's envelope, as Base64.</summary>
    public static int Cost(int bytes) => (bytes + 2) / 3 * 4 + Markup;

    /// <summary>Most bytes of output whose cost is at most <paramref name="room"/>.</summary>
    public static int Fitting(int room) => Math.Max(0, (room - Markup) / 4 * 3);

    public void Add(int bytes)
    {
        lock (_lock) _used += bytes;
    }

    public void Remove(int bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            if (_used < limit) Wake();
        }
    }

    /// <summary>Resolves at the next change that may have made room, or when <see cref="Recheck"/> is called.</summary>
    public Task Changed { get { lock (_lock) return _room.Task; } }

    /// <summary>Lets whoever waits look again: something more urgent than room has come up.</summary>
    public void Recheck()
    {
        lock (_lock) Wake();
    }

    private void Wake()
    {
        _room.TrySetResult();
        _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
