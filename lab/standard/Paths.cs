using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Join-Path: text only, with Windows' separator; it touches no disk.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), Alias("PSPath")] public string[] Path { get; set; } = [];
    [Parameter(Position = 1, Mandatory = true), AllowNull, AllowEmptyString] public string? ChildPath { get; set; }
    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var parent = path.Replace('/', '\\');
            var child = (ChildPath ?? "").Replace('/', '\\').TrimStart('\\');
            WriteObject(parent.EndsWith('\\') ? parent + child : parent + "\\" + child);
        }
    }
}

/// <summary>Split-Path: text only.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "ParentSet")]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true), Alias("PSPath", "LiteralPath")] public string[] Path { get; set; } = [];
    [Parameter(ParameterSetName = "ParentSet")] public SwitchParameter Parent { get; set; }
    [Parameter(ParameterSetName = "LeafSet")] public SwitchParameter Leaf { get; set; }
    [Parameter(ParameterSetName = "QualifierSet")] public SwitchParameter Qualifier { get; set; }
    [Parameter(ParameterSetName = "NoQualifierSet")] public SwitchParameter NoQualifier { get; set; }
    [Parameter(ParameterSetName = "IsAbsoluteSet")] public SwitchParameter IsAbsolute { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var given in Path)
        {
            var path = given.Replace('/', '\\');
            var trimmed = path.Length > 3 ? path.TrimEnd('\\') : path;
            var cut = trimmed.LastIndexOf('\\');
            var drive = path.IndexOf(':');
            if (IsAbsolute) WriteObject(drive > 0 || path.StartsWith(@"\\", StringComparison.Ordinal));
            else if (Qualifier) WriteObject(drive > 0 ? path[..(drive + 1)] : "");
            else if (NoQualifier) WriteObject(drive > 0 ? path[(drive + 1)..] : path);
            else if (Leaf) WriteObject(cut < 0 ? trimmed : trimmed.Length > cut + 1 ? trimmed[(cut + 1)..] : trimmed);
            else WriteObject(cut < 0 || trimmed.Length <= 3 ? "" : cut == drive + 1 && drive > 0 ? trimmed[..(cut + 1)] : trimmed[..cut]);
        }
    }
}
