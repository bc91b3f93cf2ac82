using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>
/// Responses kept for clients that lose their connection before they got them (MS-WSMV 3.1.4.1.39, robust connections): the
/// same OperationID, marked as sent again, gets the response of the operation that ran already.
/// </summary>
internal sealed class OperationMessages
{
    private const int Most = 256;
    private const int MostBytes = 32 * 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<Reply>> _operations = [];
    private readonly Queue<string> _order = [];

    /// <summary>Runs an operation, or joins the one that has its id. Throws a Fault where an id is used twice.</summary>
    public Task<Reply> RunAsync(Request request, Identity caller, Func<Task<Reply>> operation)
    {
        if (request.OperationId is null) return operation();
        var id = $"{caller.Account} {request.OperationId}";
        lock (_lock)
        {
            if (_operations.TryGetValue(id, out var known)) return request.Retransmitted ? known : throw Faults.OperationIdInUse();
            var running = operation();
            _operations[id] = running;
            _order.Enqueue(id);
            while (_order.Count > Most || Size() > MostBytes)
            {
                if (!_operations[_order.Peek()].IsCompleted) break;
                _operations.Remove(_order.Dequeue());
            }
            return running;
        }
    }

    private long Size() => _operations.Values.Sum(task => task.IsCompletedSuccessfully ? (long)task.Result.Length : 0);
}
