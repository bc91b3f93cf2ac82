using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PracticeLab;

/// <summary>One script in this process: output as lines on standard output, errors on standard error, an exit code.</summary>
internal static class ScriptRun
{
    /// <summary>Runs a real file (the lab's own scripts), so that $PSScriptRoot is set.</summary>
    public static int File(string path, string[] arguments)
    {
        var full = Path.GetFullPath(path);
        if (!System.IO.File.Exists(full))
        {
            Console.Error.WriteLine($"There is no script '{full}'.");
            return 2;
        }
        // Inside a simulated server a file of the real machine has no name, so its text is run instead.
        return Machine.ServerFolder is null
            ? Run(shell => Bind(shell.AddCommand(full), arguments), file: true)
            : Text(System.IO.File.ReadAllText(full), arguments);
    }

    /// <summary>Runs a script of the simulated server, named by its path on that server's drive.</summary>
    public static int SandboxFile(string path, string[] arguments) =>
        Run(shell =>
        {
            // Constrained language has no method but PowerShell's own.
            var text = "(Get-Content -LiteralPath $args[0] -Raw -ErrorAction Stop)";
            if (MalwareProtection.IsOn) text = $"([PracticeLab.MalwareProtection]::Inspect({text}))";
            shell.AddScript($"& ([scriptblock]::Create({text})) @($args | Select-Object -Skip 1)");
            shell.AddArgument(path);
            foreach (var argument in arguments) shell.AddArgument(argument);
        });

    /// <summary>Runs a script text.</summary>
    public static int Text(string script, string[] arguments) => Run(shell => Bind(shell.AddScript(MalwareProtection.Inspect(script)), arguments));

    private static void Bind(PowerShell shell, string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith('-')) shell.AddArgument(arguments[i]);
            else if (i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-')) shell.AddParameter(arguments[i][1..], arguments[++i]);
            else shell.AddParameter(arguments[i][1..]);
        }
    }

    private static int Run(Action<PowerShell> compose, bool file = false)
    {
        if (Machine.ServerFolder is not null) Machine.SayDesktop();
        var host = new ConsoleHost();
        using var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        using (var opening = PowerShell.Create(runspace))
        {
            try { opening.AddScript(SessionSetUp.InitialCommand).Invoke(); }
            catch (RuntimeException error)
            {
                Console.Error.WriteLine((error.InnerException ?? error).Message);
                return 3;
            }
        }
        using var shell = PowerShell.Create(runspace);
        compose(shell);
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, e) => host.UI.WriteLine(output[e.Index]?.ToString() ?? string.Empty);
        shell.Streams.Error.DataAdded += (_, e) => Console.Error.WriteLine(shell.Streams.Error[e.Index].ToString());
        shell.Streams.Warning.DataAdded += (_, e) => Console.Error.WriteLine("WARNING: " + shell.Streams.Warning[e.Index].Message);
        try
        {
            shell.Invoke<PSObject>(null, output);
        }
        catch (RuntimeException error)
        {
            Console.Error.WriteLine(error.ErrorRecord?.ToString() ?? error.Message);
            return host.ExitCode ?? 1;
        }
        // A script file's `exit` only sets $LASTEXITCODE; a script text's goes to the host.
        return host.ExitCode ?? (file ? runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? : null) ?? 0;
    }
}
