using System.Diagnostics;

namespace PracticeLab;

/// <summary>sshd on Windows keeps a session's processes in one job and kills them together; here a child follows its parent by watching it.</summary>
internal static class Orphan
{
    /// <summary>Ends this process when the one that started it (ENTRA_LAB_PARENT) is gone. Detached processes have no such variable.</summary>
    public static void WatchParent()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("ENTRA_LAB_PARENT"), out var id)) return;
        Environment.SetEnvironmentVariable("ENTRA_LAB_PARENT", null);
        var thread = new Thread(() =>
        {
            try { Process.GetProcessById(id).WaitForExit(); }
            catch (ArgumentException) { /* gone already */ }
            Environment.Exit(137);
        })
        { IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends this process when its simulated server is gone: whoever closes the lab removes the folder.</summary>
    public static void WatchServer()
    {
        if (Machine.ServerFolder is not { } folder) return;
        var state = Path.Combine(folder, "state.json");
        var thread = new Thread(() =>
        {
            // Replaced as a whole at each change, so for a moment it may not be there.
            for (var missing = 0; missing < 3; missing = File.Exists(state) ? 0 : missing + 1) Thread.Sleep(500);
            Environment.Exit(137);
        })
        { IsBackground = true };
        thread.Start();
    }
}
