using Microsoft.Win32.SafeHandles;
using Steward.Drawing;
using Steward.Work;

namespace Steward.Labeling.Heaps;

/// <summary>The sorting itself, in a process of its own.</summary>
internal sealed class HeapChild : IChild
{
    private const long MostPictureBytes = 64L << 20;
    private const int Seed = 1;

    public string Name => "heaps";

    public Task Run(string folder, Action<double?, string?> tell, CancellationToken stop) => Task.Run(() =>
    {
        var job = Json.Read<HeapJob>(File.ReadAllText(Path.Combine(folder, HeapJob.File)));
        tell(0, $"Reading {Say.Count(job.Items.Count, "picture")}");
        var sorted = new PictureHeaps((done, doing) => tell(done, doing), stop).Sort(Pictures(folder, job, stop), job.Heaps, Seed);
        File.WriteAllText(Path.Combine(folder, HeapJob.Outcome), Json.Write(new HeapOutcome([.. sorted.Select(one => one.Heap)], [.. sorted.Select(one => one.Odd)])));
    }, stop);

    private static byte[][] Pictures(string folder, HeapJob job, CancellationToken stop)
    {
        using var file = File.OpenHandle(Path.Combine(folder, HeapJob.Pictures));
        var pictures = new byte[job.Items.Count][];
        try
        {
            Parallel.For(0, pictures.Length, new ParallelOptions { CancellationToken = stop }, i => pictures[i] = Decode(file, job.Items[i]));
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<ProblemException>().FirstOrDefault() is { } first)
        {
            throw first;
        }

        return pictures;
    }

    private static byte[] Decode(SafeFileHandle file, HeapPicture item)
    {
        var bytes = new byte[item.Size];
        for (var read = 0; read < bytes.Length;)
            read += RandomAccess.Read(file, bytes.AsSpan(read), item.Offset + read) is > 0 and var got ? got : throw new EndOfStreamException($"The pictures end before '{item.Key}'.");
        try
        {
            return Picture.Decode(bytes, MostPictureBytes).Resize(Look.Side, Look.Side).Rgb;
        }
        catch (PictureException broken)
        {
            throw ProblemException.Invalid("picture_broken", $"'{Names.Shorten(item.Key)}' cannot be sorted: {broken.Message}", "Remove it from the data set, or replace it.");
        }
    }
}
