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
        var given = (ArgumentList ?? []).Select(a => a is PSObject p && p.BaseObject is not PSCustomObject ? p.BaseObject : a).ToArray();
        try
        {
            if (type.IsArray) return Array.CreateInstance(type.GetElementType()!, given.Select(a => LanguagePrimitives.ConvertTo<int>(a)).ToArray());
            if (given.Length == 0) return Activator.CreateInstance(type)!;
            return Fit(type, given) is var (constructor, arguments)
                ? constructor.Invoke(arguments)
                : throw new PSArgumentException($"A constructor was not found. Cannot find an appropriate constructor for type {type.FullName}.");
        }
        catch (Exception error) when (error is System.Reflection.TargetInvocationException or MissingMethodException or PSArgumentException)
        {
            var why = error.InnerException ?? error;
            ThrowTerminatingError(new ErrorRecord(why, "ConstructorInvokedThrowException,Microsoft.PowerShell.Commands.NewObjectCommand", ErrorCategory.InvalidOperation, type));
            throw;
        }
    }

    // The constructor whose parameters take the arguments with the fewest conversions.
    private static (System.Reflection.ConstructorInfo, object?[])? Fit(Type type, object?[] given)
    {
        (System.Reflection.ConstructorInfo, object?[])? best = null;
        var most = -1;
        foreach (var constructor in type.GetConstructors())
        {
            var parameters = constructor.GetParameters();
            if (parameters.Length != given.Length) continue;
            var arguments = new object?[given.Length];
            var exact = 0;
            for (var i = 0; i < given.Length; i++)
            {
                if (given[i] is not null && parameters[i].ParameterType.IsInstanceOfType(given[i])) { arguments[i] = given[i]; exact += parameters[i].ParameterType == typeof(object) ? 1 : 2; }
                else if (LanguagePrimitives.TryConvertTo(given[i], parameters[i].ParameterType, System.Globalization.CultureInfo.InvariantCulture, out var converted)) arguments[i] = converted;
                else { exact = -1; break; }
            }
            if (exact > most) (best, most) = ((constructor, arguments), exact);
        }
        return best;
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
