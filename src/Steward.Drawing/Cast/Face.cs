namespace Steward.Drawing;

/// <summary>One face for the whole cast: brows, lids, pupils, mouth and cheeks by mood. It makes them a family.</summary>
/// <param name="Center">Between the eyes.</param>
/// <param name="Gap">From the middle to an eye.</param>
internal sealed record Face(Point Center, double Scale, double Gap = 15, string Cheek = "#F7A9A0")
{
    private const string Mouth = "#7A1F33", Tongue = "#F28A94";
    private const double MouthY = 15;

    public void Draw(Sketch sketch, Pose pose)
    {
        foreach (var side in (int[])[-1, 1])
        {
            sketch.Ellipse(X(side * (Gap + 10.5)), Y(10), 5.5 * Scale, 3.6 * Scale, Cheek, opacity: 0.75);
            Eye(sketch, side, pose);
        }
        Brows(sketch, pose.Mood);
        Lips(sketch, pose.Mood);
    }

    private double X(double x) => Center.X + (x * Scale);

    private double Y(double y) => Center.Y + (y * Scale);

    private void Eye(Sketch sketch, int side, Pose pose)
    {
        if (pose.Mood is Mood.Proud or Mood.Sleepy)
        {
            // Closed: an arch for joy, a bowl for sleep.
            var (ends, bend) = pose.Mood == Mood.Proud ? (2.0, -7.0) : (-1.0, 11.0);
            Stroke(sketch, 3, new PathBuilder().Move(X((side * Gap) - 7), Y(ends)).Curve(X(side * Gap), Y(bend), X((side * Gap) + 7), Y(ends)));
            return;
        }
        var wide = pose.Mood == Mood.Surprised;
        sketch.Ellipse(X(side * Gap), Y(0), (wide ? 9.2 : 8.2) * Scale, (wide ? 11.2 : pose.Mood == Mood.Alarm ? 8.8 : 9.8) * Scale, Hues.White, Hues.Ink, 2.1 * Math.Max(0.8, Scale));
        var (pupil, x, y) = (wide ? 3.6 : 4.8, (side * Gap) + (pose.LookX * 3.2), (pose.LookY * 3.8) + 0.8);
        sketch.Ellipse(X(x), Y(y), pupil * Scale, pupil * 1.12 * Scale, Hues.Ink).Circle(X(x + 1.6), Y(y - 1.9), 1.5 * Scale, Hues.White);
    }

    private void Brows(Sketch sketch, Mood mood)
    {
        void Brow(int side, double inner, double outer) => Stroke(sketch, 2.8, new PathBuilder().Move(X(side * (Gap - 7)), Y(inner))
            .Curve(X(side * Gap), Y(Math.Min(inner, outer) - 1.5), X(side * (Gap + 7)), Y(outer)));
        (double Inner, double Outer)? both = mood switch { Mood.Worried => (-17.5, -13), Mood.Alarm => (-10.5, -15.5), Mood.Surprised => (-18, -17), _ => null };
        if (both is var (inner, outer))
        {
            Brow(-1, inner, outer);
            Brow(1, inner, outer);
        }
        if (mood == Mood.Thinking)
        {
            Brow(-1, -14, -13);
            Brow(1, -17, -18.5);
        }
    }

    private void Lips(Sketch sketch, Mood mood)
    {
        switch (mood)
        {
            case Mood.Happy:
                Laugh(sketch, 8.5, MouthY - 3, MouthY + 7.2);
                break;
            case Mood.Proud:
                Laugh(sketch, 11, MouthY - 4, MouthY + 8.4);
                break;
            case Mood.Calm:
                Stroke(sketch, 2.6, new PathBuilder().Move(X(-7), Y(MouthY - 1)).Curve(X(0), Y(MouthY + 5), X(7), Y(MouthY - 1)));
                break;
            case Mood.Sleepy:
                Stroke(sketch, 2.4, new PathBuilder().Move(X(-5), Y(MouthY)).Curve(X(0), Y(MouthY + 3), X(5), Y(MouthY)));
                break;
            case Mood.Worried:
                Stroke(sketch, 2.6, new PathBuilder().Move(X(-9), Y(MouthY + 2)).Curve(X(-4.5), Y(MouthY - 4), X(0), Y(MouthY + 1)).Curve(X(4.5), Y(MouthY + 6), X(9), Y(MouthY)));
                break;
            case Mood.Surprised:
                sketch.Ellipse(X(0), Y(MouthY + 2.5), 4.6 * Scale, 5.6 * Scale, Mouth, Hues.Ink, 2.1 * Scale);
                break;
            case Mood.Thinking:
                Stroke(sketch, 2.6, new PathBuilder().Move(X(-3), Y(MouthY + 2)).Curve(X(2), Y(MouthY - 1), X(7), Y(MouthY + 1)));
                break;
            case Mood.Alarm:
                sketch.Path(new PathBuilder().Move(X(-8), Y(MouthY + 5)).Curve(X(-7), Y(MouthY - 4), X(0), Y(MouthY - 4)).Curve(X(7), Y(MouthY - 4), X(8), Y(MouthY + 5))
                    .Curve(X(0), Y(MouthY + 2.5), X(-8), Y(MouthY + 5)).Close(), Mouth, Hues.Ink, 2.1 * Scale);
                break;
        }
    }

    private void Laugh(Sketch sketch, double half, double top, double bottom)
    {
        sketch.Path(new PathBuilder().Move(X(-half), Y(top)).Curve(X(0), Y(top + 1.8), X(half), Y(top)).Curve(X(half - 1), Y(bottom - 0.3), X(0), Y(bottom))
            .Curve(X(1 - half), Y(bottom - 0.3), X(-half), Y(top)).Close(), Mouth, Hues.Ink, 2.1 * Scale);
        sketch.Ellipse(X(0), Y(bottom - 3.2), half * 0.48 * Scale, half * 0.24 * Scale, Tongue);
    }

    private void Stroke(Sketch sketch, double thickness, string path) => sketch.Path(path, null, Hues.Ink, thickness * Scale);
}
