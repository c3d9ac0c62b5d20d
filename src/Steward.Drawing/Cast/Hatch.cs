namespace Steward.Drawing;

/// <summary>Hatch, the query endpoint: a stall with a window. You hand in a question, a table comes out.</summary>
internal static class Hatch
{
    private const string Wood = "#5C93A8", WoodDark = "#3C6E83";

    public static Body Draw(string name, Pose pose)
    {
        var sketch = new Sketch();
        var arms = new Arms(new(44, -58), new(66, -40), new(70, -100), WoodDark, 7, Wood, 7.5);
        arms.DrawBehind(sketch, pose);
        sketch.Rounded(new(-54, -118, 108, 118), 6, Wood, Hues.Ink, Hues.Outline);
        sketch.Rounded(new(-43, -104, 86, 58), 6, "#FFF1CF", Hues.Ink, Hues.Outline);
        new Face(new(0, -78), 0.95, 16).Draw(sketch, pose);
        for (var x = -44; x <= 44; x += 22)
            sketch.Line(x, -34, x, -4, WoodDark, 2.4);
        sketch.Rounded(new(-62, -46, 124, 10), 4, Hues.WoodLight, Hues.Ink, Hues.Outline);
        Awning(sketch);
        Table(sketch, new(26, -60));
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-66, -142, 132, 142), new(0, -90), 62, new(0, -62)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 60 };
    }

    private static void Awning(Sketch sketch)
    {
        for (var i = 0; i < 6; i++)
        {
            var x = -66 + (i * 22);
            sketch.Path(new PathBuilder().Move(x + (i < 3 ? 4 : 2), -140).Line(x + (i < 3 ? 22 : 20), -140).Line(x + 22, -116).Curve(x + 11, -106, x, -116).Close(), i % 2 == 0 ? "#E0623F" : Hues.Paper, Hues.Ink, 2.2);
        }
    }

    /// <summary>A small table of rows and columns on the counter.</summary>
    private static void Table(Sketch sketch, Point at)
    {
        sketch.Rounded(new(at.X - 14, at.Y - 9, 30, 22), 2, Hues.Paper, Hues.Ink, 2).Rounded(new(at.X - 14, at.Y - 9, 30, 6), 2, Hues.Yellow, Hues.Ink, 1.6);
        sketch.Line(at.X - 13, at.Y + 5, at.X + 15, at.Y + 5, Hues.Shade, 1.4).Line(at.X - 4, at.Y - 2, at.X - 4, at.Y + 12, Hues.Shade, 1.4).Line(at.X + 6, at.Y - 2, at.X + 6, at.Y + 12, Hues.Shade, 1.4);
    }
}
