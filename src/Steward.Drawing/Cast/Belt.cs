namespace Steward.Drawing;

/// <summary>Belt, the pipeline: a machine that moves things along. One lamp for each step; a lit one with a tick is done.</summary>
internal static class Belt
{
    private const string Coat = "#D98E3A", CoatDark = "#A9651C";

    public static Body Draw(string name, double length, int done, int steps, Pose pose)
    {
        var sketch = new Sketch();
        var arms = new Arms(new(40, -64), new(56, -50), new(62, -112), CoatDark, 7, Coat, 7.5);
        Carrier(sketch, new(30, -34), length);
        Body.Feet(sketch, 22, CoatDark, 13, 7);
        arms.DrawBehind(sketch, pose);
        sketch.Rounded(new(-44, -112, 88, 102), 14, Coat, Hues.Ink, Hues.Outline);
        sketch.Path(new PathBuilder().Move(-35, -96).Curve(-34, -104, -24, -104), null, "#F2BE7E", 5);
        Lamps(sketch, done, steps);
        new Face(new(0, -72), 0.95, 16, "#FFC0A8").Draw(sketch, pose);
        sketch.Rounded(new(-26, -40, 52, 18), 6, "#5B3A14", Hues.Ink, 2.2);
        for (var x = -18; x <= 18; x += 9)
            sketch.Line(x, -37, x, -25, Hues.Yellow, 2.2);
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-48, -126, Math.Max(96, length + 84), 126), new(0, -74), 60, new(0, -56)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 52 };
    }

    /// <summary>The moving part: also a thing of its own.</summary>
    internal static void Carrier(Sketch sketch, Point at, double length)
    {
        foreach (var x in (double[])[at.X + 24, at.X + length - 30])
            sketch.Rounded(new(x, at.Y + 13, 8, 22), 2, Hues.MetalDark, Hues.Ink, 2.2);
        sketch.Rounded(new(at.X, at.Y, length, 15), 7.5, Hues.Metal, Hues.Ink, 2.4);
        for (var x = at.X + 13; x < at.X + length - 6; x += 24)
            sketch.Circle(x, at.Y + 7.5, 3.6, Hues.MetalLight, Hues.Ink, 1.8);
    }

    private static void Lamps(Sketch sketch, int done, int steps)
    {
        var step = Math.Min(18.0, 80.0 / Math.Max(1, steps));
        for (var i = 0; i < steps; i++)
        {
            var x = (i - ((steps - 1) / 2.0)) * step;
            sketch.Circle(x, -117, step * 0.42, i < done ? "#7ED08F" : "#4A4E66", Hues.Ink, 2);
            if (i < done)
                sketch.Path(new PathBuilder().Move(x - (step * 0.18), -117).Line(x - (step * 0.03), -117 + (step * 0.15)).Line(x + (step * 0.2), -117 - (step * 0.17)), null, Hues.Ink, 1.9);
        }
    }
}
