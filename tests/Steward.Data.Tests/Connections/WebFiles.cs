using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Steward.Data.Tests.Connections;

/// <summary>A web server with files, ranges, tags and an index, as any does it; and with addresses that send on.</summary>
public sealed class WebFiles : IAsyncDisposable
{
    private WebApplication? _app;

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>Where <c>/on/…</c> sends to.</summary>
    public string? On { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public string Url => _app!.Urls.First();

    public async Task Start(CancellationToken stop)
    {
        if (_app is not null)
            return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapMethods("/files/{**name}", ["GET", "HEAD"], (string name, HttpRequest request) =>
        {
            Asked.Enqueue($"{request.Method} {name} {request.Headers.Authorization}");
            return name == "index.txt"
                ? Results.Text(string.Join('\n', Files.Keys.Append("../outside").Append("")))
                : Files.TryGetValue(name, out var bytes)
                    ? Results.Bytes(bytes, "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{Digest.Of(bytes).Hex[..16]}\""))
                    : Results.NotFound();
        });
        app.MapGet("/on/{**name}", (string name) => Results.Redirect(On + name));
        app.MapMethods("/on/{**name}", ["HEAD"], (string name) => Results.Redirect(On + name));
        await app.StartAsync(stop);
        _app = app;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
