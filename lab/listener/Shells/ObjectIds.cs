using System.Buffers.Binary;

namespace PracticeLab.Listener.Shells;

/// <summary>
/// Numbers the objects that go to the client. The engine counts its own; what the listener says itself, at a Connect, takes the
/// next number, and the engine's later objects move up.
/// </summary>
internal sealed class ObjectIds
{
    private readonly Dictionary<ulong, ulong> _open = [];
    private readonly Lock _lock = new();
    private ulong _last;
    private long _added;

    /// <summary>Writes the client's number into each fragment of the engine's, in place.</summary>
    public void Renumber(Memory<byte> bytes, IEnumerable<Fragments.Fragment> fragments)
    {
        lock (_lock)
        {
            foreach (var fragment in fragments)
            {
                if (!_open.TryGetValue(fragment.ObjectId, out var id)) id = (ulong)((long)fragment.ObjectId + _added);
                if (fragment.End) _open.Remove(fragment.ObjectId);
                else _open[fragment.ObjectId] = id;
                _last = Math.Max(_last, id);
                BinaryPrimitives.WriteUInt64BigEndian(bytes.Span[fragment.Offset..], id);
            }
        }
    }

    /// <summary>An object of the engine's is not passed on: the later ones move down.</summary>
    public void Skip()
    {
        lock (_lock) _added--;
    }

    /// <summary>The next number, for a message of the listener's own.</summary>
    public ulong Next()
    {
        lock (_lock)
        {
            _added++;
            return ++_last;
        }
    }
}
