using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Steward.Web;

/// <summary>The edge: every exception and every bare error status becomes one reply, and a bug is logged once.</summary>
internal sealed partial class Refuser(RequestDelegate next, ILogger<Refuser> logger)
{
    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // nobody waits for the answer
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await Refuse(context, error);
            return;
        }

        var reply = context.Response;
        if (reply.StatusCode >= 400 && !reply.HasStarted && reply.ContentLength is null or 0 && reply.ContentType is null)
            await Replies.Write(context, Refusal.Of(reply.StatusCode, context.Request));
    }

    private Task Refuse(HttpContext context, Exception error)
    {
        var refusal = Refusal.Of(error);
        if (refusal.Bug)
            Failed(logger, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, Replies.TraceId(context), error);
        var (challenge, cookies) = (context.Response.Headers.WWWAuthenticate, context.Response.Headers.SetCookie);
        context.Response.Clear();
        context.Response.Headers.WWWAuthenticate = challenge;
        context.Response.Headers.SetCookie = cookies;
        SafeHeaders.Put(context.Response);
        return Replies.Write(context, refusal);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed ({TraceId}).")]
    private static partial void Failed(ILogger logger, string method, string? route, string traceId, Exception error);
}
