using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Steward.Projects;

namespace Steward.Cli;

/// <summary>
/// The server as a verb sees it: JSON over HTTP. Nothing connects before the first call; when no server runs, the host
/// starts one in this process. A problem+json reply becomes a <see cref="ProblemException"/>.
/// </summary>
public sealed class Server(Func<CancellationToken, Task<HttpClient>> connect) : IDisposable
{
    private HttpClient? _http;

    /// <summary>The project that <c>--project</c>, STEWARD_PROJECT or the steward.yaml of this folder names.</summary>
    public Func<string> Project { get; init; } = () => throw ProblemException.Invalid("project_missing", "No project is named.", "Go to the folder of a steward.yaml, or add --project NAME.");

    /// <summary>Reads project files as the server does, without asking one.</summary>
    public Func<ProjectFileReader> Reader { get; init; } = () => new([]);

    public async Task<HttpClient> Http(CancellationToken stop) => _http ??= await connect(stop);

    public Task<T> Get<T>(string path, CancellationToken stop) => Send<T>(HttpMethod.Get, path, null, stop);

    /// <summary>What is not JSON, as it is.</summary>
    public async Task<string> Text(string path, CancellationToken stop)
    {
        using var reply = await Open(path, stop);
        return await reply.Content.ReadAsStringAsync(stop);
    }

    public Task<T> Post<T>(string path, object? body, CancellationToken stop) => Send<T>(HttpMethod.Post, path, JsonBody(body), stop);

    public Task<T> Put<T>(string path, object? body, CancellationToken stop) => Send<T>(HttpMethod.Put, path, JsonBody(body), stop);

    public Task<T> Delete<T>(string path, CancellationToken stop) => Send<T>(HttpMethod.Delete, path, null, stop);

    public async Task<T> Send<T>(HttpMethod method, string path, HttpContent? body, CancellationToken stop)
    {
        var http = await Http(stop);
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var reply = await Reached(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), http);
        await Check(reply, stop);
        if (typeof(T) == typeof(string) && reply.Content.Headers.ContentType?.MediaType != "application/json")
            return (T)(object)await reply.Content.ReadAsStringAsync(stop);
        await using var stream = await reply.Content.ReadAsStreamAsync(stop);
        return (await JsonSerializer.DeserializeAsync<T>(stream, Json.Options, stop))!;
    }

    /// <summary>An answer that is read while it comes: a stream of events, a download.</summary>
    public async Task<HttpResponseMessage> Open(string path, CancellationToken stop)
    {
        var http = await Http(stop);
        var reply = await Reached(() => http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop), http);
        await Check(reply, stop);
        return reply;
    }

    /// <summary>Turns a refusal into the problem it describes.</summary>
    public static async Task Check(HttpResponseMessage reply, CancellationToken stop)
    {
        if (reply.IsSuccessStatusCode)
            return;
        var text = await reply.Content.ReadAsStringAsync(stop);
        throw Refusal(reply.StatusCode, text);
    }

    /// <summary>One path segment, escaped.</summary>
    public static string Segment(string value) => Uri.EscapeDataString(value);

    public void Dispose() => _http?.Dispose();

    private static async Task<HttpResponseMessage> Reached(Func<Task<HttpResponseMessage>> send, HttpClient http)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException)
        {
            throw new ProblemException(ProblemKind.Unavailable, "server_unreachable", $"No Steward answers at {http.BaseAddress}.", "Start it with: steward up");
        }
    }

    private static StringContent JsonBody(object? body)
    {
        var content = new StringContent(JsonSerializer.Serialize(body ?? new object(), Json.Options), Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static ProblemException Refusal(HttpStatusCode status, string text)
    {
        try
        {
            using var body = JsonDocument.Parse(text);
            var root = body.RootElement;
            if (root.TryGetProperty("code", out var code) && root.TryGetProperty("detail", out var why))
                return new(KindOf(status, code.GetString()!), code.GetString()!, why.GetString()!, root.TryGetProperty("try", out var tryThis) ? tryThis.GetString() : null);
            if (root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String)
                return new(KindOf(status, ""), "refused", error.GetString()!);
        }
        catch (JsonException)
        {
            // not ours: said below by its status alone
        }

        return new(KindOf(status, ""), "refused", $"The server answered {(int)status} {status}.");
    }

    private static ProblemKind KindOf(HttpStatusCode status, string code) => (int)status switch
    {
        400 or 405 or 415 => ProblemKind.Invalid,
        401 => ProblemKind.SignInFirst,
        403 => ProblemKind.Denied,
        404 => ProblemKind.NotFound,
        409 => ProblemKind.Conflict,
        413 => ProblemKind.TooLarge,
        422 => code == "waiting_for_people" ? ProblemKind.WaitingForPeople : ProblemKind.GateFailed,
        429 => ProblemKind.TooMany,
        507 => ProblemKind.DiskFull,
        _ => ProblemKind.Unavailable,
    };
}
