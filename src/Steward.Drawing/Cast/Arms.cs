namespace Steward.Drawing;

/// <summary>Two arms of one body, given for its right side.</summary>
/// <param name="Rest">Where a hand hangs.</param>
/// <param name="High">Where it is when raised.</param>
internal sealed record Arms(Point Shoulder, Point Rest, Point High, string Sleeve, double Thickness, string Skin, double HandRadius)
{
    // A hand nearer than this lies before the body and is drawn after it.
    private const double BeforeBody = 0.7, Bend = 8;

    // Pixels that an arm gains when it reaches out; the same for short and long bodies, or people would have stumps.
    private const double Stretch = 80;

    public Point LeftHand(Pose pose) => Place(pose.Left, -1);

    public Point RightHand(Pose pose) => Place(pose.Right, 1);

    public void DrawBehind(Sketch sketch, Pose pose) => Draw(sketch, pose, before: false);

    public void DrawBefore(Sketch sketch, Pose pose) => Draw(sketch, pose, before: true);

    /// <summary>A bent line with an outline: the same curve twice, ink below.</summary>
    internal static void Limb(Sketch sketch, Point from, Point to, double bend, string colour, double thickness)
    {
        var (middle, along) = ((from + to) * 0.5, (to - from).Direction());
        string curve = new PathBuilder().Move(from.X, from.Y).Curve(middle.X - (along.Y * bend), middle.Y + (along.X * bend), to.X, to.Y);
        sketch.Path(curve, null, Hues.Ink, thickness + (2 * Hues.Outline)).Path(curve, null, colour, thickness);
    }

    private void Draw(Sketch sketch, Pose pose, bool before)
    {
        foreach (var (hand, side) in ((Hand?, int)[])[(pose.Left, -1), (pose.Right, 1)])
        {
            var to = Place(hand, side);
            if (Math.Abs(to.X) < Rest.X * BeforeBody != before)
                continue;
            var raised = to.Y < Shoulder.Y;
            Limb(sketch, new(side * Shoulder.X, Shoulder.Y), to, side * (raised ? Bend : -Bend), Sleeve, Thickness);
            sketch.Circle(to.X, to.Y, HandRadius, Skin, Hues.Ink, Hues.Outline);
        }
    }

    private Point Place(Hand? hand, int side)
        => hand is { Exact: { } exact } ? exact
        : hand is { } at ? new(side * Aside(at), Rest.Y + (at.Up * (High.Y - Rest.Y)))
        : new(side * Rest.X, Rest.Y);

    private double Aside(Hand hand) => ((Rest.X + (hand.Up * (High.X - Rest.X))) * Math.Min(1, hand.Out)) + (Math.Max(0, hand.Out - 1) * Stretch);
}
