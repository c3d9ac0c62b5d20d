using System.Net;
using System.Net.Http.Headers;

namespace Steward.Oci;

/// <summary>A blob on its way. When the connection breaks, it goes on where it was; whoever reads it notices nothing but time.</summary>
internal sealed class BlobDownload(Registry registry, Uri address, string scope, long size) : ReadingStream
{
    private HttpResponseMessage? _reply;
    private Stream? _body;
    private long _at;
    private int _failed;

    /// <summary>Asks for it, so that what is not there is known before the first read.</summary>
    public async Task Begin(CancellationToken stop)
    {
        var request = () =>
        {
            var ask = new HttpRequestMessage(HttpMethod.Get, address);
            if (_at > 0)
                ask.Headers.Range = new RangeHeaderValue(_at, null);
            return ask;
        };
        var reply = await registry.Send(request, scope, stop);
        if (!reply.IsSuccessStatusCode)
            using (reply)
                throw await registry.Refusal(reply, "give a blob", stop);
        _reply = reply;
        var begins = reply.StatusCode == HttpStatusCode.PartialContent ? reply.Content.Headers.ContentRange?.From ?? 0 : 0;
        if (reply.Content.Headers.ContentLength is { } length && begins + length != size)
            throw OciException.Differs($"The registry {registry.Host} has {begins + length:N0} bytes where the manifest says {size:N0}.");
        if (begins > _at)
            throw OciException.Differs($"The registry {registry.Host} left out a part of a blob.");
        _body = await reply.Content.ReadAsStreamAsync(stop);
        // A registry that cannot go on in the middle starts again: what we have already is passed over.
        await Pass(_at - begins, stop);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_at < size)
        {
            try
            {
                if (_body is null)
                    await Begin(cancellationToken);
                if (await Read(buffer, cancellationToken) is var read and > 0)
                {
                    _at += read;
                    _failed = 0;
                    return read;
                }
            }
            catch (Exception error) when (Registry.IsCut(error, cancellationToken))
            {
                if (++_failed >= registry.Options.Tries)
                    throw registry.Silent(error);
                LetGo();
                await registry.Wait(_failed, null, cancellationToken);
                continue;
            }

            LetGo();
            if (++_failed >= registry.Options.Tries)
                throw OciException.Differs($"The registry {registry.Host} ends a blob after {_at:N0} of {size:N0} bytes, again and again.");
            await registry.Wait(_failed, null, cancellationToken);
        }

        return 0;
    }

    private async Task Pass(long count, CancellationToken stop)
    {
        var away = new byte[1 << 16];
        while (count > 0)
            count -= await Read(away.AsMemory(0, (int)Math.Min(away.Length, count)), stop) is var read and > 0 ? read : throw new IOException("It ended before the place where it broke.");
    }

    private async Task<int> Read(Memory<byte> buffer, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(registry.Options.Patience);
        return await _body!.ReadAsync(buffer, patience.Token);
    }

    private void LetGo()
    {
        _body?.Dispose();
        _reply?.Dispose();
        (_body, _reply) = (null, null);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            LetGo();
        base.Dispose(disposing);
    }
}
