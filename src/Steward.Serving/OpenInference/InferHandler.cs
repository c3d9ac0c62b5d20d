using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Steward.Onnx;

namespace Steward.Serving.OpenInference;

/// <summary>What a client may ask about and of one endpoint.</summary>
internal sealed class InferHandler(Fleet fleet, Answers answers, PictureAnswers pictures, ServingMetrics metrics)
{
    public Task Infer(HttpContext context) => Measured(context, async (live, began) =>
    {
        // Said before the body is looked at; the version that answers is taken when it has arrived.
        Asking.Enter(live, Number(context)).Leave();
        using var body = await Body.Read(context.Request, live.Settings.Limits.Body, context.RequestAborted);
        var reply = new ArrayBufferWriter<byte>(512);
        var json = await Infer(live, Number(context), Key(context), body.Bytes, JsonLength(context.Request, body.Bytes.Length), reply, began, context.RequestAborted);
        await Replies.Write(context, reply, json);
    });

    /// <summary>The whole way from bytes to bytes, without HTTP.</summary>
    /// <returns>As <see cref="InferWriter.Write"/>.</returns>
    /// <param name="key">Who stays on one side of a release: see <see cref="Key"/>.</param>
    public async ValueTask<int?> Infer(Live live, int? version, string key, Memory<byte> body, int jsonLength, ArrayBufferWriter<byte> reply, long began, CancellationToken stop)
    {
        using var request = InferReader.Read(body.Span, jsonLength);
        return await Asking.Of(live, version, key, async (model, counter) =>
        {
            reply.ResetWrittenCount();
            using var answer = await answers.Give(live, model, request.Inputs, request.Outputs?.ConvertAll(output => output.Name), began, null, counter, stop);
            return InferWriter.Write(reply, live.Name, model.Version, request, answer);
        });
    }

    public Task Picture(HttpContext context) => Measured(context, async (live, began) =>
    {
        using var body = await Body.Read(context.Request, live.Settings.Limits.Body, context.RequestAborted);
        var answer = await pictures.Give(live, Number(context), Key(context), body.Bytes, began, context.RequestAborted);
        await Replies.Write(context, answer);
    });

    public Task Describe(HttpContext context)
    {
        var live = Find(fleet, context);
        var model = Asking.Enter(live, Number(context));
        try
        {
            var versions = new[] { live.CurrentVersion, live.PreviousVersion, live.Trial?.Release.Version }.OfType<int>().Select(version => version.ToString(CultureInfo.InvariantCulture));
            return Replies.Write(context, new
            {
                name = live.Name, versions, platform = "onnx_onnxv1",
                inputs = model.Signature.Inputs.Select(Describe), outputs = model.Signature.Outputs.Select(Describe),
            });
        }
        finally
        {
            model.Leave();
        }
    }

    public Task Ready(HttpContext context)
    {
        var live = Find(fleet, context);
        var ready = Number(context) is { } version ? live.Has(version) : live.IsReady;
        return Replies.Write(context, new { name = live.Name, ready }, ready ? 200 : 503);
    }

    private async Task Measured(HttpContext context, Func<Live, long, Task> handle)
    {
        var began = Stopwatch.GetTimestamp();
        var live = Find(fleet, context);
        try
        {
            await handle(live, began);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var outcome = error is not ProblemException problem ? "failed" : problem.Kind == ProblemKind.TooMany ? "busy" : problem.Kind == ProblemKind.Unavailable ? "failed" : "refused";
            metrics.Answered(live.Name, outcome, Stopwatch.GetElapsedTime(began));
            throw;
        }
    }

    internal static Live Find(Fleet fleet, HttpContext context)
    {
        var name = context.Request.RouteValues["model"] as string;
        return fleet.Find(name ?? "") ?? throw ProblemException.NotFound("endpoint", Names.Shorten(name), "GET /v2/models lists what is served.");
    }

    /// <summary>What decides the side of a release: the caller's own key, so that a user stays on one side, else the request.</summary>
    internal static string Key(HttpContext context)
        => context.Request.Headers[KeyHeader].ToString() is { Length: > 0 } key ? key : context.TraceIdentifier;

    private const string KeyHeader = "Steward-Key";

    private static object Describe(SignatureValue value) => new { name = value.Name, datatype = value.Type.Word(), shape = value.Sizes() };

    /// <summary>The registry's number in the address; null when it has none.</summary>
    private static int? Number(HttpContext context)
    {
        if (context.Request.RouteValues["version"] is not string text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ProblemException.NotFound("version", Names.Shorten(text), "Versions are the registry's numbers.");
    }

    private static int JsonLength(HttpRequest request, int length)
    {
        if (!request.Headers.TryGetValue(Replies.HeaderLength, out var text))
            return length;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var json) && json > 0 && json <= length
            ? json
            : throw ProblemException.Invalid("header_length", $"{Replies.HeaderLength} is not the number of JSON bytes at the start of the body.", "Leave it away for a body that is JSON only.");
    }
}
