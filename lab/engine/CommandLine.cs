using System.Text;

namespace PracticeLab;

/// <summary>What powershell.exe's own arguments ask for; nothing set means the PSRP server.</summary>
internal sealed record CommandLine(string? Script = null, string? File = null, string[]? FileArguments = null, string? Error = null)
{
    private static readonly string[] Flags = ["nologo", "noprofile", "nop", "noninteractive", "noni", "s", "servermode", "sta", "mta"];
    private static readonly string[] WithValue = ["executionpolicy", "ex", "ep", "windowstyle", "w", "version", "inputformat", "outputformat"];

    /// <summary>Reads the switches that Windows PowerShell 5.1 has; an unknown one is an error, as there.</summary>
    public static CommandLine Parse(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].TrimStart('-', '/').ToLowerInvariant();
            if (Flags.Contains(name)) continue;
            if (WithValue.Contains(name)) { i++; continue; }
            var rest = args[(i + 1)..];
            switch (name)
            {
                case "encodedcommand" or "enc" or "e" or "ec" when rest.Length > 0:
                    return Decode(rest[0]);
                case "command" or "c" when rest.Length > 0:
                    return new(Script: string.Join(' ', rest));
                case "file" or "f" when rest.Length > 0:
                    return new(File: rest[0], FileArguments: rest[1..]);
                default:
                    return new(Error: $"'{args[i]}' is not in the practice lab's powershell.exe.");
            }
        }
        return new();
    }

    private static CommandLine Decode(string base64)
    {
        try { return new(Script: Encoding.Unicode.GetString(Convert.FromBase64String(base64))); }
        catch (FormatException) { return new(Error: "The value of -EncodedCommand is not Base64 of UTF-16 text."); }
    }
}
