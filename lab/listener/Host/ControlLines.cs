namespace PracticeLab.Listener.Host;

/// <summary>What whoever started the listener may tell it on standard input; each line is answered with `ok` or with what is wrong.</summary>
internal static class ControlLines
{
    /// <summary>Follows the lines until they end. `drop [NAME]` breaks the connections of all servers, or of one; `requests [NAME]` tells how many they had.</summary>
    public static async Task FollowAsync(IReadOnlyList<ServerListener> listeners)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            var chosen = listeners.Where(listener => words.Length < 2 || listener.Name == words[1]).ToList();
            if (words is ["requests", ..] && chosen.Count > 0)
            {
                Console.Out.WriteLine(chosen.Sum(listener => listener.Requests));
                continue;
            }
            if (words is not ["drop", ..] || chosen.Count == 0)
            {
                Console.Out.WriteLine($"unknown: {line}");
                continue;
            }
            foreach (var listener in chosen) listener.DropConnections();
            Console.Out.WriteLine("ok");
        }
    }
}
