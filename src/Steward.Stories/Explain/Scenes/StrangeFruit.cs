using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Fruit that nobody has a name for: told apart by shape, whatever its colour. Each stands on its place, 40 pixels wide at scale one.</summary>
internal static class StrangeFruit
{
    public const int Shapes = 3;

    private static readonly string[] Coats = ["#E07A9A", "#F0A63C", "#6FB37A", "#7FA8DC", "#B48AD0"];

    /// <param name="shape">0 spiky, 1 smooth, 2 like a star.</param>
    public static void Draw(Sketch sketch, int shape, int coat, Point at, double scale = 1)
    {
        var (colour, drawn) = (Coats[coat % Coats.Length], new Sketch());
        (shape switch { 0 => (Action<Sketch, string>)Spiky, 1 => Smooth, _ => Star })(drawn, colour);
        sketch.Add(drawn.Group(at, scale));
    }

    /// <summary>Smooth, with a few spikes: it could go on either heap.</summary>
    public static void Between(Sketch sketch, Point at, double scale = 1)
    {
        var drawn = new Sketch();
        foreach (var (x, y, tip, up) in ((double, double, double, double)[])[(-9, -26, -14, -38), (0, -29, 0, -42), (9, -26, 14, -38)])
            drawn.Path(PathBuilder.Polygon(new(x - 4, y), new(tip, up), new(x + 4, y)), Colour.Mix(Coats[3], Hues.Ink, 0.25), Hues.Ink, 2);
        Smooth(drawn, Coats[3]);
        sketch.Add(drawn.Group(at, scale));
    }

    private static void Spiky(Sketch sketch, string colour)
    {
        const int spikes = 11;
        var path = new PathBuilder();
        for (var i = 0; i < spikes * 2; i++)
        {
            var (sin, cos) = Math.SinCos((i * Math.PI / spikes) - (Math.PI / 2));
            var radius = i % 2 == 0 ? 21 : 14;
            var (x, y) = (cos * radius, -20 + (sin * radius));
            _ = i == 0 ? path.Move(x, y) : path.Line(x, y);
        }

        sketch.Path(path.Close(), colour, Hues.Ink, 2.4).Circle(0, -20, 10, Colour.Mix(colour, Hues.White, 0.3));
    }

    private static void Smooth(Sketch sketch, string colour)
        => sketch.Ellipse(0, -16, 20, 16, colour, Hues.Ink, 2.4).Path(new PathBuilder().Move(-12, -20).Curve(-9, -27, 0, -28), null, Colour.Mix(colour, Hues.White, 0.5), 3.4)
            .Path(new PathBuilder().Move(0, -31).Curve(2, -37, 7, -39), null, Hues.WoodDark, 3);

    private static void Star(Sketch sketch, string colour)
    {
        var path = new PathBuilder();
        for (var i = 0; i < 10; i++)
        {
            var (sin, cos) = Math.SinCos((i * Math.PI / 5) - (Math.PI / 2));
            var radius = i % 2 == 0 ? 22 : 11;
            var (x, y) = (cos * radius, -19 + (sin * radius));
            _ = i == 0 ? path.Move(x, y) : path.Line(x, y);
        }

        sketch.Path(path.Close(), colour, Hues.Ink, 2.4);
        for (var i = 0; i < 5; i++)
        {
            var (sin, cos) = Math.SinCos((i * Math.PI * 2 / 5) - (Math.PI / 2));
            sketch.Line(0, -19, cos * 12, -19 + (sin * 12), Colour.Mix(colour, Hues.Ink, 0.4), 2);
        }
    }
}
