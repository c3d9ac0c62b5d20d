using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Steward.Identity;

namespace Steward.Serving.OpenInference;

/// <summary>Takes what a client says about an answer it got.</summary>
internal sealed class FeedbackHandler(Fleet fleet, IRequestLog log)
{
    public async Task Feedback(HttpContext context)
    {
        var live = InferHandler.Find(fleet, context);
        using var body = await Body.Read(context.Request, 16 * 1024, context.RequestAborted);
        var said = Said(body.Bytes.Span);
        if (await log.Find(said.Id, context.RequestAborted) is not { } prediction || prediction.Endpoint != live.Name)
            throw ProblemException.NotFound("prediction", Names.Shorten(said.Id), "Use the id of an answer of this endpoint; it is kept a moment after it was given.");
        var who = context.RequestServices.GetRequiredService<Who>();
        var judged = await log.Tell(who, said.Id, said.Right, said.Label, context.RequestAborted);
        await Replies.Write(context, new { judged.Id, judged.Right, truth = judged.Truth });
    }

    private static (string Id, bool Right, string? Label) Said(ReadOnlySpan<byte> body)
    {
        try
        {
            var said = JsonSerializer.Deserialize<Feedbacked>(body, Json.Options);
            if (said is { Id: { Length: > 0 and <= 64 } id, Right: { } right })
                return (id, right, string.IsNullOrWhiteSpace(said.Label) ? null : said.Label);
        }
        catch (JsonException)
        {
            // said below, with the form that is expected
        }

        throw ProblemException.Invalid("feedback_invalid", "The body does not say which answer was right or wrong.", "Send {\"id\": \"…\", \"right\": true} and, when you know it, \"label\".");
    }

    private sealed record Feedbacked(string? Id, bool? Right, string? Label);
}
