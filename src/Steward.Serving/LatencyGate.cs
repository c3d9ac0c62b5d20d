using System.Diagnostics;
using System.Globalization;
using Steward.Blobs;
using Steward.Drawing;
using Steward.Models;
using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Serving;

/// <summary>
/// Measures how long an answer takes on this machine, one at a time and off the record: pictures that were sent before,
/// else a made one of the model's size; other models get rows of zeros. Callers who wait for answers take turns with it.
/// </summary>
internal sealed class LatencyGate(EndpointStore endpoints, PredictionStore log, Admission admission, IBlobs blobs) : IGate
{
    private const int WarmUps = 5, Asked = 60, MostPictures = 20, FreeSide = 256;

    /// <summary>The quietest of so many rounds counts: whatever else the machine does only ever adds to a time.</summary>
    private const int Rounds = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public string Name => "latency";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        var limit = Comparison.Read(config.LatencyP95)!;
        var said = new GateResult(Name, $"95 of 100 answers within {Number(limit.Limit)} ms", false, "not measured", $"{Number(limit.Limit)} ms", "", Varies: true);
        try
        {
            using var model = await ModelSource.Load(version, blobs, stop);
            return await Measure(model, version, limit, said, stop);
        }
        catch (Exception error) when (error is OnnxRefusedException or OnnxRunException or ProblemException { Kind: ProblemKind.Conflict })
        {
            return said with { Why = $"It could not be asked: {Names.Shorten(error.Message, 300)}", Try = (error as ProblemException)?.Try ?? "Export the model to plain ONNX, in one file, with standard operators." };
        }
    }

    private async Task<GateResult> Measure(LoadedVersion model, ModelVersion version, Comparison limit, GateResult said, CancellationToken stop)
    {
        var sent = model.Picture is null ? [] : await Sent(version, stop);
        var pictures = model.Picture is not { } input ? [] : sent.Count > 0 ? sent : [Noise(input.Width ?? FreeSide, input.Height ?? FreeSide)];
        if (pictures.Count == 0 && model.Zeros() is null)
            return said with { Why = "What the model takes does not tell enough to make a request.", Try = "Give its inputs fixed sizes when you export it." };
        double? best = null;
        var (n, until) = (0, Stopwatch.GetTimestamp() + (long)(Longest.TotalSeconds * Stopwatch.Frequency));
        for (var round = 0; round < Rounds && (best is not { } known || !limit.Holds(known)) && (n == 0 || Stopwatch.GetTimestamp() < until); round++)
        {
            var times = await Round(model, pictures, until, stop);
            var p95 = Quantiles.OfSorted([.. times.Order()], 0.95);
            if (best is null || p95 < best)
                (best, n) = (p95, times.Count);
        }

        var passed = limit.Holds(best!.Value);
        var with = model.Picture is null ? "rows of zeros" : sent.Count > 0 ? $"{Say.Count(sent.Count, "picture")} that {(sent.Count == 1 ? "was" : "were")} sent before" : "a made picture";
        return said with
        {
            Passed = passed,
            Measured = $"{Number(best.Value)} ms",
            Spread = $"n {n}",
            Why = $"Of {n} answers one at a time on this server, 95 of 100 took at most {Number(best.Value)} ms, with {with}{(passed ? "" : $"; the quietest of {Rounds} rounds")}.",
            Try = passed ? null : "Train a smaller model, or check again on a quieter machine: steward model check " + version.Name,
        };
    }

    private async Task<List<double>> Round(LoadedVersion model, IReadOnlyList<byte[]> pictures, long until, CancellationToken stop)
    {
        var times = new List<double>();
        for (var i = 0; i < WarmUps + Asked; i++)
        {
            await Turn(stop);
            try
            {
                var began = Stopwatch.GetTimestamp();
                Ask(model, pictures.Count == 0 ? null : pictures[i % pictures.Count], stop);
                if (i >= WarmUps || (times.Count == 0 && began > until))
                    times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            finally
            {
                admission.Leave();
            }

            if (times.Count > 0 && Stopwatch.GetTimestamp() > until)
                break;
        }

        return times;
    }

    /// <summary>Nobody waits for this answer, so it can wait as long as it takes.</summary>
    private async Task Turn(CancellationToken stop)
    {
        while (true)
            try
            {
                await admission.Enter(stop);
                return;
            }
            catch (ProblemException busy) when (busy.Kind is ProblemKind.TooMany)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
    }

    /// <summary>What a request takes beyond the wire: decode, fit, run.</summary>
    private static void Ask(LoadedVersion model, byte[]? picture, CancellationToken stop)
    {
        var inputs = picture is null ? model.Zeros()! : new Dictionary<string, OnnxValue> { [model.Picture!.Name] = Pixels(model.Picture, picture) };
        try
        {
            foreach (var output in model.Run(inputs, null, stop))
                output.Dispose();
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    private static OnnxValue Pixels(PictureInput input, byte[] picture)
    {
        var read = input.Read(picture, picture.Length);
        return OnnxValue.OfBytes(ElementType.UInt8, read.Rgb, [1, read.Height, read.Width, 3]);
    }

    /// <summary>The newest pictures that people sent to the model's endpoint, as far as they can be read.</summary>
    private async Task<List<byte[]>> Sent(ModelVersion version, CancellationToken stop)
    {
        var sent = new List<byte[]>();
        if ((await endpoints.All(version.Project, stop)).Find(one => one.Model == version.Model) is not { } endpoint)
            return sent;
        foreach (var digest in (await log.Newest(endpoint.Name, 4 * MostPictures, new LogFilter(), stop)).Select(one => one.Picture).OfType<Digest>().Distinct().Take(MostPictures))
        {
            if (await blobs.Size(digest, stop) is null)
                continue;
            var bytes = await blobs.Read(digest, stop);
            try
            {
                Picture.Decode(bytes, bytes.Length);
                sent.Add(bytes);
            }
            catch (PictureException)
            {
                // It was kept with an answer once, and another build reads it otherwise: one picture less.
            }
        }

        return sent;
    }

    private static byte[] Noise(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        new Random(1).NextBytes(rgb);
        return Picture.FromRgb(width, height, rgb).EncodePng();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
