namespace PracticeLab;

/// <summary>
/// What powershell.exe is on a simulated server: a real PowerShell engine, as `-s` (PSRP on standard input and output) or running
/// one script in process. It is either a program of its own or loaded into somebody's pwsh.
/// </summary>
public static class EngineHost
{
    /// <summary>Does what the arguments of powershell.exe ask for, or `run FILE.ps1 …`; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (Machine.HasRealService())
        {
            Console.Error.WriteLine(Machine.RealServiceRefusal);
            return 3;
        }
        Orphan.WatchParent();
        if (Machine.IsHosted) Orphan.WatchServer();
        if (args.Length > 0 && args[0] == "run")
        {
            if (args.Length < 2)
            {
                Console.Error.WriteLine("Usage: practice-engine run FILE.ps1 [-Name value …]");
                return 2;
            }
            return ScriptRun.File(args[1], args[2..]);
        }
        return CommandLine.Parse(args) switch
        {
            { Error: { } message } => Fail(message),
            { Script: { } script } => ScriptRun.Text(script, []),
            { File: { } file, FileArguments: { } rest } => ScriptRun.SandboxFile(file, rest),
            _ => Server.Run(),
        };
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
