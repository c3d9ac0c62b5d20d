namespace Steward.Drawing;

/// <summary>A figure drawn around its own feet at scale one, before it is put into a picture.</summary>
/// <param name="Bounds">Its room without hands.</param>
/// <param name="HeadRadius">Around head and hat.</param>
internal sealed record Body(string Name, Sketch Drawn, Box Bounds, Point Head, double HeadRadius, Point Mouth)
{
    private const double HandRoom = 9;

    public IReadOnlyList<Point> Hands { get; init; } = [];

    /// <summary>Half the width of its shadow; none at zero.</summary>
    public double Shadow { get; init; }

    public Placed Put(Sketch sketch, Point at, double scale, Pose pose)
    {
        sketch.Add(Drawn.Group(at, scale, pose.Lean) with { Role = "img", Label = Name });
        var room = Hands.Aggregate(Bounds, (box, hand) => box.Union(new Box(hand.X, hand.Y, 0, 0).Grow(HandRoom)));
        var (sin, cos) = Math.SinCos(pose.Lean * Math.PI / 180);
        Point Placed(Point point) => at + (new Point((point.X * cos) - (point.Y * sin), (point.X * sin) + (point.Y * cos)) * scale);
        var box = Box.Around(Placed(new(room.X, room.Y)), Placed(new(room.Right, room.Y)), Placed(new(room.X, room.Bottom)), Placed(new(room.Right, room.Bottom)));
        return new(Name, box, Placed(Head), HeadRadius * scale, Placed(Mouth));
    }

    /// <summary>Puts it into a panel's middle with a shadow on the ground, and keeps it in mind.</summary>
    public Placed Put(Panel panel, Point at, double scale, Pose pose)
    {
        if (Shadow > 0)
            panel.Middle.Ellipse(at.X, at.Y + 1, Shadow * scale, 6 * scale, Hues.Ink, opacity: 0.16);
        return panel.Figure(Put(panel.Middle, at, scale, pose));
    }

    internal static void Feet(Sketch sketch, double apart, string colour, double radiusX = 13, double radiusY = 7)
        => sketch.Ellipse(-apart, -radiusY, radiusX, radiusY, colour, Hues.Ink, Hues.Outline).Ellipse(apart, -radiusY, radiusX, radiusY, colour, Hues.Ink, Hues.Outline);
}
