using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;

namespace PracticeLab.Listener.Security;

/// <summary>
/// Encrypts the bodies of one authenticated connection (MS-WSMV 2.2.9.1): an int32 header length, the security token's header, then
/// as many bytes as the plain text has. Messages have sequence numbers: whatever is wrapped must be sent, in order.
/// </summary>
internal sealed class MessageSeal
{
    private const int NtlmHeader = 16;
    /// <summary>AES with HMAC-SHA1: 16 bytes of token header, 16 of confounder, 16 of encrypted token header, 12 of checksum (RFC 4121 4.2.4).</summary>
    private const int KerberosHeader = 60;
    /// <summary>How far Windows rotates what follows the token header, so that the data comes last (MS-KILE 3.4.5.4.1).</summary>
    private const int KerberosRotation = 28;
    private const int TokenHeader = 16;
    private readonly NegotiateAuthentication _exchange;
    private readonly bool _kerberos;

    private MessageSeal(NegotiateAuthentication exchange, bool kerberos, string protocol)
    {
        _exchange = exchange;
        _kerberos = kerberos;
        Protocol = protocol;
    }

    /// <summary>The MIME protocol that both sides name.</summary>
    public string Protocol { get; }

    /// <summary>The seal of a completed exchange; null where the client asked for no encryption.</summary>
    public static MessageSeal? Create(NegotiateAuthentication exchange, string scheme) =>
        !exchange.IsEncrypted ? null : new MessageSeal(exchange, exchange.Package == "Kerberos",
            scheme == "Kerberos" ? "application/HTTP-Kerberos-session-encrypted" : "application/HTTP-SPNEGO-session-encrypted");

    /// <summary>Decrypts and verifies one message. Throws InvalidDataException where the token isn't what Windows accepts.</summary>
    public byte[] Open(ReadOnlySpan<byte> body)
    {
        if (body.Length < sizeof(int)) throw new InvalidDataException("The sealed part is shorter than its length field.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(body);
        var token = body[sizeof(int)..];
        if (length != (_kerberos ? KerberosHeader : NtlmHeader)) throw new InvalidDataException($"A header of {length} bytes is not one of this security package.");
        if (token.Length < length) throw new InvalidDataException("The sealed part is shorter than its header.");
        if (_kerberos && BinaryPrimitives.ReadUInt16BigEndian(token[6..]) != KerberosRotation)
            throw new InvalidDataException($"The token is rotated by {BinaryPrimitives.ReadUInt16BigEndian(token[6..])}, so that its data is not in the data part.");
        var plain = new ArrayBufferWriter<byte>(token.Length);
        var status = _exchange.Unwrap(token, plain, out var encrypted);
        if (status != NegotiateAuthenticationStatusCode.Completed) throw new InvalidDataException($"The signature or the sequence number is wrong ({status}).");
        if (!encrypted) throw new InvalidDataException("The message is signed only.");
        return plain.WrittenSpan.ToArray();
    }

    /// <summary>Encrypts one message.</summary>
    public byte[] Close(ReadOnlySpan<byte> plain)
    {
        var token = new ArrayBufferWriter<byte>(plain.Length + KerberosHeader);
        var status = _exchange.Wrap(plain, token, requestEncryption: true, out var encrypted);
        if (status != NegotiateAuthenticationStatusCode.Completed || !encrypted) throw new InvalidOperationException($"The security package did not encrypt ({status}).");
        var sealedBody = new byte[sizeof(int) + token.WrittenCount];
        BinaryPrimitives.WriteInt32LittleEndian(sealedBody, _kerberos ? KerberosHeader : NtlmHeader);
        token.WrittenSpan.CopyTo(sealedBody.AsSpan(sizeof(int)));
        if (_kerberos) Rotate(sealedBody.AsSpan(sizeof(int)));
        return sealedBody;
    }

    // GSS-API leaves the encrypted token header and the checksum at the end (RRC 0); Windows wants them in front of the data.
    private static void Rotate(Span<byte> token)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(token[6..]) != 0) throw new InvalidOperationException("GSS-API rotated the token itself.");
        BinaryPrimitives.WriteUInt16BigEndian(token[6..], KerberosRotation);
        var rest = token[TokenHeader..];
        var turned = new byte[rest.Length];
        rest[^KerberosRotation..].CopyTo(turned);
        rest[..^KerberosRotation].CopyTo(turned.AsSpan(KerberosRotation));
        turned.CopyTo(rest);
    }
}
