using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Host;
using Steward.Serving;
using Steward.Serving.OpenInference;
using Endpoint = Steward.Serving.Endpoint;

namespace Steward.Bench;

/// <summary>What scoring costs on top of the engine: parse, check, run, write, log; then the same over loopback HTTP.</summary>
internal static class Scoring
{
    private const int Clients = 16;

    public static async Task<string> Run(string folder)
    {
        await using var app = await Platform.Build(new Settings { Data = folder, Port = 0, Open = true });
        await app.StartAsync();
        await using var bare = await Bare();
        var server = new Uri(app.Urls.First());
        var bareServer = new Uri(bare.Urls.First());
        var table = await Serve(app, "table", BenchModels.Table());
        var pictures = await Serve(app, "pictures", BenchModels.Pictures());

        var values = BenchModels.Values(64 * 64);
        var pixels = BenchModels.Pixels(64 * 64 * 3);
        var cases = new[]
        {
            new Case("table, 1 row, JSON (1.4 KB)", table, BenchModels.Json("x", "FP32", [1, 64], values[..64]), "", () => Raw(BenchModels.Table(), 1, values)),
            new Case("table, 64 rows, JSON (46 KB)", table, BenchModels.Json("x", "FP32", [64, 64], values), "", () => Raw(BenchModels.Table(), 64, values)),
            new Case("picture 64x64, JSON (44 KB)", pictures, BenchModels.Json("image", "UINT8", [1, 64, 64, 3], pixels), "", () => RawPicture(pixels)),
            Binary(pictures, pixels),
        };
        var rows = new List<string[]>();
        foreach (var one in cases)
            rows.Add(await one.Row(app, server, bareServer));
        await bare.StopAsync();
        await app.StopAsync();
        var log = app.Services.GetRequiredService<RequestLog>();
        return "Every answer is checked, counted and handed to the request log (SQLite, full sync) as in the product. "
            + "The raw loop reuses its values over pinned memory and parses and writes nothing. Bare Kestrel reads the body and answers two bytes. "
            + $"Client and server share the machine; {Clients} connections.\n\n"
            + Report.Table(["case", "raw engine, µs", "ours in process, µs", "overhead, µs", "ours / raw rate", "ours over HTTP, req/s", "p50 µs", "p99 µs", "bare Kestrel, req/s", "HTTP / bare"], rows)
            + $"\nAnswers that the log could not take at this pace and dropped, as it promises rather than wait: {log.Dropped:N0}.";
    }

    private static RawEngine Raw(byte[] model, int rows, float[] values) => new(model, RawEngine.Pinned(values[..(rows * 64)], rows, 64), ("probabilities", 8));

    private static RawEngine RawPicture(byte[] pixels) => new(BenchModels.Pictures(), RawEngine.Pinned(pixels, 1, 64, 64, 3), ("embedding", 32), ("probabilities", 8));

    private static Case Binary(Live live, byte[] pixels)
    {
        var json = """{"inputs":[{"name":"image","shape":[1,64,64,3],"datatype":"UINT8","parameters":{"binary_data_size":12288}}],"parameters":{"binary_data_output":true}}"""u8.ToArray();
        return new("picture 64x64, binary (12 KB)", live, [.. json, .. pixels], $"{Replies.HeaderLength}: {json.Length}\r\n", () => RawPicture(pixels), json.Length);
    }

    private static async Task<Live> Serve(WebApplication app, string name, byte[] model)
    {
        await app.Services.GetRequiredService<EndpointStore>().Ensure(name, "bench", name, default);
        var live = app.Services.GetRequiredService<Fleet>().Enlist(new Endpoint(name, "bench", name, 1, 1, null, DateTimeOffset.UtcNow));
        live.Swap(1, () => LoadedVersion.Load(1, model), 1);
        return live;
    }

    private static async Task<WebApplication> Bare()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/", (RequestDelegate)(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = 2;
            await context.Response.Body.WriteAsync("{}"u8.ToArray());
        }));
        await app.StartAsync();
        return app;
    }

    private sealed record Case(string Name, Live Live, byte[] Body, string Headers, Func<RawEngine> Engine, int? JsonLength = null)
    {
        public async Task<string[]> Row(WebApplication app, Uri server, Uri bareServer)
        {
            using var engine = Engine();
            var handler = app.Services.GetRequiredService<InferHandler>();
            var reply = new ArrayBufferWriter<byte>(4096);
            var (raw, inside) = Measure.InTurns(engine.Run, () =>
            {
                reply.ResetWrittenCount();
                // Nobody waits for a turn here, so the answer is there when the call returns.
                var given = handler.Infer(Live, null, "bench", Body, JsonLength ?? Body.Length, reply, Stopwatch.GetTimestamp(), CancellationToken.None);
                if (!given.IsCompletedSuccessfully)
                    given.AsTask().GetAwaiter().GetResult();
            });
            using var ours = new Connections(server, $"/v2/models/{Live.Name}/infer", Body, Headers);
            using var nothing = new Connections(bareServer, "/", Body, Headers);
            var (bare, http) = await Measure.InTurns(nothing.Ask, ours.Ask, Clients);
            return [Name, Report.Number(raw.Micros), Report.Number(inside.Micros), Report.Number(inside.Micros - raw.Micros), Report.Ratio(inside.PerSecond / raw.PerSecond),
                Report.Number(http.PerSecond), Report.Number(http.P50), Report.Number(http.P99), Report.Number(bare.PerSecond), Report.Ratio(http.PerSecond / bare.PerSecond)];
        }
    }

    /// <summary>One connection per client, handed out to whoever asks next.</summary>
    private sealed class Connections : IDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<RawClient> _idle = [];

        public Connections(Uri server, string path, byte[] body, string headers)
        {
            for (var i = 0; i < Clients; i++)
                _idle.Add(new RawClient(server, path, body, headers));
        }

        public async Task Ask()
        {
            if (!_idle.TryTake(out var client))
                throw new InvalidOperationException("More lanes than connections.");
            await client.Ask();
            _idle.Add(client);
        }

        public void Dispose()
        {
            foreach (var client in _idle)
                client.Dispose();
        }
    }
}
