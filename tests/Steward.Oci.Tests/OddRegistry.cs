using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Steward.Oci.Tests;

/// <summary>A registry by the book that can be told to behave as bad ones do. What it was asked is kept.</summary>
public sealed class OddRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new();
    private readonly ConcurrentDictionary<string, (string Type, byte[] Bytes)> _manifests = new();
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = new();

    private OddRegistry(WebApplication app) => _app = app;

    public string Host => new Uri(_app.Urls.First()).Authority;

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Answers instead of the registry when it returns true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>Uploads break after so many bytes, this often.</summary>
    public int UploadsCut { get; set; }

    /// <summary>Bytes that came in uploads.</summary>
    public long Received { get; private set; }

    /// <summary>Lists referrers itself, as registries of version 1.1 do.</summary>
    public bool KnowsReferrers { get; set; } = true;

    public ConcurrentDictionary<string, byte[]> Blobs => _blobs;

    public static async Task<OddRegistry> Start(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        var odd = new OddRegistry(app);
        app.Run(odd.Answer);
        await app.StartAsync();
        return odd;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        var (request, reply) = (context.Request, context.Response);
        Asked.Enqueue($"{request.Method} {request.Path}{request.QueryString} auth={request.Headers.Authorization}");
        if (await Instead(context))
            return;
        var path = request.Path.Value!;
        var last = path[(path.LastIndexOf('/') + 1)..];
        if (path.Contains("/blobs/uploads/", StringComparison.Ordinal))
            await Upload(context, last);
        else if (path.Contains("/blobs/", StringComparison.Ordinal))
            await Blob(context, last);
        else if (path.Contains("/manifests/", StringComparison.Ordinal))
            await Manifest(context, last);
        else if (path.Contains("/referrers/", StringComparison.Ordinal) && KnowsReferrers)
        {
            reply.ContentType = MediaTypes.Index;
            await reply.Body.WriteAsync(new Index([.. _manifests.Values.Where(one => one.Type == MediaTypes.Manifest).DistinctBy(one => OciDigest.Of(one.Bytes))
                .Where(one => Oci.Manifest.Read(one.Bytes).Subject?.Digest.ToString() == last).Select(one => Descriptor.Of(one.Type, one.Bytes) with { ArtifactType = Oci.Manifest.Read(one.Bytes).ArtifactType })]).Bytes());
        }
        else
            reply.StatusCode = path == "/v2/" ? 200 : 404;
    }

    private async Task Upload(HttpContext context, string session)
    {
        var (request, reply) = (context.Request, context.Response);
        if (request.Method == "POST")
        {
            session = Guid.NewGuid().ToString("n");
            _uploads[session] = new();
            (reply.StatusCode, reply.Headers.Location) = (202, request.Path + session + "?state=a%2Bb");
            return;
        }

        if (!_uploads.TryGetValue(session, out var upload))
        {
            reply.StatusCode = 404;
            return;
        }

        reply.Headers.Location = request.Path + "?state=a%2Bb";
        if (request.Method == "PATCH")
        {
            if (request.Headers.ContentRange.ToString().Split('-')[0] != upload.Length.ToString(CultureInfo.InvariantCulture))
            {
                reply.StatusCode = 416;
                return;
            }

            var buffer = new byte[64 << 10];
            for (long here = 0; await request.Body.ReadAsync(buffer) is var read and > 0;)
            {
                upload.Write(buffer, 0, read);
                Received += read;
                if (UploadsCut > 0 && (here += read) > 1 << 20)
                {
                    UploadsCut--;
                    context.Abort();
                    return;
                }
            }

            reply.StatusCode = 202;
        }
        else if (request.Method == "GET")
            reply.StatusCode = 204;
        else
        {
            var digest = request.Query["digest"].ToString();
            if (OciDigest.Of(upload.ToArray()).ToString() != digest)
            {
                reply.StatusCode = 400;
                return;
            }

            _blobs[digest] = upload.ToArray();
            reply.StatusCode = 201;
        }

        reply.Headers.Range = $"0-{Math.Max(0, upload.Length - 1)}";
    }

    private async Task Blob(HttpContext context, string digest)
    {
        if (!_blobs.TryGetValue(digest, out var bytes))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentLength = bytes.Length;
        if (context.Request.Method == "GET")
            await context.Response.Body.WriteAsync(bytes);
    }

    private async Task Manifest(HttpContext context, string reference)
    {
        var (request, reply) = (context.Request, context.Response);
        if (request.Method == "PUT")
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            _manifests[reference] = _manifests[OciDigest.Of(bytes.ToArray()).ToString()] = (request.ContentType!, bytes.ToArray());
            if (KnowsReferrers && request.ContentType == MediaTypes.Manifest && Oci.Manifest.Read(bytes.ToArray()).Subject is { } subject)
                reply.Headers["OCI-Subject"] = subject.Digest.ToString();
            reply.StatusCode = 201;
        }
        else if (_manifests.TryGetValue(reference, out var found))
        {
            reply.ContentType = found.Type;
            reply.Headers["Docker-Content-Digest"] = OciDigest.Of(found.Bytes).ToString();
            await reply.Body.WriteAsync(found.Bytes);
        }
        else
            reply.StatusCode = 404;
    }

    public static async Task Say(HttpContext context, int status, string body, string type = "application/json")
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    /// <summary>Breaks the connection without a word.</summary>
    public static void Break(HttpContext context) => context.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();
}
