using System.Buffers.Binary;
using System.Text;

namespace PracticeLab.Listener.Shells;

/// <summary>MS-PSRP fragments (2.2.4) and message headers (2.2.1), as far as a listener has to look into them.</summary>
internal static class Fragments
{
    public const uint SessionCapability = 0x00010002;
    public const uint InitRunspacePool = 0x00010004;
    public const uint ConnectRunspacePool = 0x00010008;
    public const uint ApplicationPrivateData = 0x00021009;
    public const uint RunspacePoolInitData = 0x0002100B;
    public const uint PipelineState = 0x00041006;
    private const int HeaderSize = 21;
    private const int MessageHeaderSize = 40;
    private const byte StartFlag = 1;
    private const byte EndFlag = 2;

    /// <summary>One fragment: where it starts in its bytes, and what its header says.</summary>
    internal readonly record struct Fragment(int Offset, ulong ObjectId, ulong FragmentId, bool Start, bool End, ReadOnlyMemory<byte> Blob)
    {
        public int Size => HeaderSize + Blob.Length;
    }

    /// <summary>A message: its type, the pool it belongs to, and its text.</summary>
    internal sealed record Message(uint Type, Guid Pool, ReadOnlyMemory<byte> Whole)
    {
        public string Text => Encoding.UTF8.GetString(Whole.Span[MessageHeaderSize..]).TrimStart('\uFEFF');
    }

    /// <summary>Takes bytes apart into whole fragments. Throws InvalidDataException where they aren't.</summary>
    public static List<Fragment> Split(ReadOnlyMemory<byte> bytes)
    {
        var fragments = new List<Fragment>();
        for (var offset = 0; offset < bytes.Length;)
        {
            var rest = bytes[offset..];
            if (rest.Length < HeaderSize) throw new InvalidDataException("A fragment's header is cut off.");
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span[17..]);
            if (length > rest.Length - HeaderSize) throw new InvalidDataException("A fragment is cut off.");
            var flags = rest.Span[16];
            var fragment = new Fragment(offset, BinaryPrimitives.ReadUInt64BigEndian(rest.Span), BinaryPrimitives.ReadUInt64BigEndian(rest.Span[8..]),
                (flags & StartFlag) != 0, (flags & EndFlag) != 0, rest.Slice(HeaderSize, (int)length));
            fragments.Add(fragment);
            offset += fragment.Size;
        }
        return fragments;
    }

    /// <summary>Puts messages together from fragments that hold them completely. Throws InvalidDataException where they don't.</summary>
    public static List<Message> Messages(ReadOnlyMemory<byte> bytes)
    {
        var messages = new List<Message>();
        var whole = new List<byte>();
        foreach (var fragment in Split(bytes))
        {
            if (fragment.Start) whole.Clear();
            whole.AddRange(fragment.Blob.Span);
            if (fragment.End) messages.Add(Read(whole.ToArray()));
        }
        return messages;
    }

    /// <summary>Reads a message's header. Throws InvalidDataException where it is too short.</summary>
    public static Message Read(ReadOnlyMemory<byte> whole)
    {
        if (whole.Length < MessageHeaderSize) throw new InvalidDataException("A message's header is cut off.");
        return new(BinaryPrimitives.ReadUInt32LittleEndian(whole.Span[4..]), new Guid(whole.Span.Slice(8, 16)), whole);
    }

    /// <summary>The type of the message that a fragment begins; 0 where it doesn't begin one.</summary>
    public static uint TypeOf(Fragment fragment) => fragment.Start && fragment.Blob.Length >= MessageHeaderSize ? BinaryPrimitives.ReadUInt32LittleEndian(fragment.Blob.Span[4..]) : 0;

    /// <summary>A whole message in one fragment.</summary>
    public static byte[] Pack(ulong objectId, ReadOnlySpan<byte> message)
    {
        var packed = new byte[HeaderSize + message.Length];
        BinaryPrimitives.WriteUInt64BigEndian(packed, objectId);
        packed[16] = StartFlag | EndFlag;
        BinaryPrimitives.WriteUInt32BigEndian(packed.AsSpan(17), (uint)message.Length);
        message.CopyTo(packed.AsSpan(HeaderSize));
        return packed;
    }

    /// <summary>A server's message to the client, for the pool itself.</summary>
    public static byte[] ServerMessage(uint type, Guid pool, string text)
    {
        var body = Encoding.UTF8.GetBytes('\uFEFF' + text);
        var message = new byte[MessageHeaderSize + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), type);
        pool.TryWriteBytes(message.AsSpan(8));
        body.CopyTo(message, MessageHeaderSize);
        return message;
    }
}
