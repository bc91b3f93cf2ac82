using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PracticeLab.Listener.Host;

/// <summary>A private certificate authority, made fresh for this process; its key never leaves the memory.</summary>
internal sealed class Certificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _authority;

    /// <summary>Makes the authority and a client certificate for <paramref name="user"/>, and writes what clients need into the folder.</summary>
    public Certificates(string folder, string user)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Practice Lab CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(Start, Start.AddDays(7));

        User = user;
        AuthorityFile = Path.Combine(folder, "ca.pem");
        ClientFile = Path.Combine(folder, "client.pem");
        ClientKeyFile = Path.Combine(folder, "client-key.pem");
        Write(AuthorityFile, _authority.ExportCertificatePem());
        using var client = ForClient(user);
        Write(ClientFile, client.ExportCertificatePem());
        using var clientKey = client.GetECDsaPrivateKey()!;
        Write(ClientKeyFile, clientKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The local account that the client certificate stands for (`winrm/config/service/certmapping`).</summary>
    public string User { get; }
    public string AuthorityFile { get; }
    public string ClientFile { get; }
    public string ClientKeyFile { get; }

    private static DateTimeOffset Start { get; } = DateTimeOffset.UtcNow.AddHours(-1);

    /// <summary>A certificate for one simulated server, good for localhost and for its computer name.</summary>
    public X509Certificate2 ForServer(string computerName)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(computerName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return Sign($"CN={computerName}", names, ServerAuthentication);
    }

    /// <summary>The account a client certificate is mapped to; null where the authority didn't issue it for that use, or nothing maps it.</summary>
    public string? Map(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (!chain.Build(certificate)) return null;
        return certificate.GetNameInfo(X509NameType.UpnName, forIssuer: false) == $"{User}@localhost" ? User : null;
    }

    private X509Certificate2 ForClient(string user)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUserPrincipalName($"{user}@localhost");
        return Sign($"CN={user}", names, ClientAuthentication);
    }

    private X509Certificate2 Sign(string subject, SubjectAlternativeNameBuilder names, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x01);
        using var signed = request.Create(_authority, Start, Start.AddDays(6), serial);
        return signed.CopyWithPrivateKey(key);
    }

    private static void Write(string path, string text)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using var writer = new StreamWriter(file);
        writer.Write(text);
    }
}
