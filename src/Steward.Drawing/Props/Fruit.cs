namespace Steward.Drawing;

/// <summary>Fruits, standing on a place and about 40 pixels wide at scale one.</summary>
public static class Fruit
{
    private const double Line = 2.4;
    private const string Leaf = "#4FA65B", Stalk = "#6E4B34";

    private static readonly Dictionary<string, Action<Sketch, Func<string, string>>> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["apple"] = Apple, ["banana"] = Banana, ["cherries"] = Cherries, ["grapes"] = Grapes, ["kiwi"] = Kiwi, ["lemon"] = Lemon, ["orange"] = Orange, ["strawberry"] = Strawberry,
        ["mango"] = Mango, ["papaya"] = Papaya, ["pineapple"] = Pineapple, ["watermelon"] = Watermelon, ["grape"] = Grapes, ["cherry"] = Cherries,
    };

    /// <summary>The kinds that have a picture of their own; anything else is drawn as a card (<see cref="Props.Card"/>).</summary>
    public static IReadOnlyCollection<string> Known => Kinds.Keys;

    /// <param name="tint">A light that falls on it, and how much of it: everything turns orange under an orange lamp.</param>
    public static void Draw(Sketch sketch, string kind, Point at, double scale, (string Light, double Share)? tint = null)
    {
        var drawn = new Sketch();
        Kinds[kind](drawn, colour => tint is var (light, share) ? Colour.Mix(colour, light, share) : colour);
        sketch.Add(drawn.Group(at, scale));
    }

    private static void Apple(Sketch sketch, Func<string, string> lit)
    {
        sketch.Path(new PathBuilder().Move(0, -28).Curve(-6, -33, -20, -31, -20, -16).Curve(-20, -4, -10, 2, 0, -1).Curve(10, 2, 20, -4, 20, -16).Curve(20, -31, 6, -33, 0, -28).Close(), lit("#D8413A"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(-14, -17).Curve(-14, -25, -7, -26), null, lit("#F08A7C"), 3.4);
        Twig(sketch, 0, -28, lit);
    }

    private static void Banana(Sketch sketch, Func<string, string> lit)
        => sketch.Path(new PathBuilder().Move(-24, -24).Curve(-18, -8, 2, -4, 20, -20).Curve(23, -24, 27, -22, 26, -18).Curve(16, 6, -20, 4, -27, -20).Curve(-28, -25, -25, -27, -24, -24).Close(), lit("#F6CE46"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(-19, -12).Curve(-4, 0, 16, -8), null, lit("#D9A92E"), 2.2).Path(new PathBuilder().Move(25, -22).Line(28, -26), null, Stalk, 4);

    private static void Cherries(Sketch sketch, Func<string, string> lit)
    {
        sketch.Path(new PathBuilder().Move(-10, -16).Curve(-6, -30, 6, -38).Move(11, -15).Curve(12, -28, 6, -38), null, Hues.Ink, 2.6);
        foreach (var (x, y) in ((double, double)[])[(-11, -10), (11, -9)])
            sketch.Circle(x, y, 10, lit("#C2253C"), Hues.Ink, Line).Path(new PathBuilder().Move(x - 5, y - 1).Curve(x - 5, y - 5, x - 1, y - 6), null, lit("#EE7E8A"), 2.6);
        sketch.Path(new PathBuilder().Move(6, -38).Curve(18, -46, 24, -36).Curve(15, -30, 6, -38).Close(), lit(Leaf), Hues.Ink, 2);
    }

    private static void Grapes(Sketch sketch, Func<string, string> lit)
    {
        Twig(sketch, 0, -34, lit);
        foreach (var (x, y) in ((double, double)[])[(-13, -28), (0, -30), (13, -28), (-7, -19), (7, -19), (0, -9)])
            sketch.Circle(x, y, 8.5, lit("#8157B0"), Hues.Ink, 2.2).Circle(x - 2.6, y - 2.6, 2, lit("#B493DA"));
    }

    private static void Kiwi(Sketch sketch, Func<string, string> lit)
    {
        sketch.Ellipse(0, -15, 21, 16, lit("#8A6A43"), Hues.Ink, Line).Ellipse(2, -15, 16, 12.5, lit("#8CC152")).Ellipse(2, -15, 5.5, 4.2, lit("#EEF3D2"));
        for (var i = 0; i < 10; i++)
        {
            var (sin, cos) = Math.SinCos(i * Math.PI / 5);
            sketch.Ellipse(2 + (cos * 9), -15 + (sin * 7), 1.2, 1.6, Hues.Ink);
        }
    }

    private static void Lemon(Sketch sketch, Func<string, string> lit)
        => sketch.Path(new PathBuilder().Move(-26, -14).Curve(-22, -18, -20, -29, 0, -29).Curve(18, -29, 20, -19, 26, -16).Curve(27, -13, 25, -12, 23, -11).Curve(18, -2, 12, 0, 0, 0).Curve(-16, 0, -21, -9, -26, -14).Close(), lit("#F4DB4B"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(-13, -17).Curve(-9, -24, -1, -24), null, lit("#FBF0A4"), 3.4);

    private static void Orange(Sketch sketch, Func<string, string> lit)
    {
        sketch.Circle(0, -17, 18, lit("#F08A24"), Hues.Ink, Line).Path(new PathBuilder().Move(-12, -20).Curve(-11, -27, -4, -29), null, lit("#FFC06B"), 3.4);
        foreach (var (x, y) in ((double, double)[])[(4, -10), (9, -17), (-3, -7), (3, -19)])
            sketch.Circle(x, y, 1, lit("#B85F0C"));
        Twig(sketch, 0, -34, lit);
    }

    private static void Strawberry(Sketch sketch, Func<string, string> lit)
    {
        sketch.Path(new PathBuilder().Move(0, -1).Curve(-12, -6, -20, -18, -17, -26).Curve(-13, -33, 13, -33, 17, -26).Curve(20, -18, 12, -6, 0, -1).Close(), lit("#DD3B49"), Hues.Ink, Line);
        foreach (var (x, y) in ((double, double)[])[(-8, -20), (0, -22), (8, -20), (-5, -13), (5, -13), (0, -7)])
            sketch.Ellipse(x, y, 1.2, 1.9, lit("#FBE08A"));
        sketch.Path(new PathBuilder().Move(0, -27).Line(-14, -27).Line(-9, -33).Line(-3, -31).Line(0, -38).Line(3, -31).Line(9, -33).Line(14, -27).Close(), lit(Leaf), Hues.Ink, 2);
    }

    private static void Mango(Sketch sketch, Func<string, string> lit)
    {
        sketch.Path(new PathBuilder().Move(-15, -8).Curve(-17, -24, 4, -31, 15, -22).Curve(25, -13, 18, 0, 3, 0).Curve(-8, 0, -14, -2, -15, -8).Close(), lit("#F5A623"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(6, -23).Curve(15, -19, 14, -10), null, lit("#FFC861"), 3.4);
        Twig(sketch, 8, -24, lit);
    }

    private static void Papaya(Sketch sketch, Func<string, string> lit)
        => sketch.Path(new PathBuilder().Move(-25, -9).Curve(-26, -18, -14, -19, -6, -19).Curve(2, -19, 8, -25, 17, -24).Curve(30, -22, 31, -2, 17, 0).Curve(2, 2, -22, 2, -25, -9).Close(), lit("#7DBB4B"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(2, -17).Curve(9, -21, 17, -20), null, lit("#B4DB7C"), 3.4).Path(new PathBuilder().Move(-25, -11).Line(-31, -13), null, Hues.Ink, 3.2);

    private static void Pineapple(Sketch sketch, Func<string, string> lit)
    {
        foreach (var (x, y) in ((double, double)[])[(-12, -46), (12, -46), (0, -52)])
            sketch.Path(new PathBuilder().Move(-5, -30).Curve(x, y + 8, x, y).Curve(x + 5, y + 10, 5, -30).Close(), lit(Leaf), Hues.Ink, 2);
        sketch.Ellipse(0, -16, 15, 17, lit("#E9B43C"), Hues.Ink, Line);
        foreach (var shift in (double[])[-9, 0, 9])
            sketch.Path(new PathBuilder().Move(shift - 6, -27).Line(shift + 6, -5).Move(shift + 6, -27).Line(shift - 6, -5), null, lit("#B97A1F"), 1.6);
        sketch.Ellipse(0, -16, 15, 17, null, Hues.Ink, Line);
    }

    private static void Watermelon(Sketch sketch, Func<string, string> lit)
    {
        sketch.Path(new PathBuilder().Move(-27, -26).Line(27, -26).Curve(25, 0, 0, 0).Curve(-25, 0, -27, -26).Close(), lit("#3E8E4B"), Hues.Ink, Line)
            .Path(new PathBuilder().Move(-22, -25).Line(22, -25).Curve(19, -6, 0, -5).Curve(-19, -6, -22, -25).Close(), lit("#E8505B"), lit("#EAF3D5"), 2.4);
        foreach (var (x, y) in ((double, double)[])[(-10, -19), (0, -20), (10, -19), (-5, -12), (5, -12)])
            sketch.Ellipse(x, y, 1.4, 2.2, Hues.Ink);
    }

    private static void Twig(Sketch sketch, double x, double y, Func<string, string> lit)
        => sketch.Path(new PathBuilder().Move(x, y + 1).Curve(x + 2, y - 6, x + 1, y - 9), null, Stalk, 3)
            .Path(new PathBuilder().Move(x + 1, y - 7).Curve(x + 10, y - 14, x + 16, y - 8).Curve(x + 9, y - 2, x + 1, y - 7).Close(), lit(Leaf), Hues.Ink, 2);
}
