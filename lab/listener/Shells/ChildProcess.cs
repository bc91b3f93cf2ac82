using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PracticeLab.Listener.Shells;

/// <summary>Starts a simulated server's programs as the leader of a process group, which stands for the job that Windows puts a shell's processes into.</summary>
internal static partial class ChildProcess
{
    private const int Sigkill = 9;

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["ENTRA_LAB_PARENT"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Kills the whole group. One that is gone is no error.</summary>
    public static void Kill(Process leader)
    {
        _ = KillGroup(-leader.Id, Sigkill);
        try { leader.Kill(); }
        catch (InvalidOperationException) { /* gone already */ }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillGroup(int pid, int signal);
}
