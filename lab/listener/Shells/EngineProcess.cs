using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace PracticeLab.Listener.Shells;

/// <summary>
/// One PowerShell engine (`powershell.exe -s`) and the out-of-process framing that it speaks (MS-PSRP's XML lines): stop and wait,
/// since it hands each line to a thread pool.
/// </summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private static readonly TimeSpan AckLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly OutputBudget _budget;
    private readonly Action<Guid, ReadOnlyMemory<byte>> _onData;
    private readonly Func<bool> _dropping;
    private readonly StringBuilder _errors = new();
    private readonly Lock _state = new();
    private readonly Task _reading;
    private TaskCompletionSource? _ack;
    private string _expected = string.Empty;

    /// <summary>Starts the engine. <paramref name="onData"/> gets each Data element's pipeline (empty: the pool) and bytes; while the budget is full the engine isn't read.</summary>
    public EngineProcess(string powershell, OutputBudget budget, Action<Guid, ReadOnlyMemory<byte>> onData, Func<bool> dropping)
    {
        _budget = budget;
        _onData = onData;
        _dropping = dropping;
        _process = ChildProcess.Start(powershell, ["-NoLogo", "-NoProfile", "-s"]);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) if (line.Data is not null && _errors.Length < 4096) _errors.Append(line.Data).Append('\n');
        };
        _process.BeginErrorReadLine();
        _reading = Task.Run(ReadAsync);
    }

    public int Id => _process.Id;
    /// <summary>Resolves when the engine's output has ended.</summary>
    public Task Ended => _reading;
    /// <summary>What the engine said on standard error, for a fault's text.</summary>
    public string Errors { get { lock (_errors) return _errors.ToString().Trim(); } }

    public Task DataAsync(Guid pipeline, string stream, ReadOnlyMemory<byte> bytes) =>
        AskAsync($"<Data Stream='{stream}' PSGuid='{pipeline}'>{Convert.ToBase64String(bytes.Span)}</Data>", $"<DataAck PSGuid='{pipeline}'");

    public Task CommandAsync(Guid pipeline) => AskAsync($"<Command PSGuid='{pipeline}' />", $"<CommandAck PSGuid='{pipeline}'");

    public Task SignalAsync(Guid pipeline) => AskAsync($"<Signal PSGuid='{pipeline}' />", $"<SignalAck PSGuid='{pipeline}'");

    public Task CloseAsync(Guid pipeline) => AskAsync($"<Close PSGuid='{pipeline}' />", $"<CloseAck PSGuid='{pipeline}'");

    /// <summary>Ends the engine and whatever it started in its job.</summary>
    public async ValueTask DisposeAsync()
    {
        ChildProcess.Kill(_process);
        _budget.Recheck();
        await _reading;
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task AskAsync(string line, string ack)
    {
        await _turn.WaitAsync();
        try
        {
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_state) (_ack, _expected) = (answered, ack);
            // An acknowledgement comes behind output that nobody may ever receive.
            _budget.Recheck();
            await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await _process.StandardInput.BaseStream.FlushAsync();
            if (await Task.WhenAny(answered.Task, _reading).WaitAsync(AckLimit) != answered.Task) throw new EngineEndedException(Errors);
        }
        catch (IOException) { throw new EngineEndedException(Errors); }
        finally
        {
            lock (_state) _ack = null;
            _turn.Release();
        }
    }

    private async Task ReadAsync()
    {
        var reader = PipeReader.Create(_process.StandardOutput.BaseStream, new StreamPipeReaderOptions(bufferSize: 65536));
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                Take(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                await RoomAsync();
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return;
        }
    }

    private async Task RoomAsync()
    {
        while (true)
        {
            var changed = _budget.Changed;
            if (!_budget.Full || _process.HasExited || _dropping()) return;
            lock (_state) if (_ack is not null) return;
            await changed;
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("<Data "u8))
        {
            var id = line[(line.IndexOf("PSGuid='"u8) + 8)..];
            var text = id[(id.IndexOf((byte)'>') + 1)..];
            var base64 = text[..text.IndexOf((byte)'<')];
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
            if (Base64.DecodeFromUtf8(base64, bytes, out _, out var written) != OperationStatus.Done) return;
            if (Utf8Parser.TryParse(id[..36], out Guid pipeline, out _)) _onData(pipeline, bytes.AsMemory(0, written));
            return;
        }
        lock (_state)
        {
            if (_ack is null || !line.StartsWith(Encoding.ASCII.GetBytes(_expected))) return;
            _ack.TrySetResult();
            _ack = null;
        }
    }
}

/// <summary>The engine is gone; the message is what it said last.</summary>
internal sealed class EngineEndedException(string message) : Exception(message.Length > 0 ? message : "The engine ended.");
