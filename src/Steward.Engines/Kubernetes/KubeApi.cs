using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Engines.Kubernetes;

/// <summary>The few calls that jobs need. What the API server says in its refusals is handed on; silence is <c>engine_unreachable</c>.</summary>
internal sealed class KubeApi(string engine, KubeAccess access)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private const int PageSize = 500, MostItems = 100_000;
    private readonly HttpClient _http = access.Client();

    /// <summary>Null when it is not there.</summary>
    public Task<JsonNode?> Get(string path, CancellationToken stop) => Send(HttpMethod.Get, path, null, stop);

    /// <summary>Null when it is there already.</summary>
    public Task<JsonNode?> Create(string path, JsonNode body, CancellationToken stop) => Send(HttpMethod.Post, path + "?fieldValidation=Strict", body, stop);

    /// <summary>With all that belongs to it; the thing itself goes last.</summary>
    public Task<JsonNode?> Delete(string path, CancellationToken stop) => Send(HttpMethod.Delete, path, new JsonObject { ["propagationPolicy"] = "Foreground" }, stop);

    public async Task<List<JsonNode>> List(string path, string selector, CancellationToken stop)
    {
        var (items, next) = (new List<JsonNode>(), "");
        do
        {
            var page = await Get($"{path}?labelSelector={Uri.EscapeDataString(selector)}&limit={PageSize}{(next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "")}", stop);
            items.AddRange((page?["items"]?.AsArray() ?? []).OfType<JsonNode>());
            next = (string?)page?["metadata"]?["continue"] ?? "";
        }
        while (next.Length > 0 && items.Count < MostItems);
        return items;
    }

    /// <summary>A stream that is read as it comes; null when there is nothing to read yet.</summary>
    public async Task<Stream?> Open(string path, CancellationToken stop)
    {
        var reply = await Reached(HttpMethod.Get, path, null, stop);
        if (reply.IsSuccessStatusCode)
            return await reply.Content.ReadAsStreamAsync(stop);
        using (reply)
            return reply.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest ? null : throw await Refusal(reply, stop);
    }

    private async Task<JsonNode?> Send(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Longest);
        try
        {
            using var reply = await Reached(method, path, body, patience.Token);
            if (reply.StatusCode == (method == HttpMethod.Post ? HttpStatusCode.Conflict : HttpStatusCode.NotFound))
                return null;
            if (!reply.IsSuccessStatusCode)
                throw await Refusal(reply, patience.Token);
            return await JsonNode.ParseAsync(await reply.Content.ReadAsStreamAsync(patience.Token), cancellationToken: patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw EngineProblem.Silent(engine, $"no answer from {access.Server} within {Say.Span(Longest)}.");
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException)
        {
            throw EngineProblem.Silent(engine, $"{access.Server} said what cannot be read ({Names.Shorten(error.Message)}).");
        }
    }

    private async Task<HttpResponseMessage> Reached(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        try
        {
            access.Enter(request);
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw EngineProblem.Silent(engine, $"{access.Server} cannot be reached ({Names.Shorten(error.Message)}).");
        }
    }

    /// <summary>A Status object of the API, or whatever stands in its place.</summary>
    private async Task<ProblemException> Refusal(HttpResponseMessage reply, CancellationToken stop)
    {
        var said = await reply.Content.ReadAsStringAsync(stop);
        try
        {
            said = (string?)JsonNode.Parse(said)?["message"] ?? said;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // not the API server: a proxy, perhaps
        }

        var words = $"{(int)reply.StatusCode} {Names.Shorten(said, 400)}";
        return (int)reply.StatusCode is 429 or >= 500 ? EngineProblem.Silent(engine, words) : EngineProblem.Refused(engine, words);
    }
}
