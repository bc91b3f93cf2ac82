using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Get-Variable.</summary>
[Cmdlet(VerbsCommon.Get, "Variable")]
public sealed class GetVariableCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)] public string[] Name { get; set; } = ["*"];
    [Parameter] public SwitchParameter ValueOnly { get; set; }
    [Parameter] public string? Scope { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var prefix = Scope is "Global" or "Script" or "Local" ? Scope + ":" : "";
            var found = WildcardPattern.ContainsWildcardCharacters(name)
                ? InvokeProvider.Item.Get("variable:" + name).Select(v => v.BaseObject as PSVariable).Where(v => v is not null).ToList()
                : SessionState.PSVariable.Get(prefix + name) is { } one ? [one] : [];
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            foreach (var variable in found) WriteObject(ValueOnly ? variable!.Value : variable);
        }
    }
}

/// <summary>Set-Variable, in the caller's scope unless -Scope names Global or Script.</summary>
[Cmdlet(VerbsCommon.Set, "Variable")]
public sealed class SetVariableCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)] public string[] Name { get; set; } = [];
    [Parameter(Position = 1, ValueFromPipeline = true)] public object? Value { get; set; }
    [Parameter] public string? Scope { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            SessionState.PSVariable.Set((Scope is null ? "" : Scope + ":") + name, Value);
            if (PassThru) WriteObject(SessionState.PSVariable.Get(name));
        }
    }
}

/// <summary>New-Variable.</summary>
[Cmdlet(VerbsCommon.New, "Variable")]
public sealed class NewVariableCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)] public string Name { get; set; } = "";
    [Parameter(Position = 1, ValueFromPipeline = true)] public object? Value { get; set; }
    [Parameter] public ScopedItemOptions Option { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!Force && SessionState.PSVariable.Get("local:" + Name) is not null)
        {
            WriteError(new ErrorRecord(new SessionStateException($"A variable with name '{Name}' already exists."), "VariableAlreadyExists", ErrorCategory.ResourceExists, Name));
            return;
        }
        SessionState.PSVariable.Set(new PSVariable(Name, Value, Option));
    }
}

/// <summary>Remove-Variable.</summary>
[Cmdlet(VerbsCommon.Remove, "Variable")]
public sealed class RemoveVariableCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; } = [];
    [Parameter] public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (SessionState.PSVariable.Get(name) is null)
                WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            else SessionState.PSVariable.Remove(name);
        }
    }
}

/// <summary>Invoke-Expression, in the caller's scope.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public string Command { get; set; } = "";
    protected override void ProcessRecord()
    {
        foreach (var item in InvokeCommand.InvokeScript(useLocalScope: false, InvokeCommand.NewScriptBlock(Command), null)) WriteObject(item);
    }
}
