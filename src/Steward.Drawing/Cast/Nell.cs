namespace Steward.Drawing;

/// <summary>Nell, the monitor: a gauge on two feet. Her needle is a measured value.</summary>
internal static class Nell
{
    private const string Dark = "#37468F", Dial = "#F7F8FF";

    /// <summary>Where the zones end; drawn, so a needle says which one it is in.</summary>
    public const double Calm = 0.37, Close = 0.65;

    /// <param name="needle">0 is well within the limit, <see cref="Close"/> the limit, 1 far beyond it.</param>
    public static Body Draw(string name, double needle, Pose pose)
    {
        var sketch = new Sketch();
        var arms = new Arms(new(16, -34), new(50, -30), new(60, -78), Dark, 7, Hues.Blue, 7);
        Body.Feet(sketch, 15, Dark, 12, 6.5);
        arms.DrawBehind(sketch, pose);
        sketch.Path(new PathBuilder().Move(-20, -12).Curve(-23, -36, -14, -44).Line(14, -44).Curve(23, -36, 20, -12).Curve(0, -6, -20, -12).Close(), Hues.Blue, Hues.Ink, Hues.Outline);
        sketch.Ellipse(0, -86, 50, 48, Hues.Blue, Hues.Ink, Hues.Outline).Ellipse(0, -86, 42, 40, Dial, Hues.Ink, 2);
        Zone(sketch, 0.03, Calm - 0.01, Hues.Green);
        Zone(sketch, Calm + 0.015, Close - 0.01, Hues.Yellow);
        Zone(sketch, Close + 0.015, 0.97, Hues.Red);
        new Face(new(0, -70), 0.86, 17.5).Draw(sketch, pose);
        Needle(sketch, Math.Clamp(needle, 0.03, 0.97));
        arms.DrawBefore(sketch, pose);
        return new(name, sketch, new(-52, -136, 104, 136), new(0, -86), 53, new(0, -58)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 40 };
    }

    private static Point On(double part, double radius)
    {
        var (sin, cos) = Math.SinCos(Math.PI * (1 - part));
        return new(cos * radius, -88 - (sin * radius * 0.92));
    }

    private static void Zone(Sketch sketch, double from, double to, string colour)
    {
        var path = new PathBuilder();
        for (var i = 0; i <= 8; i++)
        {
            var at = On(from + ((to - from) * i / 8), 33);
            if (i == 0)
                path.Move(at.X, at.Y);
            else
                path.Line(at.X, at.Y);
        }
        sketch.Path(path, null, colour, 8);
    }

    /// <summary>It starts above the eyes and never crosses them.</summary>
    private static void Needle(Sketch sketch, double value)
    {
        var (hub, tip) = (new Point(0, -90), On(value, 31));
        var along = (tip - hub).Direction();
        var across = new Point(-along.Y, along.X) * 4.2;
        sketch.Path(PathBuilder.Polygon(hub + across, tip, hub - across), Hues.Ink, Hues.Ink, 1.2).Circle(hub.X, hub.Y, 5, Hues.Red, Hues.Ink, 2);
    }
}
