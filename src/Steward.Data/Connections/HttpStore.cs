using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Steward.Outside;

namespace Steward.Data.Connections;

/// <summary>
/// Files of a web server, to be read. Addresses are pinned by <see cref="Reach"/>; a redirect is looked at like an address
/// of its own, and takes no credentials to another server. What can be listed is what an index file names.
/// </summary>
internal sealed class HttpStore(ConnectionPlan plan, IReadOnlyDictionary<string, string> headers, Reach reach) : IFileStore
{
    private const int MostRedirects = 5, MostIndexBytes = 16 << 20;
    private readonly Uri _base = new(plan.Url!.TrimEnd('/') + "/");
    private readonly HttpClient _http = new(reach.Handler()) { Timeout = plan.Timeout };

    public bool Writes => false;

    public int PieceSize => 8 << 20;

    public async IAsyncEnumerable<StoredFile> List(string prefix, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        if (plan.Index is null)
            throw ProblemException.Invalid("connection_no_list", "A web server has no list of its files.", "Name the file, or a text on the server that lists them: index: files.txt");
        var names = (await Index(stop)).Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || FileNames.Compare(name, after) > 0)).ToList();
        names.Sort(FileNames.Compare);
        foreach (var name in names)
            if (await Stat(name, stop) is { } file)
                yield return file;
    }

    public async Task<StoredFile?> Stat(string name, CancellationToken stop)
    {
        using var reply = await Send(HttpMethod.Head, name, null, stop);
        return Missing(reply) ? null : Of(name, Good(reply, name));
    }

    public async Task<FileReading> Open(StoredFile file, long from, long? length, CancellationToken stop)
    {
        var reply = await Send(HttpMethod.Get, file.Name, request =>
        {
            if (from > 0 || length is not null)
                request.Headers.Range = new RangeHeaderValue(from, length is { } many ? from + many - 1 : null);
            if (file.ETag is { } tag && EntityTagHeaderValue.TryParse(tag, out var parsed) && !parsed.IsWeak)
                request.Headers.IfMatch.Add(parsed);
        }, stop);
        try
        {
            if (Missing(reply))
                throw FileStores.NotFound(file.Name);
            if (reply.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable)
                throw FileStores.Changed(file.Name);
            var whole = reply.StatusCode is not HttpStatusCode.PartialContent;
            var now = Of(file.Name, Good(reply, file.Name)) with { Length = whole ? reply.Content.Headers.ContentLength : reply.Content.Headers.ContentRange?.Length };
            if (now.ETag != file.ETag || (now.ETag is null && now.Modified != file.Modified) || (!whole && reply.Content.Headers.ContentRange?.From != from))
                throw FileStores.Changed(file.Name);
            var bytes = await reply.Content.ReadAsStreamAsync(stop);
            if (whole && from > 0) // a server that knows no ranges
                await Skip(bytes, from, file.Name, stop);
            return new(now with { Length = now.Length ?? file.Length }, new Part(bytes, length ?? long.MaxValue, reply));
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    public Task<StoredFile> Put(string name, ReadOnlyMemory<byte> bytes, CancellationToken stop) => throw Refused();

    public Task<bool> Delete(string name, CancellationToken stop) => throw Refused();

    public Task<string> Begin(string name, CancellationToken stop) => throw Refused();

    public Task<string> Piece(string name, string upload, int number, long offset, ReadOnlyMemory<byte> bytes, CancellationToken stop) => throw Refused();

    public Task<StoredFile> Finish(string name, string upload, IReadOnlyList<string> tags, long length, byte[]? md5, CancellationToken stop) => throw Refused();

    public Task Abandon(string name, string upload, CancellationToken stop) => throw Refused();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool Missing(HttpResponseMessage reply) => reply.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private static HttpResponseMessage Good(HttpResponseMessage reply, string name) => reply.IsSuccessStatusCode ? reply : throw (int)reply.StatusCode switch
    {
        401 or 403 => new ProblemException(ProblemKind.Denied, "connection_denied", $"The server refused '{Names.Shorten(name)}' ({(int)reply.StatusCode}).", "Check the headers of the connection: the credentials may be wrong or may have ended."),
        >= 500 or 429 => new ProblemException(ProblemKind.Unavailable, "connection_failed", $"The server answered {(int)reply.StatusCode} for '{Names.Shorten(name)}'.", "Try again later, or ask who runs it."),
        _ => ProblemException.Invalid("connection_failed", $"The server answered {(int)reply.StatusCode} for '{Names.Shorten(name)}'.", "Check the address of the connection."),
    };

    private static StoredFile Of(string name, HttpResponseMessage reply)
    {
        var (headers, md5) = (reply.Content.Headers, reply.Content.Headers.ContentMD5);
        var encoded = headers.ContentEncoding.Count > 0; // a length and a sum of something else
        return new(name, encoded ? null : headers.ContentLength, reply.Headers.ETag?.ToString(), headers.LastModified, encoded || md5 is null || reply.StatusCode is HttpStatusCode.PartialContent ? null : Convert.ToHexStringLower(md5));
    }

    private static async Task Skip(Stream bytes, long count, string name, CancellationToken stop)
    {
        var buffer = new byte[1 << 16];
        while (count > 0)
        {
            var read = await bytes.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), stop);
            count -= read > 0 ? read : throw FileStores.Changed(name);
        }
    }

    private static ProblemException Refused() => FileStores.ReadOnly("A web server");

    private async Task<HttpResponseMessage> Send(HttpMethod method, string name, Action<HttpRequestMessage>? dress, CancellationToken stop)
    {
        FileNames.Check(name);
        var at = new Uri(_base, string.Join('/', name.Split('/').Select(Uri.EscapeDataString)));
        for (var followed = 0; ; followed++)
        {
            using var request = new HttpRequestMessage(method, at);
            dress?.Invoke(request);
            if (at.GetLeftPart(UriPartial.Authority) == _base.GetLeftPart(UriPartial.Authority))
                foreach (var (header, value) in headers)
                    request.Headers.TryAddWithoutValidation(header, value);
            var reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)reply.StatusCode is not (301 or 302 or 303 or 307 or 308) || reply.Headers.Location is not { } to)
                return reply;
            reply.Dispose();
            to = new Uri(at, to);
            if (followed == MostRedirects || to.Scheme is not ("http" or "https") || (at.Scheme == "https" && to.Scheme == "http"))
                throw ProblemException.Invalid("redirect_refused", $"The server sends us on to '{Names.Shorten(to.GetLeftPart(UriPartial.Path))}', which is not followed.", "Use the address where the files really are.");
            at = to;
        }
    }

    private async Task<List<string>> Index(CancellationToken stop)
    {
        using var reply = await Send(HttpMethod.Get, plan.Index!, null, stop);
        if (Missing(reply))
            throw ProblemException.NotFound("index", Names.Shorten(plan.Index), "Put the list of files there, or name another.");
        await using var bytes = await Good(reply, plan.Index!).Content.ReadAsStreamAsync(stop);
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await bytes.ReadAsync(buffer, stop) is var read and > 0)
        {
            if (text.Length + read > MostIndexBytes)
                throw new ProblemException(ProblemKind.TooLarge, "index_too_large", $"The index '{Names.Shorten(plan.Index)}' has more than {Say.Bytes(MostIndexBytes)}.", "Split it into several connections.");
            text.Write(buffer, 0, read);
        }

        return [.. System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).Split('\n').Select(line => line.Trim('\r', ' ', '\uFEFF')).Where(line => FileNames.Complaint(line) is null)];
    }
}
