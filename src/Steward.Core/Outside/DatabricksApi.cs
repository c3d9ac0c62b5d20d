using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Outside;

/// <summary>
/// A Databricks workspace over its REST API, for every room that speaks to one: the token by reference and never shown, no
/// redirect followed, patience when the workspace says that it is asked too often. What it refuses comes in its own words.
/// </summary>
/// <param name="silent">The problem for a workspace that does not answer, made from the reason.</param>
/// <param name="refused">The problem for one that says no.</param>
public sealed class DatabricksApi(Uri workspace, string token, Secrets secrets, Reach reach, TimeProvider clock, Func<string, ProblemException> silent, Func<string, ProblemException> refused) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), LongestPause = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(1);
    private const int Tries = 6, LargestAnswer = 64 << 20;
    private readonly HttpClient _http = new(reach.Handler()) { BaseAddress = workspace, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };

    public string Host => workspace.Host;

    /// <summary>The address of a workspace: https, or plain on this machine alone; nothing behind the host. Null when it is none.</summary>
    public static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
        && address is { UserInfo: "", PathAndQuery: "/", Fragment: "" } ? address : null;

    /// <summary>Null when there is no such thing.</summary>
    public Task<JsonNode?> Get(string path, CancellationToken stop) => Send(() => new(HttpMethod.Get, path), Parsed, stop);

    /// <param name="whole">Once it is sent its answer is waited for, also by a caller who is cancelled: what was begun must be known to be ended.</param>
    public async Task<JsonNode> Post(string path, JsonNode body, CancellationToken stop, bool whole = false)
        => await Send(() => new(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") }, Parsed, stop, whole) ?? new JsonObject();

    public Task Put(string path, byte[] content, CancellationToken stop) => Send(() => new(HttpMethod.Put, path) { Content = new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } } }, Nothing, stop);

    /// <summary>Also when it is gone already.</summary>
    public Task Delete(string path, CancellationToken stop) => Send(() => new(HttpMethod.Delete, path), Nothing, stop);

    /// <summary>The bytes of a file; null when there is none.</summary>
    public Task<byte[]?> Bytes(string path, CancellationToken stop) => Send(() => new(HttpMethod.Get, path), (content, patience) => content.ReadAsByteArrayAsync(patience)!, stop);

    public void Dispose() => _http.Dispose();

    /// <summary>Sends until there is an answer that is not "later": a call that was turned away for that has done nothing yet.</summary>
    private async Task<T?> Send<T>(Func<HttpRequestMessage> make, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken stop, bool whole = false) where T : class
    {
        for (var (tried, pause) = (1, Pause); ; tried++, pause *= 2)
        {
            stop.ThrowIfCancellationRequested();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(whole ? CancellationToken.None : stop);
            patience.CancelAfter(Longest);
            TimeSpan later;
            try
            {
                using var request = make();
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secrets.Resolve(token));
                using var reply = await _http.SendAsync(request, patience.Token);
                if (reply.IsSuccessStatusCode)
                    return await read(reply.Content, patience.Token);
                var (code, words) = Words(await reply.Content.ReadAsStringAsync(patience.Token));
                if ((request.Method == HttpMethod.Get || request.Method == HttpMethod.Delete) && IsMissing(reply.StatusCode, code, words))
                    return null;
                var said = secrets.Redact($"{(int)reply.StatusCode}{(code is null ? "" : $" {code}")}: {Names.Shorten(words, 400)}", [token]);
                if (reply.StatusCode is not HttpStatusCode.TooManyRequests)
                    throw (int)reply.StatusCode >= 500 ? silent(said) : refused(said);
                if (tried == Tries)
                    throw silent(said);
                later = Asked(reply) is { } asked && asked > pause ? asked : pause;
            }
            catch (OperationCanceledException) when (whole || !stop.IsCancellationRequested)
            {
                throw silent($"no answer from {Host} within {Say.Span(Longest)}.");
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                throw error.InnerException as ProblemException ?? silent($"{Host} cannot be reached ({Names.Shorten(error.Message)}).");
            }
            catch (JsonException error)
            {
                throw silent($"{Host} said what cannot be read ({Names.Shorten(error.Message)}).");
            }

            await Task.Delay(later < LongestPause ? later : LongestPause, clock, stop);
        }
    }

    private TimeSpan? Asked(HttpResponseMessage reply) => reply.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;

    /// <summary>Jobs and clusters that are not there are said to be bad parameters.</summary>
    private static bool IsMissing(HttpStatusCode status, string? code, string words) => status is HttpStatusCode.NotFound
        || (status is HttpStatusCode.BadRequest && code == "INVALID_PARAMETER_VALUE" && words.Contains("does not exist", StringComparison.Ordinal));

    /// <summary>The two fields of every refusal, or whatever a proxy says in its place.</summary>
    private static (string? Code, string Words) Words(string said)
    {
        try
        {
            return JsonNode.Parse(said) is JsonObject refusal && (string?)refusal["message"] is { } words ? ((string?)refusal["error_code"], words) : (null, said);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (null, said);
        }
    }

    /// <summary>Some calls have nothing to say: that is an empty object.</summary>
    private static async Task<JsonNode> Parsed(HttpContent content, CancellationToken stop)
        => content.Headers.ContentLength == 0 ? new JsonObject() : await JsonNode.ParseAsync(await content.ReadAsStreamAsync(stop), cancellationToken: stop) ?? new JsonObject();

    private static Task<object> Nothing(HttpContent content, CancellationToken stop) => Task.FromResult(new object());
}
