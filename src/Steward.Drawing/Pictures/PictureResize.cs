namespace Steward.Drawing;

/// <summary>Resampling with a triangle filter as wide as the step between output pixels: linear when enlarging, a weighted
/// mean over the covered area when shrinking, so that fine patterns fade instead of flickering. One axis after the other.</summary>
public static class PictureResize
{
    /// <summary>The picture at another size, sides in pixels. Equal input gives equal bytes on every machine.</summary>
    public static Picture Resize(this Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((width, height) == (picture.Width, picture.Height))
            return picture;
        var narrow = Across(picture, Taps(picture.Width, width));
        return Picture.FromRgb(width, height, Down(narrow, width, Taps(picture.Height, height)));
    }

    private readonly record struct Tap(int First, float[] Weights);

    private static Tap[] Taps(int from, int to)
    {
        var step = (double)from / to;
        var reach = Math.Max(1, step);
        var taps = new Tap[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * step;
            var first = Math.Max(0, (int)Math.Floor(centre - reach));
            var last = Math.Min(from - 1, (int)Math.Ceiling(centre + reach));
            var raw = Enumerable.Range(first, last - first + 1).Select(at => Math.Max(0, 1 - (Math.Abs(at + 0.5 - centre) / reach))).ToArray();
            var sum = raw.Sum();
            taps[i] = new(first, [.. raw.Select(weight => (float)(weight / sum))]);
        }
        return taps;
    }

    private static float[] Across(Picture picture, Tap[] taps)
    {
        var narrow = new float[(long)picture.Height * taps.Length * 3];
        for (int y = 0, to = 0; y < picture.Height; y++)
            foreach (var (first, weights) in taps)
            {
                var from = ((y * picture.Width) + first) * 3;
                float red = 0, green = 0, blue = 0;
                foreach (var weight in weights)
                {
                    red += weight * picture.Rgb[from++];
                    green += weight * picture.Rgb[from++];
                    blue += weight * picture.Rgb[from++];
                }
                (narrow[to++], narrow[to++], narrow[to++]) = (red, green, blue);
            }
        return narrow;
    }

    private static byte[] Down(float[] narrow, int width, Tap[] taps)
    {
        var row = width * 3;
        var rgb = new byte[(long)taps.Length * row];
        var sum = new float[row];
        for (var y = 0; y < taps.Length; y++)
        {
            Array.Clear(sum);
            for (var k = 0; k < taps[y].Weights.Length; k++)
            {
                var (from, weight) = ((taps[y].First + k) * row, taps[y].Weights[k]);
                for (var x = 0; x < row; x++)
                    sum[x] += weight * narrow[from + x];
            }
            for (var x = 0; x < row; x++)
                rgb[(y * row) + x] = (byte)Math.Clamp(sum[x] + 0.5f, 0, 255);
        }
        return rgb;
    }
}
