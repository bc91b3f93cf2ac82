using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace PracticeLab.Standard;

/// <summary>ConvertFrom-Json: objects, arrays, Int32/Int64/Double and strings; the array comes as one object, as in 5.1.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowEmptyString] public string InputObject { get; set; } = "";
    private readonly List<string> _lines = [];

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        var text = string.Join('\n', _lines);
        if (string.IsNullOrWhiteSpace(text)) return;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, MaxDepth = 100 });
            WriteObject(Convert(document.RootElement), enumerateCollection: false);
        }
        catch (JsonException error)
        {
            ThrowTerminatingError(new ErrorRecord(new ArgumentException("Invalid JSON primitive: " + error.Message), "System.ArgumentException", ErrorCategory.NotSpecified, null));
        }
    }

    private static object? Convert(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var item = new PSObject();
                foreach (var property in value.EnumerateObject()) item.Properties.Add(new PSNoteProperty(property.Name, Convert(property.Value)), preValidated: true);
                return item;
            case JsonValueKind.Array: return value.EnumerateArray().Select(Convert).ToArray();
            case JsonValueKind.Number: return value.TryGetInt32(out var small) ? (object)small : value.TryGetInt64(out var big) ? big : value.GetDouble();
            case JsonValueKind.String: return value.GetString();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            default: return null;
        }
    }
}

/// <summary>ConvertTo-Json with 5.1's depth (2) and its text for what lies deeper.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true), AllowNull] public object? InputObject { get; set; }
    [Parameter, ValidateRange(1, 100)] public int Depth { get; set; } = 2;
    [Parameter] public SwitchParameter Compress { get; set; }
    private readonly List<object?> _items = [];

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count == 0) return;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = !Compress, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, _items.Count == 1 ? _items[0] : _items.ToArray(), 0);
        WriteObject(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        var wrapped = value as PSObject;
        var bare = wrapped?.BaseObject ?? value;
        switch (bare)
        {
            case null: writer.WriteNullValue(); return;
            case var _ when ReferenceEquals(value, System.Management.Automation.Internal.AutomationNull.Value): writer.WriteNullValue(); return;
            case string text: writer.WriteStringValue(text); return;
            case bool flag: writer.WriteBooleanValue(flag); return;
            case DateTime at: writer.WriteRawValue("\"\\/Date(" + (long)(at.ToUniversalTime() - DateTime.UnixEpoch).TotalMilliseconds + ")\\/\""); return;
            case char or Guid or Uri or Version or TimeSpan: writer.WriteStringValue(bare.ToString()); return;
            case Enum constant: writer.WriteNumberValue(System.Convert.ToInt64(constant, CultureInfo.InvariantCulture)); return;
            case double d when !double.IsFinite(d): writer.WriteStringValue(d.ToString(CultureInfo.InvariantCulture)); return;
            case byte or sbyte or short or ushort or int or uint or long: writer.WriteNumberValue(System.Convert.ToInt64(bare, CultureInfo.InvariantCulture)); return;
            case ulong big: writer.WriteNumberValue(big); return;
            case float or double: writer.WriteNumberValue(System.Convert.ToDouble(bare, CultureInfo.InvariantCulture)); return;
            case decimal exact: writer.WriteNumberValue(exact); return;
        }
        if (depth > Depth) { writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(value)); return; }
        if (bare is IDictionary table)
        {
            writer.WriteStartObject();
            foreach (DictionaryEntry pair in table) { writer.WritePropertyName(pair.Key.ToString()!); Write(writer, pair.Value, depth + 1); }
            writer.WriteEndObject();
        }
        else if (bare is IEnumerable list)
        {
            writer.WriteStartArray();
            foreach (var item in list) Write(writer, item, depth + 1);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject();
            foreach (var property in PSObject.AsPSObject(value).Properties)
            {
                object? inner;
                try { inner = property.Value; } catch (GetValueException) { inner = null; }
                writer.WritePropertyName(property.Name);
                Write(writer, inner, depth + 1);
            }
            writer.WriteEndObject();
        }
    }
}
