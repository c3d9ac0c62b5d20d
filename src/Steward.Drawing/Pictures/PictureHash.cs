using System.Numerics;

namespace Steward.Drawing;

/// <summary>
/// What a picture looks like from afar, the same after it was compressed again, resized or brightened a little; not after
/// it was cropped, turned or mirrored. Two steps: the difference hash (dHash: is each spot brighter than the one at its
/// right?) finds candidates fast, the tiny picture beside it tells twins from pictures that only have the same outline.
/// </summary>
/// <param name="Bits">64 bits, 8 a row from the top left.</param>
/// <param name="Small">12 x 8 x 3 bytes: red, green, blue.</param>
public sealed record PictureHash(long Bits, byte[] Small)
{
    /// <summary>Pictures whose hashes differ in at most so many bits are worth a second look.</summary>
    public const int MostBits = 5;

    /// <summary>Both the 9 x 8 greys of the hash and the 12 x 8 colours come from this grid by plain means.</summary>
    private const int GridWidth = 36, GridHeight = 32;
    private const int SmallWidth = 12, SmallHeight = 8;

    /// <summary>Levels of 255: where neighbours differ by less, noise would decide about the bit.</summary>
    private const int Flat = 2;

    /// <summary>How much of one tiny picture the other explains; noise, resizing and light leave this much.</summary>
    private const double Alikeness = 0.997;

    /// <summary>Levels of 255, root mean square: with less a picture has no look to compare, a blank sheet or a lens cap.</summary>
    private const double LeastDetail = 4;

    private readonly (long Red, long Green, long Blue) _sums = Sums(Small);

    /// <summary>Whether there is anything to compare: a blank sheet looks like every other.</summary>
    public bool HasDetail => Covariance(this, this) >= LeastDetail * LeastDetail;

    public static PictureHash Of(Picture picture)
    {
        var grid = picture.Resize(GridWidth, GridHeight).Rgb;
        return new(Bits64(Mean(grid, 9, 8)), [.. Mean(grid, SmallWidth, SmallHeight).Select(value => (byte)(value + 0.5f))]);
    }

    /// <summary>In how many bits two hashes differ.</summary>
    public static int Distance(long one, long other) => BitOperations.PopCount((ulong)(one ^ other));

    /// <summary>Whether two pictures are the same to a person who glances at them; light and contrast do not matter, colours do.</summary>
    public static bool Alike(PictureHash one, PictureHash other) => Distance(one.Bits, other.Bits) <= MostBits && Correlation(one, other) >= Alikeness;

    /// <summary>Pearson's correlation over the three channels, each around its own mean: a tint is no detail. 0 where one of the two has none.</summary>
    private static double Correlation(PictureHash one, PictureHash other)
    {
        var (left, right) = (Covariance(one, one), Covariance(other, other));
        return Math.Min(left, right) < LeastDetail * LeastDetail ? 0 : Covariance(one, other) / Math.Sqrt(left * right);
    }

    /// <summary>Mean over the channels.</summary>
    private static double Covariance(PictureHash one, PictureHash other)
    {
        const long Pixels = SmallWidth * SmallHeight;
        var (a, b) = (one._sums, other._sums);
        return ((Pixels * Dot(one.Small, other.Small)) - (a.Red * b.Red) - (a.Green * b.Green) - (a.Blue * b.Blue)) / (3.0 * Pixels * Pixels);
    }

    private static (long, long, long) Sums(byte[] small)
    {
        long red = 0, green = 0, blue = 0;
        for (var i = 0; i < small.Length; i += 3)
        {
            red += small[i];
            green += small[i + 1];
            blue += small[i + 2];
        }

        return (red, green, blue);
    }

    /// <summary>Sum of products. The product of two bytes fits 16 bits, and 288 of them fit 32.</summary>
    private static long Dot(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var sum = Vector<uint>.Zero;
        var at = 0;
        for (; at <= one.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(one[at..]), out var low, out var high);
            Vector.Widen(new Vector<byte>(other[at..]), out var otherLow, out var otherHigh);
            Vector.Widen(low * otherLow, out var first, out var second);
            Vector.Widen(high * otherHigh, out var third, out var fourth);
            sum += first + second + third + fourth;
        }

        long dot = Vector.Sum(sum);
        for (; at < one.Length; at++)
            dot += one[at] * other[at];
        return dot;
    }

    private static long Bits64(float[] rgb)
    {
        var bits = 0L;
        for (var y = 0; y < 8; y++)
            for (var x = 0; x < 8; x++)
                bits = (bits << 1) | (Grey((y * 9) + x) > Grey((y * 9) + x + 1) + Flat ? 1L : 0);
        return bits;

        float Grey(int at) => (0.299f * rgb[at * 3]) + (0.587f * rgb[(at * 3) + 1]) + (0.114f * rgb[(at * 3) + 2]);
    }

    private static float[] Mean(byte[] grid, int width, int height)
    {
        var (wide, high) = (GridWidth / width, GridHeight / height);
        var mean = new float[width * height * 3];
        for (var y = 0; y < height * high; y++)
            for (var x = 0; x < width * wide; x++)
                for (var c = 0; c < 3; c++)
                    mean[((((y / high) * width) + (x / wide)) * 3) + c] += grid[(((y * GridWidth) + x) * 3) + c];
        for (var i = 0; i < mean.Length; i++)
            mean[i] /= wide * high;
        return mean;
    }
}
