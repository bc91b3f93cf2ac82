namespace PracticeLab.Listener.Shells;

/// <summary>One piece of output: bytes of one stream. <paramref name="EndsResponse"/>: what comes after it waits for the next Receive.</summary>
internal readonly record struct Output(string Stream, ReadOnlyMemory<byte> Bytes, bool EndsResponse = false);

/// <summary>What a Receive takes from a queue.</summary>
/// <param name="Items">Output, in order.</param>
/// <param name="Done">Nothing comes after it.</param>
internal sealed record Taken(IReadOnlyList<Output> Items, bool Done, int ExitCode);

/// <summary>Output of one command, or of a shell itself, that waits to be received.</summary>
internal sealed class OutputQueue(OutputBudget budget)
{
    /// <summary>
    /// How long a response waits for more, once there is something to tell. A Windows server tells a short command's output and its end
    /// in one response, nearly always: it does not answer with the first piece that it has.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(15);
    private readonly Lock _lock = new();
    private readonly LinkedList<Output> _items = [];
    private TaskCompletionSource _changed = New();
    private long _receiver;
    private int _exitCode;
    private bool _done;
    private Func<Exception>? _closed;

    /// <summary>True once the last output was put in, or the queue was closed.</summary>
    public bool Finished { get { lock (_lock) return _done || _closed is not null; } }

    public void Add(string stream, ReadOnlyMemory<byte> bytes, bool first = false, bool endsResponse = false)
    {
        lock (_lock)
        {
            if (_closed is not null) return;
            if (first) _items.AddFirst(new Output(stream, bytes, endsResponse));
            else _items.AddLast(new Output(stream, bytes, endsResponse));
            budget.Add(bytes.Length);
            Change();
        }
    }

    /// <summary>Throws the oldest output away; false where there is none.</summary>
    public bool DropOldest()
    {
        lock (_lock)
        {
            if (_items.First is not { } oldest) return false;
            _items.RemoveFirst();
            budget.Remove(oldest.Value.Bytes.Length);
            return true;
        }
    }

    /// <summary>The last output is in.</summary>
    public void Finish(int exitCode)
    {
        lock (_lock)
        {
            (_done, _exitCode) = (true, exitCode);
            Change();
        }
    }

    /// <summary>Ends the queue for good: a waiting Receive and each later one gets the error.</summary>
    public void Close(Func<Exception> error)
    {
        lock (_lock)
        {
            _closed ??= error;
            foreach (var item in _items) budget.Remove(item.Bytes.Length);
            _items.Clear();
            Change();
        }
    }

    /// <summary>Makes a waiting Receive end with the error; the output stays.</summary>
    public void Interrupt(Func<Exception> error)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            _receiver++;
            (waiting, _changed) = (_changed, New());
        }
        waiting.TrySetException(error());
        _ = waiting.Task.Exception;
    }

    /// <summary>
    /// Waits for output and takes as much as fits into <paramref name="room"/> bytes. Null when nothing came in time. A Receive that waits
    /// already is aborted: its client has lost the connection, or else asks twice.
    /// </summary>
    public async Task<Taken?> TakeAsync(int room, TimeSpan limit, Func<Exception> superseded, CancellationToken cancellation)
    {
        Interrupt(superseded);
        var deadline = DateTime.UtcNow + limit;
        DateTime? gathered = null;
        long mine;
        lock (_lock) mine = _receiver;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (mine != _receiver) throw superseded();
                if (_closed is not null) throw _closed();
                if (_items.Count > 0 || _done)
                {
                    gathered ??= DateTime.UtcNow + Gathering;
                    if (Complete(room) || DateTime.UtcNow >= gathered) return Take(room);
                }
                else gathered = null;
                changed = _changed.Task;
            }
            var left = (gathered ?? deadline) - DateTime.UtcNow;
            if (gathered is null && left <= TimeSpan.Zero) return null;
            try { await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation); }
            catch (TimeoutException) when (gathered is not null) { /* told with what there is */ }
            catch (TimeoutException) { return null; }
        }
    }

    /// <summary>Puts back what a client did not get.</summary>
    public void PutBack(Taken taken)
    {
        lock (_lock)
        {
            if (_closed is not null) return;
            foreach (var item in taken.Items.Reverse())
            {
                _items.AddFirst(item);
                budget.Add(item.Bytes.Length);
            }
            Change();
        }
    }

    // Nothing that could still come belongs into the same response.
    private bool Complete(int room)
    {
        if (_done) return true;
        foreach (var item in _items)
        {
            room -= OutputBudget.Cost(item.Bytes.Length);
            if (room <= 0 || item.EndsResponse) return true;
        }
        return false;
    }

    private Taken Take(int room)
    {
        var taken = new List<Output>();
        while (_items.First is { } first)
        {
            var item = first.Value;
            var cost = OutputBudget.Cost(item.Bytes.Length);
            if (cost > room && taken.Count > 0) break;
            _items.RemoveFirst();
            if (cost > room)
            {
                // A stream is bytes: what does not fit into this response comes with the next.
                var part = Math.Max(1, OutputBudget.Fitting(room));
                _items.AddFirst(item with { Bytes = item.Bytes[part..] });
                item = new Output(item.Stream, item.Bytes[..part]);
            }
            budget.Remove(item.Bytes.Length);
            taken.Add(item);
            room -= cost;
            if (room <= 0 || item.EndsResponse) break;
        }
        return new(taken, _done && _items.Count == 0, _exitCode);
    }

    private void Change()
    {
        _changed.TrySetResult();
        _changed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
