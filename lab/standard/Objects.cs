using System.Collections;
using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>New-Object for .NET types and PSObject; COM does not exist in the lab.</summary>
[Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = "Net")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Net")] public string TypeName { get; set; } = "";
    [Parameter(Position = 1, ParameterSetName = "Net"), Alias("Args"), AllowNull] public object?[]? ArgumentList { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Com")] public string? ComObject { get; set; }
    [Parameter] public IDictionary? Property { get; set; }

    private static readonly System.Reflection.MethodInfo Activate = typeof(Activator).GetMethod(nameof(Activator.CreateInstance), [typeof(Type), typeof(object[])])!;

    protected override void BeginProcessing()
    {
        if (ComObject is not null)
            ThrowTerminatingError(new ErrorRecord(new PSNotSupportedException($"The COM object '{ComObject}' is not in the practice lab."), "NoCOMClassIdentified", ErrorCategory.ResourceUnavailable, ComObject));
        if (!LanguagePrimitives.TryConvertTo<Type>(TypeName, out var type))
            ThrowTerminatingError(new ErrorRecord(new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded."), "TypeNotFound", ErrorCategory.InvalidType, TypeName));
        var result = type == typeof(PSObject) || type == typeof(PSCustomObject) ? new PSObject() : PSObject.AsPSObject(Construct(type));
        foreach (DictionaryEntry pair in Property ?? new Hashtable())
        {
            var name = pair.Key.ToString()!;
            if (result.Properties[name] is { } existing) existing.Value = pair.Value;
            else result.Properties.Add(new PSNoteProperty(name, pair.Value));
        }
        WriteObject(result);
    }

    private object Construct(Type type)
    {
        var given = ArgumentList ?? [];
        try
        {
            // The engine's own binder picks the constructor and converts the arguments, as `[type]::new()` does.
            return SessionState.InvokeCommand.InvokeScript("param($t, $a) if ($a.Count) { $t::new.Invoke($a) } else { $t::new() }", false, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, type, given) is [{ } one]
                ? one.BaseObject
                : Activator.CreateInstance(type, given.Select(a => a is PSObject p ? p.BaseObject : a).ToArray())!;
        }
        catch (RuntimeException error)
        {
            ThrowTerminatingError(new ErrorRecord(error.InnerException ?? error, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, type));
            throw;
        }
    }
}

/// <summary>Add-Member, for note, script and alias members.</summary>
[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "TypeNameSet")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)] public PSObject InputObject { get; set; } = null!;
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "MemberSet"), Alias("Type")] public PSMemberTypes MemberType { get; set; }
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "MemberSet")] public string Name { get; set; } = "";
    [Parameter(Position = 2, ParameterSetName = "MemberSet")] public object? Value { get; set; }
    [Parameter(Position = 3, ParameterSetName = "MemberSet")] public object? SecondValue { get; set; }
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet")] public string NotePropertyName { get; set; } = "";
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet"), AllowNull] public object? NotePropertyValue { get; set; }
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertyMultiMemberSet")] public IDictionary NotePropertyMembers { get; set; } = null!;
    [Parameter] public string? TypeName { get; set; }
    [Parameter] public SwitchParameter Force { get; set; }
    [Parameter] public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "NotePropertySingleMemberSet": Add(new PSNoteProperty(NotePropertyName, NotePropertyValue)); break;
            case "NotePropertyMultiMemberSet": foreach (DictionaryEntry pair in NotePropertyMembers) Add(new PSNoteProperty(pair.Key.ToString()!, pair.Value)); break;
            case "MemberSet": Add(Member()); break;
        }
        if (TypeName is not null) InputObject.TypeNames.Insert(0, TypeName);
        if (PassThru || TypeName is not null && PassThru) WriteObject(InputObject);
    }

    private PSMemberInfo Member() => MemberType switch
    {
        PSMemberTypes.NoteProperty => new PSNoteProperty(Name, Value),
        PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, (ScriptBlock)Bare(Value)!, (ScriptBlock?)Bare(SecondValue)),
        PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, (ScriptBlock)Bare(Value)!),
        PSMemberTypes.AliasProperty => new PSAliasProperty(Name, Value!.ToString()!),
        _ => throw new PSNotSupportedException($"A member of type {MemberType} is not in the practice lab."),
    };

    private void Add(PSMemberInfo member)
    {
        if (InputObject.Members[member.Name] is not null)
        {
            if (!Force)
            {
                WriteError(new ErrorRecord(new InvalidOperationException($"Cannot add a member with the name \"{member.Name}\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command."), "MemberAlreadyExists", ErrorCategory.InvalidOperation, InputObject));
                return;
            }
            InputObject.Members.Remove(member.Name);
        }
        InputObject.Members.Add(member);
    }

    private static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}

/// <summary>Get-Member, as flat records.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject { get; set; }
    [Parameter(Position = 0)] public string[] Name { get; set; } = ["*"];
    [Parameter, Alias("Type")] public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;
    private readonly HashSet<string> _seen = [];

    protected override void ProcessRecord()
    {
        if (InputObject is null || !_seen.Add(InputObject.TypeNames[0])) return;
        var patterns = Name.Select(n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToList();
        foreach (var member in InputObject.Members.Where(m => (m.MemberType & MemberType) != 0 && patterns.Any(p => p.IsMatch(m.Name))).OrderBy(m => m.MemberType).ThenBy(m => m.Name))
        {
            var result = new PSObject();
            result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MemberDefinition");
            result.Properties.Add(new PSNoteProperty("TypeName", InputObject.TypeNames[0]));
            result.Properties.Add(new PSNoteProperty("Name", member.Name));
            result.Properties.Add(new PSNoteProperty("MemberType", member.MemberType));
            result.Properties.Add(new PSNoteProperty("Definition", member.ToString()));
            WriteObject(result);
        }
    }
}
