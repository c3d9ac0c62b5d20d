namespace Steward.Host.Templates.Fruit;

/// <summary>What lies behind the fruit: a gradient, and on it at random stripes, blotches in any colour and cloudy noise.</summary>
internal static class FruitBackground
{
    /// <summary>Side x side x 3 values of 0 to 255.</summary>
    internal static float[] Paint(Random chance, int side)
    {
        var canvas = new float[side * side * 3];
        Gradient(canvas, chance, side);
        if (chance.NextDouble() < 0.35)
            Stripes(canvas, chance, side);
        for (var left = chance.Next(9); left > 0; left--)
            Blotch(canvas, chance, side);
        if (chance.NextDouble() < 0.5)
            Clouds(canvas, chance, side);
        return canvas;
    }

    private static float[] Colour(Random chance) => [chance.Next(256), chance.Next(256), chance.Next(256)];

    private static void Gradient(float[] canvas, Random chance, int side)
    {
        var (from, to, angle) = (Colour(chance), Colour(chance), chance.NextDouble() * Math.Tau);
        Each(side, (x, y, at) =>
        {
            var share = (float)(0.5 + ((((x - (side / 2.0)) * Math.Cos(angle)) + ((y - (side / 2.0)) * Math.Sin(angle))) / side / 1.42));
            Mix(canvas, at, from, 1);
            Mix(canvas, at, to, share);
        });
    }

    private static void Stripes(float[] canvas, Random chance, int side)
    {
        var (colour, angle, width, strength) = (Colour(chance), chance.NextDouble() * Math.Tau, 3 + (9 * chance.NextDouble()), (float)(0.3 + (0.6 * chance.NextDouble())));
        Each(side, (x, y, at) =>
        {
            if (Math.Sin(((x * Math.Cos(angle)) + (y * Math.Sin(angle))) * Math.PI / width) > 0)
                Mix(canvas, at, colour, strength);
        });
    }

    private static void Blotch(float[] canvas, Random chance, int side)
    {
        var (colour, centreX, centreY) = (Colour(chance), side * chance.NextDouble(), side * chance.NextDouble());
        var (wide, high, edge, strength) = (3 + (11 * chance.NextDouble()), 3 + (11 * chance.NextDouble()), 0.1 + (0.6 * chance.NextDouble()), 0.4 + (0.6 * chance.NextDouble()));
        Each(side, (x, y, at) =>
        {
            var far = Math.Sqrt(((x - centreX) * (x - centreX) / wide / wide) + ((y - centreY) * (y - centreY) / high / high));
            Mix(canvas, at, colour, (float)(strength * Math.Clamp((1 - far) / edge, 0, 1)));
        });
    }

    private static void Clouds(float[] canvas, Random chance, int side)
    {
        const int Cells = 9;
        var heights = Enumerable.Range(0, Cells * Cells).Select(_ => chance.NextDouble() - 0.5).ToArray();
        var strength = 20 + (80 * chance.NextDouble());
        Each(side, (x, y, at) =>
        {
            var (cx, cy) = (x * (Cells - 1.0) / side, y * (Cells - 1.0) / side);
            var (left, top) = ((int)cx, (int)cy);
            var (right, low) = (cx - left, cy - top);
            var above = (heights[(top * Cells) + left] * (1 - right)) + (heights[(top * Cells) + left + 1] * right);
            var below = (heights[((top + 1) * Cells) + left] * (1 - right)) + (heights[((top + 1) * Cells) + left + 1] * right);
            for (var c = 0; c < 3; c++)
                canvas[at + c] += (float)(((above * (1 - low)) + (below * low)) * strength);
        });
    }

    private static void Each(int side, Action<int, int, int> paint)
    {
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                paint(x, y, ((y * side) + x) * 3);
    }

    private static void Mix(float[] canvas, int at, float[] colour, float share)
    {
        for (var c = 0; c < 3; c++)
            canvas[at + c] = (canvas[at + c] * (1 - share)) + (colour[c] * share);
    }
}
