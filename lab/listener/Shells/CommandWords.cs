using System.Text;

namespace PracticeLab.Listener.Shells;

/// <summary>A Windows command line, taken apart as a C program's arguments are, without escaped quotes.</summary>
internal static class CommandWords
{
    public static string[] Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quoted, begun) = (false, false);
        foreach (var character in line)
        {
            if (character == '"') (quoted, begun) = (!quoted, true);
            else if (!quoted && char.IsWhiteSpace(character))
            {
                if (begun) words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(character);
                begun = true;
            }
        }
        if (begun) words.Add(word.ToString());
        return [.. words];
    }

    public static bool IsPowerShell(string program)
    {
        var name = program[(program.LastIndexOfAny(['\\', '/']) + 1)..].ToLowerInvariant();
        return name is "powershell" or "powershell.exe";
    }

    public static bool IsEncodedCommand(string argument) => argument.TrimStart('-', '/').ToLowerInvariant() is "encodedcommand" or "enc" or "e" or "ec";
}
