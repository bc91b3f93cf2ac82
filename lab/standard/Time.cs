using System.Globalization;
using System.Management.Automation;

namespace PracticeLab.Standard;

/// <summary>Get-Date.</summary>
[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = "net")]
public sealed class GetDateCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)] public DateTime? Date { get; set; }
    [Parameter] public int Year { get; set; }
    [Parameter] public int Month { get; set; }
    [Parameter] public int Day { get; set; }
    [Parameter] public int Hour { get; set; } = -1;
    [Parameter] public int Minute { get; set; } = -1;
    [Parameter] public int Second { get; set; } = -1;
    [Parameter] public int Millisecond { get; set; } = -1;
    [Parameter(ParameterSetName = "net")] public string? Format { get; set; }
    [Parameter(ParameterSetName = "UFormat")] public string? UFormat { get; set; }

    protected override void ProcessRecord()
    {
        var at = Date ?? DateTime.Now;
        at = new DateTime(Year > 0 ? Year : at.Year, Month > 0 ? Month : at.Month, Day > 0 ? Day : at.Day,
            Hour >= 0 ? Hour : at.Hour, Minute >= 0 ? Minute : at.Minute, Second >= 0 ? Second : at.Second, at.Kind)
            .AddTicks(Millisecond >= 0 ? Millisecond * TimeSpan.TicksPerMillisecond : at.Ticks % TimeSpan.TicksPerSecond);
        if (Format is not null) WriteObject(at.ToString(Format, CultureInfo.CurrentCulture));
        else if (UFormat is not null) WriteObject(Unix(at, UFormat));
        else WriteObject(at);
    }

    private static string Unix(DateTime at, string format)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length) { text.Append(format[i]); continue; }
            text.Append(format[++i] switch
            {
                'Y' => at.ToString("yyyy", CultureInfo.InvariantCulture), 'm' => at.ToString("MM", CultureInfo.InvariantCulture),
                'd' => at.ToString("dd", CultureInfo.InvariantCulture), 'H' => at.ToString("HH", CultureInfo.InvariantCulture),
                'M' => at.ToString("mm", CultureInfo.InvariantCulture), 'S' => at.ToString("ss", CultureInfo.InvariantCulture),
                's' => (at.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds.ToString(CultureInfo.InvariantCulture),
                var other => "%" + other,
            });
        }
        return text.ToString();
    }
}

/// <summary>New-TimeSpan.</summary>
[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Date")]
public sealed class NewTimeSpanCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Date"), Alias("LastWriteTime")] public DateTime? Start { get; set; }
    [Parameter(Position = 1, ParameterSetName = "Date")] public DateTime? End { get; set; }
    [Parameter(ParameterSetName = "Time")] public int Days { get; set; }
    [Parameter(ParameterSetName = "Time")] public int Hours { get; set; }
    [Parameter(ParameterSetName = "Time")] public int Minutes { get; set; }
    [Parameter(ParameterSetName = "Time")] public int Seconds { get; set; }
    protected override void ProcessRecord() => WriteObject(ParameterSetName == "Time"
        ? new TimeSpan(Days, Hours, Minutes, Seconds)
        : (End ?? DateTime.Now) - (Start ?? DateTime.Now));
}

/// <summary>Start-Sleep; a pipeline stop ends it at once.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Seconds"), ValidateRange(0, 2147483)] public int Seconds { get; set; }
    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds"), Alias("ms"), ValidateRange(0, int.MaxValue)] public int Milliseconds { get; set; }
    private readonly ManualResetEventSlim _stop = new();
    protected override void ProcessRecord() => _stop.Wait(ParameterSetName == "Seconds" ? Seconds * 1000 : Milliseconds);
    protected override void StopProcessing() => _stop.Set();
    public void Dispose() => _stop.Dispose();
}
