namespace Steward.Training;

/// <summary>The same picture seen a little differently; what it shows stays.</summary>
internal static class PictureVariants
{
    private const double Turn = 40 * Math.PI / 180, Zoom = 1.4, Light = 0.2, Colour = 0.15, Soft = 0.4;

    // Of the picture's edge.
    private const double Shift = 0.1;

    internal static byte[] Mirror(byte[] rgb, int side)
    {
        var to = new byte[rgb.Length];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                rgb.AsSpan(((y * side) + side - 1 - x) * 3, 3).CopyTo(to.AsSpan(((y * side) + x) * 3));
        return to;
    }

    /// <summary>Each pixel the mean of four.</summary>
    internal static byte[] Half(byte[] rgb, int side)
    {
        var (half, row) = (side / 2, side * 3);
        var to = new byte[half * half * 3];
        for (var i = 0; i < to.Length; i++)
        {
            var at = (i / 3 / half * 2 * row) + (i / 3 % half * 6) + (i % 3);
            to[i] = (byte)((rgb[at] + rgb[at + 3] + rgb[at + row] + rgb[at + row + 3] + 2) / 4);
        }
        return to;
    }

    /// <summary>What is around the middle, before the edges of another picture: a soft circle of 3 to 4 tenths of the edge keeps it.</summary>
    internal static byte[] Before(byte[] rgb, byte[] other, int side, Random chance)
    {
        const double Soft = 0.06, Off = 0.06;
        var (reach, middleX, middleY) = (side * (0.3 + (0.12 * chance.NextDouble())), Middle(), Middle());
        var to = new byte[rgb.Length];
        for (var i = 0; i < to.Length; i++)
        {
            var (x, y) = ((i / 3 % side) - middleX, (i / 3 / side) - middleY);
            var keep = (float)Math.Clamp(0.5 + ((reach - Math.Sqrt((x * x) + (y * y))) / (2 * Soft * side)), 0, 1);
            to[i] = (byte)((rgb[i] * keep) + (other[i] * (1 - keep)));
        }
        return to;

        double Middle() => side * (0.5 + (Off * ((2 * chance.NextDouble()) - 1)));
    }

    /// <summary>Perhaps mirrored; turned by up to 40 degrees, larger or smaller by up to 1.4, moved by up to a tenth of the edge
    /// (edges repeat), in another light by up to a fifth and a little in colour; four of ten out of focus, so that not all
    /// is told by how a surface is drawn.</summary>
    internal static byte[] Any(byte[] rgb, int side, Random chance)
    {
        var (turn, zoom) = (Spread(Turn), Math.Exp(Spread(Math.Log(Zoom))));
        var (right, down, mirror) = (Spread(Shift * side), Spread(Shift * side), chance.Next(2) == 0 ? -1 : 1);
        var light = 1 + Spread(Light);
        float[] gain = [.. Enumerable.Range(0, 3).Select(_ => (float)(light * (1 + Spread(Colour))))];
        var (cos, sin, middle) = (Math.Cos(turn) * zoom, Math.Sin(turn) * zoom, (side - 1) / 2.0);
        var to = new byte[rgb.Length];
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (dx, dy) = (x - middle + right, y - middle + down);
                Pixel(rgb, side, (mirror * ((dx * cos) + (dy * sin))) + middle, (dy * cos) - (dx * sin) + middle, gain, to.AsSpan(((y * side) + x) * 3, 3));
            }
        return chance.NextDouble() < Soft ? Softened(to, side) : to;

        double Spread(double reach) => ((chance.NextDouble() * 2) - 1) * reach;
    }

    /// <summary>Each pixel but those on the edge the mean of nine.</summary>
    private static byte[] Softened(byte[] rgb, int side)
    {
        var (to, row) = ((byte[])rgb.Clone(), side * 3);
        for (var y = 1; y < side - 1; y++)
            for (var at = (y * row) + 3; at < ((y + 1) * row) - 3; at++)
                to[at] = (byte)((rgb[at - row - 3] + rgb[at - row] + rgb[at - row + 3] + rgb[at - 3] + rgb[at] + rgb[at + 3] + rgb[at + row - 3] + rgb[at + row] + rgb[at + row + 3]) / 9);
        return to;
    }

    /// <summary>The bilinear colour at a place, times the gain.</summary>
    private static void Pixel(byte[] rgb, int side, double x, double y, float[] gain, Span<byte> to)
    {
        (x, y) = (Math.Clamp(x, 0, side - 1), Math.Clamp(y, 0, side - 1));
        var (left, top) = ((int)x, (int)y);
        var (right, low) = ((float)(x - left), (float)(y - top));
        var (at, across, below) = (((top * side) + left) * 3, left + 1 < side ? 3 : 0, top + 1 < side ? side * 3 : 0);
        for (var c = 0; c < 3; c++)
        {
            var above = (rgb[at + c] * (1 - right)) + (rgb[at + c + across] * right);
            var under = (rgb[at + c + below] * (1 - right)) + (rgb[at + c + across + below] * right);
            to[c] = (byte)Math.Clamp(((above * (1 - low)) + (under * low)) * gain[c], 0, 255);
        }
    }
}
