using System.Security.Cryptography;
using System.Text;
using PracticeLab.Listener.Host;

namespace PracticeLab.Listener.Security;

/// <summary>The accounts: their passwords in gss-ntlmssp's user file (NTLM_USER_FILE), their groups in the configuration.</summary>
internal sealed class Users(Configuration configuration)
{
    private readonly List<(string Domain, string User, string Password)> _known = Read();

    /// <summary>The identity of an account whose proof was accepted. The name may be `DOMAIN\user`, `user@realm` or `user`.</summary>
    public Identity Identify(string name)
    {
        var (_, user) = Split(name);
        var account = user.ToLowerInvariant();
        var administrator = configuration.Administrators.Contains(account, StringComparer.OrdinalIgnoreCase);
        return new(name, account, administrator, administrator || configuration.RemoteUsers.Contains(account, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Checks a password as Basic authentication brings it; null where it is wrong.</summary>
    public Identity? Check(string name, string password)
    {
        var (domain, user) = Split(name);
        var given = Encoding.UTF8.GetBytes(password);
        var right = _known.Any(known =>
            known.User.Equals(user, StringComparison.OrdinalIgnoreCase) && (domain is null || known.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase))
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known.Password), given));
        return right ? Identify(name) : null;
    }

    private static (string? Domain, string User) Split(string name)
    {
        var backslash = name.IndexOf('\\');
        if (backslash >= 0) return (name[..backslash], name[(backslash + 1)..]);
        var at = name.LastIndexOf('@');
        return at > 0 ? (name[(at + 1)..], name[..at]) : (null, name);
    }

    private static List<(string, string, string)> Read()
    {
        var path = Environment.GetEnvironmentVariable("NTLM_USER_FILE");
        if (string.IsNullOrEmpty(path)) throw new InvalidOperationException("NTLM_USER_FILE names no file: without it nobody can sign in.");
        return [.. File.ReadAllLines(path).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).Select(parts => (parts[0], parts[1], parts[2]))];
    }
}
