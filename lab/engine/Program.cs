// The engine host: what powershell.exe is on a simulated server. A real PowerShell engine, as `-s` (PSRP on standard
// input and output) or running one script in process.
using PracticeLab;

if (Machine.HasRealService())
{
    Console.Error.WriteLine("The practice lab does not start on a machine that has an ADSync service.");
    return 3;
}
Orphan.WatchParent();
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

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
