using System.Management.Automation;

namespace PracticeLab;

/// <summary>What every runspace goes through before anyone may use it.</summary>
public static class SessionSetUp
{
    /// <summary>The script that opens a runspace: it only calls <see cref="Open"/>.</summary>
    public const string InitialCommand = "& { $ErrorActionPreference = 'Stop'; [PracticeLab.SessionSetUp]::Open($ExecutionContext) }";

    /// <summary>
    /// Loads module <c>standard</c>, and inside a simulated server module <c>simulation</c> after it, then closes every
    /// way from a command's name to the real machine.
    /// </summary>
    /// <exception cref="InvalidOperationException">A name of the simulation resolves to something else.</exception>
    public static void Open(EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var session = engine.SessionState;
        session.PSVariable.Set("PSModuleAutoLoadingPreference", "None");
        Import(engine, "Import-Module -Assembly $args[0] -Global -DisableNameChecking -ErrorAction Stop", typeof(Standard.WriteOutputCommand).Assembly);
        if (Machine.ServerFolder is null) return;
        Environment.SetEnvironmentVariable("PSModulePath", string.Empty);
        Import(engine, "Import-Module -Name $args[0] -Global -DisableNameChecking -ErrorAction Stop", Path.Combine(Machine.ModuleFolder, "simulation", "simulation.psm1"));
        var constrained = engine.InvokeCommand.InvokeScript("& (Get-Module -Name simulation) { (Get-LabState).variants.constrainedLanguage }");
        Guard.Close(engine);
        if (Machine.IsHosted) Confinement.Close(engine);
        if (constrained.Count > 0 && LanguagePrimitives.IsTrue(constrained[0])) session.LanguageMode = PSLanguageMode.ConstrainedLanguage;
    }

    private static void Import(EngineIntrinsics engine, string script, object argument) =>
        engine.InvokeCommand.InvokeScript(script, useNewScope: false, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, argument);
}
