using System.Management.Automation;
using System.Security;
using System.Text;

namespace PracticeLab.Standard.Events;

/// <summary>One insertion value, as System.Diagnostics.Eventing.Reader.EventProperty shows it.</summary>
public sealed record EventProperty(object Value);

/// <summary>What Get-WinEvent gives: the members of System.Diagnostics.Eventing.Reader.EventLogRecord that scripts use.</summary>
public sealed class EventLogRecord
{
    private readonly LogRow _row;
    private readonly EventTexts _texts;
    private EventProperty[]? _properties;

    public EventLogRecord(LogRow row, EventTexts texts, string machineName)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(texts);
        _row = row;
        _texts = texts;
        MachineName = machineName;
        // Get-WinEvent formats every record when it reads it.
        try { Message = texts.Format(row); }
        catch (InvalidOperationException problem) { Problem = problem.Message; }
    }

    public string? Message { get; }
    public int Id => _row.Id;
    public byte? Version => null;
    public int? Qualifiers => 16384;
    public byte? Level => (byte)_row.Level;
    public int? Task => 0;
    public short? Opcode => null;
    public long? Keywords => 36028797018963968;
    public long? RecordId => _row.Record;
    public string ProviderName => _row.Provider;
    public Guid? ProviderId => null;
    public string LogName => _row.Log;
    public int? ProcessId => 700;
    public int? ThreadId => 4;
    public string MachineName { get; }
    public object? UserId => null;
    public DateTime? TimeCreated => new DateTime(_row.Ticks, DateTimeKind.Utc).ToLocalTime();
    public string LevelDisplayName => _texts.LevelName(_row.Level);
    public IList<EventProperty> Properties => _properties ??= [.. _row.Data.Select(value => new EventProperty(value)), .. _row.Binary.Length == 0 ? Array.Empty<EventProperty>() : [new EventProperty(Convert.FromHexString(_row.Binary))]];

    /// <summary>Why the message could not be made; the lab's own, hidden from scripts.</summary>
    [Hidden] public string? Problem { get; }

    /// <summary>Formats again, and fails again where the event cannot be formatted.</summary>
    public string? FormatDescription() => _texts.Format(_row);

    public string ToXml()
    {
        var scm = _row.Provider == "Service Control Manager";
        var xml = new StringBuilder("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='").Append(SecurityElement.Escape(_row.Provider)).Append('\'');
        if (scm) xml.Append(" Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'");
        var time = new DateTime(_row.Ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        xml.Append($"/><EventID Qualifiers='{(scm ? 49152 : 0)}'>{_row.Id}</EventID><Version>0</Version><Level>{_row.Level}</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='{time}'/><EventRecordID>{_row.Record}</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='4'/><Channel>{SecurityElement.Escape(_row.Log)}</Channel><Computer>{SecurityElement.Escape(MachineName)}</Computer><Security/></System><EventData>");
        for (var i = 0; i < _row.Data.Length; i++) xml.Append(scm ? $"<Data Name='param{i + 1}'>" : "<Data>").Append(SecurityElement.Escape(_row.Data[i])).Append("</Data>");
        if (_row.Binary.Length > 0) xml.Append("<Binary>").Append(_row.Binary).Append("</Binary>");
        return xml.Append("</EventData></Event>").ToString();
    }

    /// <summary>With the type's name on Windows.</summary>
    public PSObject ToObject()
    {
        var made = new PSObject(this);
        made.TypeNames.Insert(0, "System.Diagnostics.Eventing.Reader.EventLogRecord");
        return made;
    }

    public override string ToString() => "System.Diagnostics.Eventing.Reader.EventLogRecord";
}
