using System.Numerics;
using System.Numerics.Tensors;
using Steward.Statistics;

namespace Steward.Labeling.Heaps;

/// <summary>
/// A vocabulary of what places of pictures look like, found by k-means over many of them, and for each word how much more
/// often it stands in the middle of pictures than at their edges. People point a camera at what they mean, so words of the
/// middle tell what a picture shows, and words of the edges tell where it was taken.
/// </summary>
internal sealed class Words
{
    public const int Places = Look.Grid * Look.Grid;

    /// <summary>Places rounded up to whole vectors of any machine.</summary>
    public const int Room = (Places + 15) / 16 * 16;

    private const int Most = 400, Sampled = 12_000, FromEach = 8, Rounds = 12, MostWeighed = 2000;
    private const int Middle = 5, Edge = 11, Centre = Look.Grid / 2;
    private readonly Rings _rings;
    private readonly float[] _shift, _factor;
    private readonly float[][] _centres;
    private readonly float[] _halves;

    private Words(Rings rings, float[] shift, float[] factor, float[][] centres)
    {
        (_rings, _shift, _factor, _centres) = (rings, shift, factor, centres);
        _halves = Array.ConvertAll(centres, centre => TensorPrimitives.SumOfSquares<float>(centre) / 2);
        Meaning = new float[centres.Length];
    }

    public int Count => _centres.Length;

    /// <summary>For each word the logarithm of how much more often it stands in the middle than at the edges.</summary>
    public float[] Meaning { get; private set; }

    /// <param name="pictures">64 x 64 x 3 bytes each.</param>
    /// <param name="chances">How likely a place of a picture is to be sampled, 0 to 1; null for all alike.</param>
    public static Words Learn(Rings rings, IReadOnlyList<byte[]> pictures, float[][]? chances, Random random, CancellationToken stop)
    {
        var (shift, factor) = Spread(rings, pictures);
        var blank = new Words(rings, shift, factor, []);
        var sample = new List<float>(Sampled * rings.Length);
        var perPicture = Math.Max(FromEach, Sampled / pictures.Count);
        for (var taken = 0; taken < Sampled; taken += perPicture)
        {
            stop.ThrowIfCancellationRequested();
            var picture = random.Next(pictures.Count);
            var told = blank.Told(new(pictures[picture]));
            for (var i = 0; i < perPicture; i++)
            {
                var place = random.Next(Places);
                for (var tries = 0; tries < 200 && chances is not null && random.NextSingle() >= chances[picture][place]; tries++)
                    place = random.Next(Places);
                foreach (var number in told)
                    sample.Add(number[place]);
            }
        }

        var words = new Words(rings, shift, factor, KMeans.Of([.. sample], rings.Length, Most, random, maxRounds: Rounds).Centres);
        words.Meaning = words.Weigh(pictures, stop);
        return words;
    }

    /// <summary>The word of every place.</summary>
    public int[] Read(Look look)
    {
        var told = Told(look);
        var read = new int[Places];
        Span<Vector<float>> here = new Vector<float>[told.Length];
        for (var block = 0; block < Places; block += Vector<float>.Count)
        {
            for (var d = 0; d < told.Length; d++)
                here[d] = new(told[d], block);
            var (best, nearest) = (Vector<int>.Zero, new Vector<float>(float.PositiveInfinity));
            for (var w = 0; w < _centres.Length; w++)
            {
                // Half the squared distance, but for what all words have in common.
                var far = new Vector<float>(_halves[w]);
                var centre = _centres[w];
                for (var d = 0; d < centre.Length; d++)
                    far -= here[d] * centre[d];
                var nearer = Vector.LessThan(far, nearest);
                nearest = Vector.ConditionalSelect(nearer, far, nearest);
                best = Vector.ConditionalSelect(nearer, new Vector<int>(w), best);
            }

            for (var lane = 0; lane < Vector<float>.Count && block + lane < Places; lane++)
                read[block + lane] = best[lane];
        }

        return read;
    }

    private float[][] Told(Look look)
    {
        var told = _rings.Of(look);
        for (var d = 0; d < told.Length; d++)
        {
            TensorPrimitives.Add(told[d], _shift[d], told[d]);
            TensorPrimitives.Multiply(told[d], _factor[d], told[d]);
        }

        return told;
    }

    private float[] Weigh(IReadOnlyList<byte[]> pictures, CancellationToken stop)
    {
        double[] middle = new double[Count], edge = new double[Count];
        var counting = new Lock();
        var step = Math.Max(1, pictures.Count / MostWeighed);
        Parallel.For(0, pictures.Count / step, new ParallelOptions { CancellationToken = stop }, i =>
        {
            var read = Read(new(pictures[i * step]));
            lock (counting)
                for (var place = 0; place < Places; place++)
                    if (Math.Max(Math.Abs((place % Look.Grid) - Centre), Math.Abs((place / Look.Grid) - Centre)) is var far && far <= Middle)
                        middle[read[place]]++;
                    else if (far >= Edge)
                        edge[read[place]]++;
        });
        double allMiddle = middle.Sum(), allEdge = edge.Sum();
        return [.. middle.Zip(edge, (inside, outside) => (float)Math.Log((inside + 2) / allMiddle / ((outside + 2) / allEdge)))];
    }

    /// <summary>What brings each number to mean 0 and its weight as deviation, from some of the pictures.</summary>
    private static (float[] Shift, float[] Factor) Spread(Rings rings, IReadOnlyList<byte[]> pictures)
    {
        double[] sum = new double[rings.Length], squares = new double[rings.Length];
        var step = Math.Max(1, pictures.Count / 1000);
        double count = 0;
        for (var i = 0; i < pictures.Count; i += step, count += Places)
            foreach (var (d, numbers) in rings.Of(new(pictures[i])).Index())
            {
                sum[d] += TensorPrimitives.Sum<float>(numbers.AsSpan(0, Places));
                squares[d] += TensorPrimitives.SumOfSquares<float>(numbers.AsSpan(0, Places));
            }

        var (shift, factor) = (new float[rings.Length], new float[rings.Length]);
        for (var d = 0; d < rings.Length; d++)
        {
            var mean = sum[d] / count;
            var deviation = Math.Sqrt(Math.Max(0, (squares[d] / count) - (mean * mean)));
            (shift[d], factor[d]) = ((float)-mean, deviation < 1e-4 ? 0 : (float)(rings.Weights[d] / deviation));
        }

        return (shift, factor);
    }
}
