namespace Steward.Drawing;

/// <summary>A small Pom that rides in a lunch box.</summary>
/// <param name="Name">Under which it speaks; "Pom" and its version unless given.</param>
public sealed record Passenger(int Version, Pose Pose, bool Crowned = false, string? Name = null);

/// <summary>Tuck, the container: a lunch box that carries all a model needs. Packed once, opened anywhere.</summary>
internal static class Tuck
{
    private const string Dark = "#1F7A72", Light = "#6CC4BA";
    private const double RiderScale = 0.76, RiderY = -65;

    public static Body Draw(string name, Pose pose, Passenger? passenger)
    {
        var sketch = new Sketch();
        var arms = new Arms(new(44, -40), new(60, -26), new(66, -78), Dark, 7, Hues.Teal, 7.5);
        Body.Feet(sketch, 24, Dark);
        arms.DrawBehind(sketch, pose);
        if (passenger is null)
            Lid(sketch);
        else
            Open(sketch, passenger);
        sketch.Rounded(new(-46, -70, 92, 60), 11, Hues.Teal, Hues.Ink, Hues.Outline);
        sketch.Path(new PathBuilder().Move(-38, -61).Curve(-38, -64, -34, -64).Line(-18, -64), null, Light, 4);
        sketch.Rounded(new(-9, -74, 18, 13), 4, Hues.Yellow, Hues.Ink, 2.2);
        new Face(new(0, -44), 0.86, 18).Draw(sketch, pose);
        arms.DrawBefore(sketch, pose);
        var height = passenger is null ? 100 : 72;
        return new(name, sketch, new(-52, -height, 104, height), new(0, -42), passenger is null ? 58 : 52, new(0, -30)) { Hands = [arms.LeftHand(pose), arms.RightHand(pose)], Shadow = 50 };
    }

    /// <summary>The passenger's own place, above the box of its carrier.</summary>
    public static Placed Rider(Passenger passenger, Point at, double scale)
    {
        var k = scale * RiderScale;
        Point In(double x, double y) => new(at.X + (k * x), at.Y + (scale * RiderY) + (k * y));
        return new(passenger.Name ?? $"Pom {passenger.Version}", new(In(-68, 0).X, In(0, -124).Y, 136 * k, 92 * k), In(0, -62), 61 * k, In(0, -50));
    }

    private static void Lid(Sketch sketch)
    {
        string handle = new PathBuilder().Move(-17, -84).Curve(-17, -101, 17, -101, 17, -84);
        sketch.Path(handle, null, Hues.Ink, 11).Path(handle, null, Hues.Yellow, 6);
        sketch.Path(new PathBuilder().Move(-46, -66).Line(-46, -76).Curve(-46, -86, -36, -86).Line(36, -86).Curve(46, -86, 46, -76).Line(46, -66).Close(), Dark, Hues.Ink, Hues.Outline);
    }

    private static void Open(Sketch sketch, Passenger passenger)
    {
        sketch.Path(PathBuilder.Polygon(new(-44, -70), new(-34, -84), new(34, -84), new(44, -70)), Dark, Hues.Ink, Hues.Outline);
        Pom.Draw($"Pom {passenger.Version}", passenger.Version, passenger.Pose, passenger.Crowned, feet: false).Put(sketch, new(0, RiderY), RiderScale, passenger.Pose);
    }
}
