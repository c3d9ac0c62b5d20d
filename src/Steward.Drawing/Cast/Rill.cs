namespace Steward.Drawing;

/// <summary>Rill, the data: a drop whose layers are the mix of what it carries.</summary>
internal static class Rill
{
    private const string Water = "#3F9BD8";
    private const double Top = -104, Bottom = -6;

    /// <param name="mix">Shares and colours from the bottom up; plain water when empty.</param>
    public static Body Draw(string name, Pose pose, IReadOnlyList<(double Share, string Colour)> mix)
    {
        var sketch = new Sketch();
        var main = mix.Count == 0 ? Water : mix.MaxBy(part => part.Share).Colour;
        var dark = Colour.Mix(main, "#10243F", 0.38);
        var arms = new Arms(new(26, -34), new(40, -22), new(46, -74), dark, 6, main, 6.5);
        Body.Feet(sketch, 12, dark, 10, 6);
        arms.DrawBehind(sketch, pose);
        string drop = new PathBuilder().Move(0, Top).Curve(5, -84, 36, -66, 36, -40).Curve(36, -18, 20, Bottom, 0, Bottom).Curve(-20, Bottom, -36, -18, -36, -40).Curve(-36, -66, -5, -84, 0, Top).Close();
        sketch.Path(drop, main);
        Layers(sketch, mix);
        sketch.Path(drop, null, Hues.Ink, Hues.Outline);
        sketch.Path(new PathBuilder().Move(-24, -48).Curve(-22, -60, -12, -71), null, Colour.Mix(main, Hues.White, 0.55), 5);
        new Face(new(0, -44), 0.88, 14, "#FFD3CB").Draw(sketch, pose);
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-40, Top, 80, -Top), new(0, -50), 54, new(0, -32)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 30 };
    }

    /// <summary>Bands within the drop: their heights are the shares.</summary>
    private static void Layers(Sketch sketch, IReadOnlyList<(double Share, string Colour)> mix)
    {
        var y = Bottom;
        foreach (var (share, colour) in mix)
        {
            var height = share * (Bottom - Top);
            var (upper, lower) = (Math.Max(Top, y - height), y);
            var outline = Enumerable.Range(0, 13).Select(i => lower + ((upper - lower) * i / 12)).ToList();
            sketch.Path(PathBuilder.Polygon([.. outline.Select(at => new Point(-Half(at), at)), .. Enumerable.Reverse(outline).Select(at => new Point(Half(at), at))]), colour);
            y -= height;
        }
    }

    /// <summary>Half the drop's width at a height, from its outline.</summary>
    private static double Half(double y)
        => y < -40 ? Cubic(5, 36, (-104 - y) / -64) : 36 * Math.Sqrt(Math.Max(0, 1 - Math.Pow((y + 40) / 34, 2)));

    private static double Cubic(double first, double last, double down)
    {
        // The outline from the tip is a curve with y -104, -84, -66, -40: found by halving, its x read off.
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 24; i++)
        {
            var t = (low + high) / 2;
            var y = (Math.Pow(1 - t, 3) * -104) + (3 * Math.Pow(1 - t, 2) * t * -84) + (3 * (1 - t) * t * t * -66) + (t * t * t * -40);
            if (y < -104 + (down * 64))
                low = t;
            else
                high = t;
        }
        return (3 * Math.Pow(1 - low, 2) * low * first) + (3 * (1 - low) * low * low * last) + (low * low * low * last);
    }
}
