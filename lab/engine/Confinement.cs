using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace PracticeLab;

/// <summary>
/// What a pwsh has beyond the engine host, taken away: real commands, drives, providers, modules and programs. After it nothing in
/// the session has a name that leads to the real machine, and what cannot be taken away keeps the session from opening.
/// </summary>
internal static class Confinement
{
    /// <summary>Core commands that a simulated server keeps: pure, or a way to look at the session itself.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach-Object", "Where-Object", "Out-Default", "Out-Null", "Out-Host", "Get-Command", "Get-Module", "Set-StrictMode", "Get-History", "Clear-History", "Add-History", "Export-ModuleMember",
    };

    private static readonly HashSet<string> OwnProviders = ["Variable", "Function", "Alias", "Environment"];

    /// <summary>Closes the session of <paramref name="engine"/>.</summary>
    /// <exception cref="InvalidOperationException">Something that leads out is still there.</exception>
    public static void Close(EngineIntrinsics engine)
    {
        // The sync engine's module comes later, when a script asks for it: its files are read while there is still a way to them.
        engine.InvokeCommand.InvokeScript("& (Microsoft.PowerShell.Core\\Get-Module -Name simulation) { Initialize-LabModules }");
        var state = Internal(engine);
        engine.SessionState.Applications.Clear();
        engine.SessionState.Scripts.Clear();
        RemoveDrives(engine, state);
        RemoveCommands(engine, state);
        foreach (var cmdlet in engine.InvokeCommand.GetCmdlets())
            if (!IsKept(cmdlet)) throw Refused($"the command '{cmdlet.Name}' of '{cmdlet.Source}' is still there");
        foreach (var drive in engine.SessionState.Drive.GetAll())
            if (!OwnProviders.Contains(drive.Provider.Name)) throw Refused($"the drive '{drive.Name}' is still there");
        foreach (var provider in engine.SessionState.Provider.GetAll())
            if (!OwnProviders.Contains(provider.Name)) throw Refused($"the provider '{provider.Name}' is still there");
    }

    private static void RemoveCommands(EngineIntrinsics engine, object state)
    {
        var remove = Method(state, "RemoveCmdletEntry", typeof(string), typeof(bool));
        foreach (var name in engine.InvokeCommand.GetCmdlets().Where((cmdlet) => !IsKept(cmdlet)).Select((cmdlet) => cmdlet.Name).Distinct().ToList())
            remove.Invoke(state, [name, true]);
    }

    private static void RemoveDrives(EngineIntrinsics engine, object state)
    {
        // A place that exists whatever the machine: the current one may not be a real drive's.
        engine.SessionState.Path.SetLocation("Variable:\\");
        foreach (var drive in engine.SessionState.Drive.GetAll().Where((drive) => !OwnProviders.Contains(drive.Provider.Name)).ToList())
            engine.SessionState.Drive.Remove(drive.Name, force: true, "Global");
        if (state.GetType().GetProperty("Providers", Hidden)?.GetValue(state) is not IDictionary providers) throw Refused("this PowerShell does not tell its providers");
        foreach (var name in providers.Keys.Cast<string>().Where((name) => !OwnProviders.Contains(name)).ToList()) providers.Remove(name);
    }

    private static bool IsKept(CmdletInfo cmdlet) =>
        cmdlet.ImplementingType.Assembly == typeof(SessionSetUp).Assembly || (cmdlet.ModuleName == "Microsoft.PowerShell.Core" && Kept.Contains(cmdlet.Name));

    private static InvalidOperationException Refused(string why) => new($"The practice lab refuses to open a session: {why}.");

    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static object Internal(EngineIntrinsics engine) =>
        typeof(SessionState).GetProperty("Internal", Hidden)?.GetValue(engine.SessionState) ?? throw Refused("this PowerShell does not let its session be closed");

    private static MethodInfo Method(object of, string name, params Type[] parameters) =>
        of.GetType().GetMethod(name, Hidden, parameters) ?? throw Refused($"this PowerShell has no {name}");
}
