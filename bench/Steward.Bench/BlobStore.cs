using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Steward.Blobs;

namespace Steward.Bench;

/// <summary>Durable blobs: ours (digest, sync, name by content) against writing a file and syncing it; reading verified against reading and hashing.</summary>
internal static class BlobStore
{
    public static async Task<string> Run(string folder)
    {
        await using var services = new ServiceCollection().AddStorage(new Settings { Data = folder }).BuildServiceProvider();
        var blobs = services.GetRequiredService<IBlobs>();
        var raw = Directory.CreateDirectory(Path.Combine(folder, "raw")).FullName;
        var rows = new List<string[]>();
        foreach (var (title, size) in new[] { ("4 KB", 4 << 10), ("256 KB", 256 << 10), ("16 MB", 16 << 20) })
        {
            var bytes = BenchModels.Pixels(size);
            var number = 0;
            var (rawPut, put) = await Measure.InTurns(Now(() => WriteSynced(Path.Combine(raw, (number++).ToString(System.Globalization.CultureInfo.InvariantCulture)), Fresh(bytes))), async () => await blobs.Put(Fresh(bytes)));
            rows.Add(Row($"put {title}", size, rawPut, put));
            if (size == 4 << 10)
                rows.Add(await Many(blobs, bytes, rawPut));
            var kept = await blobs.Put(bytes);
            var file = Path.Combine(raw, "read");
            WriteSynced(file, bytes);
            var (rawRead, read) = await Measure.InTurns(Now(() => SHA256.HashData(File.ReadAllBytes(file))), async () => await blobs.Read(kept.Digest));
            rows.Add(Row($"read {title}", size, rawRead, read));
            if (size > 4 << 10)
                rows.Add(await Copied(blobs, raw, file, title, size));
            Directory.Delete(raw, recursive: true);
            Directory.CreateDirectory(raw);
        }

        return "Raw put writes a new file from memory and syncs it, without a digest; raw read reads the whole file and takes its SHA-256; raw copy is `File.Copy` and a sync, where the system copies without showing the bytes to anyone, "
            + "against a put streamed from the file. Ours takes the SHA-256 of everything that comes in and goes out, and syncs the file and its folder. Every put is of new bytes.\n\n"
            + Report.Table(["what", "raw, ops/s", "raw, MB/s", "ours, ops/s", "ours, MB/s", "ours p99 ms", "ours / raw"], rows);
    }

    /// <summary>64 pieces with one sync for all, against a sync for each.</summary>
    private static async Task<string[]> Many(IBlobs blobs, byte[] bytes, Rate rawPut)
    {
        var rate = await Measure.LoopAsync(async () => await blobs.PutMany([.. Enumerable.Range(0, 64).Select(_ => (ReadOnlyMemory<byte>)Fresh(bytes).ToArray())]));
        return Row("put 64 x 4 KB together (per piece)", bytes.Length, rawPut, rate with { PerSecond = rate.PerSecond * 64 });
    }

    /// <summary>A file taken in as a stream, against a synced copy.</summary>
    private static async Task<string[]> Copied(IBlobs blobs, string folder, string file, string title, int size)
    {
        var number = 0;
        void Renew()
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(handle, BitConverter.GetBytes(number++), 0);
        }

        var (copy, put) = await Measure.InTurns(Now(() =>
        {
            Renew();
            var to = Path.Combine(folder, "copy" + number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            File.Copy(file, to);
            using var handle = File.OpenHandle(to, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }), async () =>
        {
            Renew();
            await using var stream = File.OpenRead(file);
            await blobs.Put(stream, long.MaxValue, CancellationToken.None);
        });
        return Row($"put a file of {title}", size, copy, put);
    }

    private static string[] Row(string what, int size, Rate raw, Rate ours)
        => [what, Report.Number(raw.PerSecond), Report.Number(raw.PerSecond * size / 1e6), Report.Number(ours.PerSecond), Report.Number(ours.PerSecond * size / 1e6), Report.Number(ours.P99 / 1000), Report.Ratio(ours.PerSecond / raw.PerSecond)];

    private static Func<Task> Now(Action once) => () =>
    {
        once();
        return Task.CompletedTask;
    };

    /// <summary>The same array with other bytes at the front: the store keeps equal bytes once.</summary>
    private static byte[] Fresh(byte[] bytes)
    {
        RandomNumberGenerator.Fill(bytes.AsSpan(0, 16));
        return bytes;
    }

    private static void WriteSynced(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
