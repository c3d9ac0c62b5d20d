namespace Steward.Labeling.Heaps;

/// <summary>
/// Other views of a picture: what is in its middle turned, mirrored, nearer or farther, moved, in other light, and laid over
/// the edges of another picture. In what such views differ, pictures of one kind may differ, too.
/// </summary>
internal static class Views
{
    /// <param name="rgb">64 x 64 x 3 bytes.</param>
    /// <param name="chances">How likely each place of the grid is part of what the picture shows.</param>
    /// <param name="behind">The picture whose edges lie behind.</param>
    public static byte[] Make(byte[] rgb, float[] chances, byte[] behind, Random random)
    {
        var (turn, size, mirror) = ((random.NextDouble() - 0.5) * Math.PI / 2, 0.75 + (0.55 * random.NextDouble()), random.Next(2) == 0 ? 1 : -1);
        var (right, down) = (14 * (random.NextDouble() - 0.5), 14 * (random.NextDouble() - 0.5));
        var light = 0.8 + (0.4 * random.NextDouble());
        double[] tint = [.. Enumerable.Range(0, 3).Select(_ => light * (0.88 + (0.24 * random.NextDouble())))];
        var flip = random.Next(2) == 1;
        var (cos, sin, most) = (Math.Cos(turn) / size, Math.Sin(turn) / size, chances.Max() + 1e-6f);
        var view = new byte[rgb.Length];
        for (var y = 0; y < Look.Side; y++)
            for (var x = 0; x < Look.Side; x++)
            {
                double ux = x - 32 - right, uy = y - 32 - down;
                var fromX = (int)Math.Round((mirror * ((ux * cos) + (uy * sin))) + 32);
                var fromY = (int)Math.Round((uy * cos) - (ux * sin) + 32);
                var inside = fromX is >= 0 and < Look.Side && fromY is >= 0 and < Look.Side;
                var shows = inside ? Math.Clamp((Chance(chances, fromX, fromY) / most * 4) - 1, 0, 1) : 0;
                var (behindX, behindY) = Outward(x, y);
                var back = ((behindY * Look.Side) + (flip ? Look.Side - 1 - behindX : behindX)) * 3;
                var front = ((fromY * Look.Side) + fromX) * 3;
                for (var c = 0; c < 3; c++)
                    view[(((y * Look.Side) + x) * 3) + c] = (byte)(((1 - shows) * behind[back + c]) + (shows > 0 ? shows * Math.Min(255, rgb[front + c] * tint[c]) : 0));
            }

        return view;
    }

    private static float Chance(float[] chances, int x, int y)
    {
        int column = (x - 4) / 2, row = (y - 4) / 2;
        return column is >= 0 and < Look.Grid && row is >= 0 and < Look.Grid ? chances[(row * Look.Grid) + column] : 0;
    }

    /// <summary>Places in the middle show what lies outside of it, mirrored at its rim.</summary>
    private static (int X, int Y) Outward(int x, int y)
    {
        double dx = x - 31.5, dy = y - 31.5, far = Math.Max(Math.Abs(dx), Math.Abs(dy));
        var stretch = far < 20 ? (40 - far) / far : 1;
        return (Math.Clamp((int)(31.5 + (dx * stretch)), 0, Look.Side - 1), Math.Clamp((int)(31.5 + (dy * stretch)), 0, Look.Side - 1));
    }
}
