using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Steward.Serving.OpenInference;

/// <summary>How this protocol answers: JSON, and for every failure <c>{"error": "…"}</c>, because its clients read nothing else.</summary>
internal static partial class Replies
{
    /// <summary>Runs a handler and turns what it throws into the protocol's form.</summary>
    public static async Task Guarded(HttpContext context, ILogger log, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (ProblemException problem)
        {
            if (problem.Kind is ProblemKind.TooMany or ProblemKind.Unavailable)
                context.Response.Headers.RetryAfter = "1";
            await Error(context, problem.Kind.Status(), problem.Code, problem.Try is null ? problem.Message : $"{problem.Message} {problem.Try}");
        }
        catch (BadHttpRequestException error)
        {
            await Error(context, error.StatusCode, "request_invalid", error.StatusCode == 413 ? "The request is too large." : "The request is not valid HTTP.");
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Failed(log, context.TraceIdentifier, error);
            await Error(context, 500, "internal", $"Something in the server failed; its log knows it as {context.TraceIdentifier}.");
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // the caller has hung up: nobody is there to read an answer
        }
    }

    public static Task Error(HttpContext context, int status, string code, string why) => Write(context, new { error = why, code }, status);

    public static async Task Write<T>(HttpContext context, T value, int status = 200)
    {
        if (context.Response.HasStarted)
            return;
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(value, Json.Options, "application/json", context.RequestAborted);
    }

    /// <param name="jsonLength">Bytes of JSON before the binary tensors; null when there are none.</param>
    public static async Task Write(HttpContext context, ArrayBufferWriter<byte> body, int? jsonLength)
    {
        var response = context.Response;
        response.ContentLength = body.WrittenCount;
        response.ContentType = jsonLength is null ? "application/json" : "application/octet-stream";
        if (jsonLength is { } length)
            response.Headers[HeaderLength] = length.ToString(CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    public const string HeaderLength = "Inference-Header-Content-Length";

    [LoggerMessage(LogLevel.Error, "Request {Trace} failed.")]
    private static partial void Failed(ILogger log, string trace, Exception error);
}
