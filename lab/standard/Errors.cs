using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Write-Error, with 5.1's ids and targets.</summary>
[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException"), Alias("Msg"), AllowNull, AllowEmptyString]
    public string? Message { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "WithException")] public Exception? Exception { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "ErrorRecord")] public ErrorRecord? ErrorRecord { get; set; }
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")] public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")] public string? ErrorId { get; set; }
    [Parameter(ParameterSetName = "NoException"), Parameter(ParameterSetName = "WithException")] public object? TargetObject { get; set; }
    [Parameter] public string? RecommendedAction { get; set; }
    [Parameter, Alias("Activity")] public string? CategoryActivity { get; set; }
    [Parameter, Alias("Reason")] public string? CategoryReason { get; set; }
    [Parameter, Alias("TargetName")] public string? CategoryTargetName { get; set; }
    [Parameter, Alias("TargetType")] public string? CategoryTargetType { get; set; }

    protected override void ProcessRecord()
    {
        var record = ErrorRecord is not null
            ? new ErrorRecord(ErrorRecord, null)
            : new ErrorRecord(Exception ?? new WriteErrorException(Message ?? ""), ErrorId ?? "Microsoft.PowerShell.Commands.WriteErrorException", Category, TargetObject);
        if (ErrorRecord is null && Exception is not null && Message is not null) record.ErrorDetails = new ErrorDetails(Message);
        if (RecommendedAction is not null)
        {
            record.ErrorDetails ??= new ErrorDetails(record.Exception.Message);
            record.ErrorDetails.RecommendedAction = RecommendedAction;
        }
        if (CategoryActivity is not null) record.CategoryInfo.Activity = CategoryActivity;
        if (CategoryReason is not null) record.CategoryInfo.Reason = CategoryReason;
        if (CategoryTargetName is not null) record.CategoryInfo.TargetName = CategoryTargetName;
        if (CategoryTargetType is not null) record.CategoryInfo.TargetType = CategoryTargetType;
        if (GetVariableValue("MyInvocation") is InvocationInfo caller) typeof(ErrorRecord).GetMethod("SetInvocationInfo", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)?.Invoke(record, [caller]);
        WriteError(record);
    }
}

/// <summary>What Write-Error makes of a bare message; the name shows in the error's id.</summary>
public sealed class WriteErrorException(string message) : SystemException(message);
