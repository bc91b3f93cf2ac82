using PracticeLab.Listener.Security;
using PracticeLab.Listener.Soap;

namespace PracticeLab.Listener.Host;

/// <summary>HTTP in front of WS-Management (DSP0226 C, MS-WSMV 2.1): sizes, authentication, encryption.</summary>
internal sealed class Endpoint(SimulatedServer server, Authenticator authenticator)
{
    /// <summary>What encryption may add to a body.</summary>
    private const int Frame = 1024;
    private const string SoapType = "application/soap+xml;charset=UTF-8";
    private readonly Dispatcher _dispatcher = new(server);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Server = "Microsoft-HTTPAPI/2.0";
        if (context.Request.Path.Value?.TrimEnd('/') is not "/wsman")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        var body = await ReadAsync(context);
        if (body is null || authenticator.Authenticate(context) is not { } caller) return;
        // An authentication without a request, as clients do before their first sealed body.
        if (body.Length == 0) return;
        await AnswerAsync(context, caller, body);
    }

    private async Task AnswerAsync(HttpContext context, Identity caller, byte[] body)
    {
        MessageSeal? seal = null;
        if (SealedBody.IsSealed(context.Request.ContentType) || !context.Request.IsHttps)
        {
            seal = ConnectionState.Of(context).Seal;
            var opened = seal is null || !SealedBody.IsSealed(context.Request.ContentType) || !SealedBody.Names(context.Request.ContentType!, seal.Protocol) ? null : Open(body, seal);
            if (opened is null || seal is null)
            {
                // AllowUnencrypted is false: no body, and the connection goes.
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                context.Response.Headers.Connection = "close";
                return;
            }
            body = opened;
        }
        var reply = await RunAsync(context, caller, body);
        if (reply is null) return;
        context.Response.StatusCode = reply.IsFault ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
        context.Response.ContentType = seal is null ? SoapType : SealedBody.ContentType(seal.Protocol);
        var bytes = seal is null ? reply.Envelope.ToArray() : SealedBody.Close(reply.Envelope, seal);
        context.Response.ContentLength = bytes.Length;
        try
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            await context.Response.CompleteAsync();
        }
        catch (OperationCanceledException) { /* noted below */ }
        if (context.RequestAborted.IsCancellationRequested) reply.Undelivered?.Invoke();
    }

    private async Task<Reply?> RunAsync(HttpContext context, Identity caller, byte[] body)
    {
        Request? request = null;
        try
        {
            request = Request.Parse(body);
            return await _dispatcher.RunAsync(request, caller, context.Connection.RemoteIpAddress?.ToString() ?? string.Empty, context.RequestAborted);
        }
        catch (Fault fault) { return Reply.Of(fault, request?.MessageId ?? fault.RelatesTo, request?.OperationId, request is null ? context.Request.Host.Host : Dispatcher.Machine(request)); }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { return null; }
    }

    private static byte[]? Open(byte[] body, MessageSeal seal)
    {
        try { return SealedBody.Open(body, seal); }
        catch (InvalidDataException) { return null; }
    }

    // What is larger than MaxEnvelopeSizekb isn't even read; Windows' client turns this status into its quota error.
    private async Task<byte[]?> ReadAsync(HttpContext context)
    {
        var most = server.Configuration.Limits.MaxEnvelopeKb * 1024 + Frame;
        using var body = new MemoryStream();
        var buffer = new byte[65536];
        int count;
        while ((count = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, count);
            if (body.Length <= most) continue;
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            context.Response.Headers.Connection = "close";
            return null;
        }
        return body.ToArray();
    }
}
