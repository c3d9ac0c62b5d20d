using System.Net.Http.Headers;
using System.Text;
using Steward.Outside;

namespace Steward.Pipelines;

/// <summary>One POST, to an address that may be reached; nothing is followed.</summary>
internal sealed class WebhookStep(Secrets secrets, Reach reach) : IStep
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public string Kind => "webhook";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<WebhookPlan>();
        using var http = new HttpClient(reach.Handler()) { Timeout = plan.Timeout < Longest ? plan.Timeout : Longest };
        using var request = new HttpRequestMessage(HttpMethod.Post, plan.Url) { Content = new StringContent(Json.Write(Body(context, plan)), Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        // The same for every try of this window: who receives it twice knows.
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{context.Project.Name}/{context.Window.Pipeline}/{context.Window.StartAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}/{context.Window.Round}/{context.Id}");
        foreach (var (name, value) in plan.Headers)
            request.Headers.TryAddWithoutValidation(name, secrets.Filled(value));
        try
        {
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return reply.IsSuccessStatusCode
                ? new([], 0, $"{request.RequestUri!.Host} answered {(int)reply.StatusCode}.")
                : throw ProblemException.Invalid("webhook_refused", $"{request.RequestUri!.Host} answered {(int)reply.StatusCode} {reply.ReasonPhrase}.");
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as ProblemException ?? ProblemException.Invalid("webhook_unreachable", $"{request.RequestUri!.Host} cannot be reached: {error.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw ProblemException.Invalid("webhook_unreachable", $"{request.RequestUri!.Host} did not answer within {Say.Span(http.Timeout)}.");
        }
    }

    private static Dictionary<string, string> Body(StepContext context, WebhookPlan plan) => new(plan.Body)
    {
        ["project"] = context.Project.Name,
        ["pipeline"] = context.Window.Pipeline,
        ["run"] = context.Run,
        ["step"] = context.Id,
        ["windowStart"] = context.Window.StartAt.UtcDateTime.ToString("O"),
        ["windowEnd"] = context.Window.EndAt.UtcDateTime.ToString("O"),
    };
}
