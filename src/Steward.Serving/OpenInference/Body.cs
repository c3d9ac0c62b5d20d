using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Steward.Serving.OpenInference;

/// <summary>A request's body in one pooled piece, unpacked.</summary>
internal readonly struct Body(byte[] pooled, int length) : IDisposable
{
    public Memory<byte> Bytes => pooled.AsMemory(0, length);

    /// <exception cref="ProblemException"><c>too_large</c>, or an encoding that is not known or broken.</exception>
    public static async ValueTask<Body> Read(HttpRequest request, long most, CancellationToken stop)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        if (request.ContentLength > most)
            throw TooLarge(most);
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is "" or "identity")
            return await Read(request.Body, request.ContentLength, most, stop);
        // What the protocol's clients call deflate is zlib.
        await using Stream unpacked = encoding switch
        {
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw ProblemException.Invalid("encoding_unknown", "The body is packed in a way that is not served.", "Send it as it is, or with gzip or deflate."),
        };
        try
        {
            return await Read(unpacked, null, most, stop);
        }
        catch (InvalidDataException)
        {
            throw ProblemException.Invalid("encoding_broken", $"The body is not {encoding}.", "Send it as it is.");
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(pooled);

    private static async ValueTask<Body> Read(Stream from, long? length, long most, CancellationToken stop)
    {
        // One byte more than announced, so that the end shows without another growth.
        var bytes = ArrayPool<byte>.Shared.Rent((int)(length ?? 16 * 1024) + 1);
        var filled = 0;
        try
        {
            while (await from.ReadAsync(bytes.AsMemory(filled), stop) is var read and > 0)
            {
                filled += read;
                if (filled > most)
                    throw TooLarge(most);
                if (filled == bytes.Length)
                    bytes = Grown(bytes);
            }

            return new(bytes, filled);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    private static byte[] Grown(byte[] bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }

    private static ProblemException TooLarge(long most)
        => new(ProblemKind.TooLarge, "too_large", $"The request is larger than {Say.Bytes(most)}.", "Send fewer rows or a smaller picture at once.");
}
