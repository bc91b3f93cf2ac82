using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PracticeLab.Listener.Security;

/// <summary>The body around an encrypted message (MS-WSMV 2.2.9.1): looks like MIME multipart, and is not.</summary>
internal static partial class SealedBody
{
    private const string Boundary = "--Encrypted Boundary";
    private const string Original = "application/soap+xml;charset=UTF-8";

    /// <summary>True where the Content-Type says that the body is encrypted.</summary>
    public static bool IsSealed(string? contentType) => contentType is not null && contentType.StartsWith("multipart/encrypted", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the Content-Type names this protocol.</summary>
    public static bool Names(string contentType, string protocol) => contentType.Contains($"protocol=\"{protocol}\"", StringComparison.OrdinalIgnoreCase);

    public static string ContentType(string protocol) => $"multipart/encrypted;protocol=\"{protocol}\";boundary=\"Encrypted Boundary\"";

    /// <summary>Takes a request's body apart and decrypts it. Throws InvalidDataException where it isn't as the specification says.</summary>
    public static byte[] Open(ReadOnlySpan<byte> body, MessageSeal seal)
    {
        var closing = Encoding.ASCII.GetBytes($"{Boundary}--");
        var tail = body.TrimEnd("\r\n"u8);
        if (!tail.EndsWith(closing)) throw new InvalidDataException("The body doesn't end with its boundary.");
        var octets = "\tContent-Type: application/octet-stream\r\n"u8;
        var start = body.IndexOf(octets);
        if (start < 0) throw new InvalidDataException("The body has no octet stream.");
        var head = HeadPattern().Match(Encoding.ASCII.GetString(body[..start]));
        if (!head.Success) throw new InvalidDataException("The body's first part is not as MS-WSMV 2.2.9.1 says.");
        if (!head.Groups["protocol"].Value.Equals(seal.Protocol, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"The body's protocol is {head.Groups["protocol"].Value}, this connection's is {seal.Protocol}.");
        var plain = seal.Open(tail[(start + octets.Length)..^closing.Length]);
        if (plain.Length != int.Parse(head.Groups["length"].Value, CultureInfo.InvariantCulture)) throw new InvalidDataException("The length that the body names is not the message's.");
        return plain;
    }

    /// <summary>Encrypts a response and puts it into its frame.</summary>
    public static byte[] Close(ReadOnlySpan<byte> plain, MessageSeal seal)
    {
        var head = $"{Boundary}\r\n\tContent-Type: {seal.Protocol}\r\n\tOriginalContent: type={Original};Length={plain.Length}\r\n{Boundary}\r\n\tContent-Type: application/octet-stream\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. seal.Close(plain), .. Encoding.ASCII.GetBytes($"{Boundary}--\r\n")];
    }

    [GeneratedRegex(@"\A-- ?Encrypted Boundary\r\n\s*Content-Type: (?<protocol>[^\r\n]+)\r\n\s*OriginalContent: type=application/soap\+xml; ?charset=(UTF-8|utf-8);Length=(?<length>[0-9]{1,9})\r\n-- ?Encrypted Boundary\r\n\z")]
    private static partial Regex HeadPattern();
}
