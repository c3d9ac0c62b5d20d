using System.Globalization;
using System.Net;

namespace Steward.Oci;

/// <summary>Sends one blob. When the connection breaks, the registry is asked how far it came, and the rest follows.</summary>
internal sealed class BlobUpload(Registry registry, string name, Descriptor blob, Func<CancellationToken, Task<Stream>> open)
{
    private readonly string _scope = $"repository:{name}:pull,push";

    /// <param name="others">Repositories of this registry that may have it already.</param>
    public async Task Run(IReadOnlyCollection<string> others, CancellationToken stop)
    {
        foreach (var other in others)
            if (await Begin(other, stop) is null)
                return;
        for (var tried = 1; ; tried++)
        {
            if (await Begin(null, stop) is not { } session || await Send(session, stop))
                return;
            if (tried == registry.Options.Tries)
                throw new OciException(OciTrouble.Unavailable, $"The registry {registry.Host} does not take {blob.Digest}: the upload breaks again and again.", "Try again later.");
            await registry.Wait(tried, null, stop);
        }
    }

    /// <summary>Where to send it; null when the registry took it from the other repository.</summary>
    private async Task<Uri?> Begin(string? other, CancellationToken stop)
    {
        var query = other is null ? "" : $"?mount={blob.Digest}&from={Uri.EscapeDataString(other)}";
        var scope = other is null ? _scope : $"{_scope} repository:{other}:pull";
        using var reply = await registry.Send(() => new(HttpMethod.Post, registry.Address($"{name}/blobs/uploads/{query}")) { Content = new ByteArrayContent([]) }, scope, stop);
        return reply.StatusCode switch
        {
            HttpStatusCode.Created => null,
            HttpStatusCode.Accepted => Location(reply),
            _ => throw await registry.Refusal(reply, $"take a blob of {name}", stop),
        };
    }

    private async Task<bool> Send(Uri session, CancellationToken stop)
    {
        long at = 0;
        for (var failed = 0; at < blob.Size;)
        {
            var before = at;
            if (await Part(session, at, stop) is { } went)
            {
                (session, at) = went;
            }
            else
            {
                if (++failed >= registry.Options.Tries || await HowFar(session, stop) is not { } known)
                    return false;
                (session, at) = known;
                await registry.Wait(failed, null, stop);
            }

            if (at > before)
                failed = 0;
        }

        var separator = session.Query.Length > 0 ? '&' : '?';
        using var reply = await registry.Send(() => new(HttpMethod.Put, new Uri($"{session}{separator}digest={blob.Digest}")) { Content = new ByteArrayContent([]) }, _scope, stop);
        if (reply.StatusCode != HttpStatusCode.Created)
            throw await registry.Refusal(reply, $"keep {blob.Digest} of {name}", stop);
        return true;
    }

    /// <summary>Sends everything from a place on; null when it broke on the way.</summary>
    private async Task<(Uri, long)?> Part(Uri session, long at, CancellationToken stop)
    {
        try
        {
            await using var source = new VerifiedStream(await open(stop), blob.Digest, blob.Size, $"blob {blob.Digest}");
            await Pass(source, at, stop);
            using var request = new HttpRequestMessage(HttpMethod.Patch, session) { Content = new StreamContent(source, 1 << 17) };
            request.Content.Headers.ContentType = new("application/octet-stream");
            request.Content.Headers.ContentLength = blob.Size - at;
            request.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{at}-{blob.Size - 1}"));
            using var reply = await registry.Stream(request, _scope, stop);
            if (reply.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.NoContent)
                return (Location(reply) ?? session, blob.Size);
            if (Registry.IsForNow(reply.StatusCode) || reply.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotFound or HttpStatusCode.Unauthorized)
                return null;
            throw await registry.Refusal(reply, $"take a blob of {name}", stop);
        }
        catch (HttpRequestException error) when (error.InnerException is OciException damaged)
        {
            throw damaged;
        }
        catch (Exception error) when (Registry.IsCut(error, stop))
        {
            return null;
        }
    }

    /// <summary>Where the registry stands; null when it forgot the upload.</summary>
    private async Task<(Uri, long)?> HowFar(Uri session, CancellationToken stop)
    {
        using var reply = await registry.Send(() => new(HttpMethod.Get, session), _scope, stop);
        if (!reply.IsSuccessStatusCode || !reply.Headers.NonValidated.TryGetValues("Range", out var lines))
            return null;
        // 0-N is N+1 bytes; registries say 0-0 for none as well, which sending from the start answers.
        var last = lines.First().Split('-')[^1];
        var at = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end > 0 ? end + 1 : 0;
        return at <= blob.Size ? (Location(reply) ?? session, at) : null;
    }

    private Uri? Location(HttpResponseMessage reply)
        => reply.Headers.Location is { } to ? registry.Demanded(new Uri(reply.RequestMessage!.RequestUri!, to)) : null;

    private static async Task Pass(Stream source, long count, CancellationToken stop)
    {
        var away = new byte[1 << 16];
        while (count > 0)
            count -= await source.ReadAsync(away.AsMemory(0, (int)Math.Min(away.Length, count)), stop) is var read and > 0 ? read : throw new EndOfStreamException();
    }
}
