using System.Management.Automation;
using System.Management.Automation.Language;

namespace PracticeLab;

/// <summary>Keeps a session inside its simulated server: no program, script file or module of the real machine has a name there.</summary>
internal static class Guard
{
    private const string Module = "simulation";

    /// <summary>Checks that the simulation won every one of its names, then refuses whatever else a name could reach.</summary>
    public static void Close(EngineIntrinsics engine)
    {
        var loaded = engine.InvokeCommand.InvokeScript("Get-Module -Name simulation").FirstOrDefault()?.BaseObject as PSModuleInfo
            ?? throw new InvalidOperationException("The practice lab refuses to open a session: the module 'simulation' did not load.");
        if (loaded.ExportedFunctions.Count == 0) throw new InvalidOperationException("The practice lab refuses to open a session: the module 'simulation' exports nothing.");
        foreach (var name in loaded.ExportedFunctions.Keys)
        {
            var found = engine.InvokeCommand.GetCommand(name, CommandTypes.All);
            var target = found is AliasInfo alias ? alias.ResolvedCommand : found;
            if (target is not FunctionInfo { ModuleName: Module })
                throw new InvalidOperationException($"The practice lab refuses to open a session: '{name}' is {target?.CommandType.ToString() ?? "nothing"} of '{target?.Source}', not the simulation's.");
        }
        // The real machine's programs are not even listed.
        Environment.SetEnvironmentVariable("PATH", @"C:\Windows\System32");
        engine.InvokeCommand.CommandNotFoundAction = (_, e) => Refuse(e);
        engine.InvokeCommand.PostCommandLookupAction = (_, e) =>
        {
            if (e.Command is ApplicationInfo or ExternalScriptInfo) Refuse(e);
        };
    }

    // A name that is neither a command of the session nor a program of the simulated server ends in the simulation's own refusal.
    private static void Refuse(CommandLookupEventArgs e)
    {
        var name = e.CommandName;
        // PowerShell looks up get-NAME on its own after NAME; only the name that was written is worth an answer.
        if (name.StartsWith("get-", StringComparison.Ordinal)) return;
        e.CommandScriptBlock = ScriptBlock.Create($"Invoke-LabProgram -LabName '{CodeGeneration.EscapeSingleQuotedStringContent(name)}' -LabArguments $args");
        e.StopSearch = true;
    }
}
