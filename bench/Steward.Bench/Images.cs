using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using Steward.Oci;

namespace Steward.Bench;

/// <summary>
/// How long an image takes when only its model changed: against hashing and compressing the model's bytes and nothing else, and
/// beside buildah, which does the same on the same base.
/// </summary>
internal static class Images
{
    private const int Rounds = 5;

    /// <summary>buildah takes a path for an image's name, and names are lower-case.</summary>
    public static async Task<string> Run(string _)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"steward-bench-{Guid.NewGuid():n}")).FullName;
        try
        {
            return await Measured(folder);
        }
        finally
        {
            await Tool(folder, "rm", "--all");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Measured(string folder)
    {
        var layout = ImageLayout.OpenOrCreate(Path.Combine(folder, "layout"));
        var ground = await Ground(layout);
        var rows = new List<string[]>();
        var seed = 0;
        foreach (var megabytes in new[] { 8, 64, 256 })
        {
            double single = double.MaxValue, block = double.MaxValue, ours = double.MaxValue, theirs = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                var weights = Path.Combine(folder, "model.onnx");
                Weights(weights, megabytes, ++seed);
                single = Math.Min(single, await Time(() => One(weights)));
                block = Math.Min(block, await Time(() => Blocks(weights)));
                ours = Math.Min(ours, await Time(() => Ours(layout, ground, weights, $"{seed}")));
                if (round < 2)
                    theirs = Math.Min(theirs, await Time(() => Buildah(folder, weights, seed)));
            }

            rows.Add([$"{megabytes} MB", Report.Number(single * 1000), Report.Number(block * 1000), Report.Number(ours * 1000), Report.Number(theirs * 1000), Report.Ratio(ours / block), Report.Ratio(ours / single), Report.Ratio(theirs / ours)]);
        }

        return $"The model is a file of 32-bit floats around zero, another one in every round; the base below it ({ground.Manifest.Layers.Sum(layer => layer.Size) / 1e6:0.0} MB in {ground.Manifest.Layers.Count} layers) is packed already. "
            + "Hash and compress, one thread: SHA-256, gzip at the default level, SHA-256 of what comes out, kept in a file. In blocks: the same bytes through the same blocks as ours, by all cores. "
            + "Ours: archive, both digests, layer, config and manifest in an OCI layout. buildah: `from` the same base, `add`, `config`, `commit` to an OCI layout, with its storage on the same disk (the time of `from` is not counted). Milliseconds, the best of five rounds (buildah: of two).\n\n"
            + Report.Table(["model", "one thread", "in blocks", "Steward.Oci", "buildah", "ours / in blocks", "ours / one thread", "buildah / ours"], rows);
    }

    /// <summary>The server's own runtime as what lies below: real files, of the usual size.</summary>
    private static async Task<BuiltImage> Ground(ImageLayout layout)
    {
        var layer = await layout.Pack(new LayerFiles().AddTree("app", new(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory())));
        var built = new ImagePlan { Layers = [layer with { CreatedBy = "ground" }] }.Build();
        await built.Put(layout, "ground");
        await layout.Commit(CancellationToken.None);
        return built;
    }

    private static void Weights(string file, int megabytes, int seed)
    {
        var random = new Random(seed);
        var floats = new float[megabytes * (1 << 20) / 4];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 0.1);
        File.WriteAllBytes(file, System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()).ToArray());
    }

    private static async Task One(string weights)
    {
        await using var from = File.OpenRead(weights);
        await using var to = File.Create(weights + ".gz");
        using var plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var gzip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
        {
            var buffer = new byte[1 << 17];
            while (await from.ReadAsync(buffer) is var read and > 0)
            {
                plain.AppendData(buffer, 0, read);
                await gzip.WriteAsync(buffer.AsMemory(0, read));
            }
        }

        to.Position = 0;
        await SHA256.HashDataAsync(to);
    }

    private static async Task Blocks(string weights)
    {
        await using var from = File.OpenRead(weights);
        await using var to = File.Create(weights + ".gz");
        using var plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var gzip = new SteadyGzipStream(to))
        {
            var buffer = new byte[1 << 17];
            while (await from.ReadAsync(buffer) is var read and > 0)
            {
                plain.AppendData(buffer, 0, read);
                await gzip.WriteAsync(buffer.AsMemory(0, read));
            }

            await gzip.Finish(CancellationToken.None);
        }

        to.Position = 0;
        await SHA256.HashDataAsync(to);
    }

    private static async Task Ours(ImageLayout layout, BuiltImage ground, string weights, string tag)
    {
        var layer = await layout.Pack(new LayerFiles().AddFile("model/model.onnx", new(weights)));
        await new ImagePlan { Base = ground.Manifest, BaseConfig = ground.Config, Layers = [layer with { CreatedBy = "model" }] }.Build().Put(layout, tag);
        await layout.Commit(CancellationToken.None);
    }

    private static string _container = "";

    private static async Task Buildah(string folder, string weights, int seed)
    {
        if (_container.Length == 0)
            _container = (await Tool(folder, "from", "--quiet", $"oci:{folder}/layout:ground")).Trim();
        Began.Restart();
        await Tool(folder, "add", "--quiet", _container, weights, "/model/model.onnx");
        await Tool(folder, "config", "--label", $"n={seed}", _container);
        await Tool(folder, "commit", "--quiet", "--timestamp", "0", _container, $"oci:{folder}/buildah:{seed}");
    }

    private static readonly Stopwatch Began = new();

    private static async Task<double> Time(Func<Task> work)
    {
        Began.Restart();
        await work();
        return Began.Elapsed.TotalSeconds;
    }

    private static async Task<string> Tool(string folder, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("buildah", ["--root", $"{folder}/storage", "--runroot", $"{folder}/run", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return await said;
        var why = await complained;
        throw new InvalidOperationException($"buildah {string.Join(' ', words)}: {why}");
    }
}
