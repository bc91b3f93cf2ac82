using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace PracticeLab;

/// <summary>
/// The lines of the out-of-process framing that carry a pipeline's scripts (CREATE_PIPELINE, MS-PSRP 2.2.2.10). Each line is acknowledged
/// before the next is sent, so none can be held back: a byte of the message goes on in its place, and all of the rest, as it came or with
/// other scripts in it, in place of the last one. Everything else passes.
/// </summary>
internal sealed class ScriptMessages
{
    private const int CreatePipeline = 0x00021006;
    /// <summary>Of a fragment (MS-PSRP 2.2.4): object id, fragment id, flags, length of the blob.</summary>
    private const int FragmentHeader = 21;
    /// <summary>Of a message (MS-PSRP 2.2.1): destination, type, ids of the pool and of the pipeline.</summary>
    private const int MessageHeader = 40;
    private static readonly Regex Packet = new("^(<Data Stream='[^']*' PSGuid='([^']*)'>)([^<]*)</Data>$", RegexOptions.Compiled);

    private readonly Func<string, string> _inspect;
    private readonly Dictionary<string, Held> _held = [];

    /// <param name="inspect">A script, or what is to run in its place.</param>
    public ScriptMessages(Func<string, string> inspect) => _inspect = inspect;

    /// <summary>The line that goes on in place of <paramref name="line"/>.</summary>
    public string Pass(string line)
    {
        var packet = Packet.Match(line);
        if (!packet.Success) return line;
        var bytes = Convert.FromBase64String(packet.Groups[3].Value);
        var pipeline = packet.Groups[2].Value;
        if (!_held.TryGetValue(pipeline, out var held))
        {
            if (!BeginsPipeline(bytes)) return line;
            _held[pipeline] = held = new(bytes[..8]);
        }
        var isWhole = held.Take(bytes, out var taken);
        if (isWhole) _held.Remove(pipeline);
        // What else is in the packet, a pipeline's input, comes after it.
        byte[] passed = [.. isWhole ? held.Last(Judge) : held.Next(), .. bytes.AsSpan(taken)];
        return $"{packet.Groups[1].Value}{Convert.ToBase64String(passed)}</Data>";
    }

    private static bool BeginsPipeline(byte[] bytes) =>
        bytes.Length >= FragmentHeader + MessageHeader && (bytes[16] & 1) != 0 && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(FragmentHeader + 4)) == CreatePipeline;

    /// <summary>The CLIXML of the message, or the same with other scripts in it; its first bytes are the same.</summary>
    private byte[] Judge(byte[] clixml)
    {
        var mark = clixml.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var document = XDocument.Parse(Encoding.UTF8.GetString(clixml, mark, clixml.Length - mark), LoadOptions.PreserveWhitespace);
        var changed = false;
        foreach (var command in document.Descendants().Where((element) => element.Attribute("N")?.Value == "Cmd" && element.Name.LocalName == "S"))
        {
            if (command.Parent?.Elements().Any((element) => element.Attribute("N")?.Value == "IsScript" && element.Value == "true") != true) continue;
            // CLIXML writes line breaks and the like as _x000A_ (MS-PSRP 2.2.5.3.2).
            var script = XmlConvert.DecodeName(command.Value);
            var instead = _inspect(script);
            if (instead == script) continue;
            command.Value = instead;
            changed = true;
        }
        return changed ? [.. clixml[..mark], .. Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting))] : clixml;
    }

    /// <summary>A message of which fragments have come.</summary>
    private sealed class Held(byte[] objectId)
    {
        private long _sent;

        public MemoryStream Message { get; } = new();

        /// <summary>Takes a packet's fragments, up to the message's last one; true once that is there.</summary>
        public bool Take(byte[] bytes, out int taken)
        {
            var isWhole = false;
            for (taken = 0; !isWhole && taken + FragmentHeader <= bytes.Length;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(taken + 17));
                Message.Write(bytes, taken + FragmentHeader, length);
                isWhole = (bytes[taken + 16] & 2) != 0;
                taken += FragmentHeader + length;
            }
            return isWhole;
        }

        /// <summary>A fragment with the next byte of the CLIXML.</summary>
        public byte[] Next() => Fragment(Message.ToArray().AsSpan(MessageHeader + (int)_sent, 1), isLast: false);

        /// <summary>The fragment with all of the rest.</summary>
        public byte[] Last(Func<byte[], byte[]> judge) => Fragment(judge(Message.ToArray()[MessageHeader..]).AsSpan((int)_sent), isLast: true);

        /// <summary>The first fragment brings the message's header.</summary>
        private byte[] Fragment(ReadOnlySpan<byte> part, bool isLast)
        {
            byte[] blob = _sent == 0 ? [.. Message.ToArray().AsSpan(0, MessageHeader), .. part] : part.ToArray();
            var fragment = new byte[FragmentHeader + blob.Length];
            objectId.CopyTo(fragment, 0);
            BinaryPrimitives.WriteInt64BigEndian(fragment.AsSpan(8), _sent);
            fragment[16] = (byte)((_sent == 0 ? 1 : 0) | (isLast ? 2 : 0));
            BinaryPrimitives.WriteInt32BigEndian(fragment.AsSpan(17), blob.Length);
            blob.CopyTo(fragment, FragmentHeader);
            _sent++;
            return fragment;
        }
    }
}
