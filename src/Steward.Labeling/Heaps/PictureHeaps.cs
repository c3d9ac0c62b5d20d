using System.Numerics.Tensors;
using Steward.Statistics;

namespace Steward.Labeling.Heaps;

/// <summary>
/// Sorts pictures into heaps without any name: words of the middle (see <see cref="Words"/>), counted per picture; a distance
/// that does not mind turns, light and background, learned from views of the same picture; and heaps of neighbours.
/// </summary>
internal sealed class PictureHeaps(Action<double, string> tell, CancellationToken stop)
{
    private const int Short = 200, MostLearned = 3000, MostViews = 12_000, ViewsEach = 6;
    private const int Neighbours = 12, Axes = 16, Tries = 5;
    private const double Shrinkage = 0.3;

    // How far the middle reaches, in places of the grid; one deviation.
    private const double Reach = 7;
    private static readonly Rings Near = new([0, 1.6f, 3.6f, 6.2f], 1, 2, 0.5f);
    private static readonly Rings Wide = new([0, 2.2f, 4.5f, 7.5f, 11], 1, 2, 0.5f);
    private static readonly Rings Grain = new([0, 1.6f, 3.6f, 6.2f], 1.5f, 1, 1);
    private static readonly float[] Centred = [.. Enumerable.Range(0, Words.Places).Select(place => (float)Math.Exp(-Squared(place) / (2 * Reach * Reach)))];
    private readonly ParallelOptions _parallel = new() { CancellationToken = stop };

    /// <summary>The heap of every picture, from 0 by falling size, and how far it lies from the middle of its heap.</summary>
    /// <param name="pictures">64 x 64 x 3 bytes each.</param>
    /// <param name="count">At most so many heaps.</param>
    public IReadOnlyList<(int Heap, float Odd)> Sort(IReadOnlyList<byte[]> pictures, int count, int seed)
    {
        var random = new Random(seed);
        var (words, chances) = Learn(pictures, random);
        var rows = Distances(pictures, words, chances, seed);
        tell(0.85, "Putting alike to alike");
        var placed = SpectralEmbedding.Of(rows, Axes, Neighbours, random, stop);
        return Heaps(placed, count, random);
    }

    private (Words[] Words, float[][] Chances) Learn(IReadOnlyList<byte[]> pictures, Random random)
    {
        tell(0.05, "Finding what pictures are made of");
        var first = Words.Learn(Near, pictures, null, random, stop);
        var chances = new float[pictures.Count][];
        Each(pictures.Count, 0.12, 0.2, "Finding what pictures are made of", i => chances[i] = Chances(first, first.Read(new(pictures[i]))));
        var words = new Words[3];
        foreach (var (i, rings) in new[] { Near, Wide, Grain }.Index())
        {
            tell(0.2 + (0.07 * i), "Finding what they show");
            words[i] = Words.Learn(rings, pictures, chances, random, stop);
        }

        return (words, chances);
    }

    /// <summary>A row for each picture; equal distances are equally unlike, whatever turn, light or background.</summary>
    private float[][] Distances(IReadOnlyList<byte[]> pictures, Words[] words, float[][] chances, int seed)
    {
        var views = Math.Clamp(MostViews / pictures.Count, 1, ViewsEach);
        var counted = new float[pictures.Count][];
        Each(pictures.Count, 0.41, 0.5, "Counting what they show", i => counted[i] = Count(words, pictures[i]));
        var random = new Random(seed);
        var learned = Enumerable.Range(0, pictures.Count).Select(i => (i, Turn: random.Next())).OrderBy(one => one.Turn).Take(MostLearned).Select(one => counted[one.i]).ToList();
        var axes = PrincipalComponents.Of(learned, Short, random);
        var groups = new float[pictures.Count][][];
        Each(pictures.Count, 0.55, 0.8, "Looking at them from other sides", i =>
        {
            var chance = new Random(HashCode(seed, i));
            groups[i] = [axes.Shorten(counted[i]), .. Enumerable.Range(0, views).Select(_ => axes.Shorten(Count(words, Views.Make(pictures[i], chances[i], pictures[chance.Next(pictures.Count)], chance))))];
        });
        tell(0.8, "Learning what does not matter");
        var whitening = WithinWhitening.Of(groups, Shrinkage);
        var rows = new float[pictures.Count][];
        Parallel.For(0, rows.Length, _parallel, i => rows[i] = whitening.Whiten(Mean(groups[i])));
        return rows;
    }

    private (int, float)[] Heaps(float[][] placed, int count, Random random)
    {
        var flat = placed.SelectMany(row => row).ToArray();
        var found = Enumerable.Range(0, Tries).Select(_ =>
        {
            stop.ThrowIfCancellationRequested();
            return KMeans.Of(flat, placed[0].Length, count, random);
        }).MinBy(one => one.Inertia)!;
        var rank = found.Labels.CountBy(heap => heap).OrderByDescending(heap => heap.Value).ThenBy(heap => heap.Key).Select((heap, i) => (heap.Key, i)).ToDictionary(heap => heap.Key, heap => heap.i);
        return [.. placed.Select((row, i) => (rank[found.Labels[i]], TensorPrimitives.Distance(row, found.Centres[found.Labels[i]])))];
    }

    /// <summary>Square roots of shares (so that a distance is Hellinger's) of the words of each vocabulary; words of the middle, in the middle, count.</summary>
    private static float[] Count(Words[] vocabularies, byte[] picture)
    {
        var look = new Look(picture);
        var all = new float[vocabularies.Sum(words => words.Count)];
        var from = 0;
        foreach (var words in vocabularies)
        {
            var shares = all.AsSpan(from, words.Count);
            foreach (var (place, word) in words.Read(look).Index())
                shares[word] += Centred[place] * Squared(MathF.Max(Faint, words.Meaning[word]));
            var sum = TensorPrimitives.Sum<float>(shares) + 1e-9f;
            foreach (ref var share in shares)
                share = MathF.Sqrt(share / sum);
            from += words.Count;
        }

        return all;
    }

    // Where no word belongs to the middle (a landscape), all of them count a little.
    private const float Faint = 0.05f;

    /// <summary>How likely each place shows what the picture is about: the meaning of the words around it, and that it lies in the middle.</summary>
    private static float[] Chances(Words words, int[] read)
    {
        var chances = new float[Words.Places];
        for (var place = 0; place < chances.Length; place++)
        {
            var (sum, count, column, row) = (0f, 0, place % Look.Grid, place / Look.Grid);
            for (var y = Math.Max(0, row - 1); y <= Math.Min(Look.Grid - 1, row + 1); y++)
                for (var x = Math.Max(0, column - 1); x <= Math.Min(Look.Grid - 1, column + 1); x++)
                    (sum, count) = (sum + words.Meaning[read[(y * Look.Grid) + x]], count + 1);
            chances[place] = Centred[place] / (1 + MathF.Exp(-2 * ((sum / count) - 0.7f)));
        }

        return chances;
    }

    private void Each(int count, double from, double to, string doing, Action<int> work)
    {
        var done = 0;
        Parallel.For(0, count, _parallel, i =>
        {
            work(i);
            if (Interlocked.Increment(ref done) is var now && now % 50 == 0)
                tell(from + ((to - from) * now / count), doing);
        });
    }

    private static float[] Mean(float[][] rows)
    {
        var mean = new float[rows[0].Length];
        foreach (var row in rows)
            TensorPrimitives.MultiplyAdd(row, 1f / rows.Length, mean, mean);
        return mean;
    }

    private static double Squared(int place)
    {
        int dx = (place % Look.Grid) - (Look.Grid / 2), dy = (place / Look.Grid) - (Look.Grid / 2);
        return (dx * dx) + (dy * dy);
    }

    private static float Squared(float value) => value * value;

    /// <summary>The same on every machine and in every process.</summary>
    private static int HashCode(int seed, int i) => unchecked((seed * 1_000_003) + i);
}
