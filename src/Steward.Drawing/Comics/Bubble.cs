namespace Steward.Drawing;

/// <summary>Who says what.</summary>
internal sealed record Speech(Placed Speaker, Phrase Words);

internal enum Side { Below, Left, Right }

/// <summary>A place for a bubble: its box, and a tail from one side to just outside the speaker's head.</summary>
internal sealed record Bubble(Box Box, TextBlock Text, Point From, Point Tip, Side Side, double Cost)
{
    public const double SidePad = 26, TopPad = 17;
    private const double TailHalf = 9;

    /// <summary>The second is read after the first: it stands below, or to the right and not much higher.</summary>
    public static bool InOrder(Box first, Box second) => second.Y >= first.Bottom - 2 || (second.X >= first.Right - 1 && second.Y >= first.Y - 26);

    public bool TailCrosses(Box other) => AlongTail(0.05, 0.05).Any(point => other.Grow(5).Contains(point));

    public IEnumerable<Point> AlongTail(double from, double step)
    {
        for (var t = from; t <= 1.001; t += step)
            yield return From + ((Tip - From) * t);
    }

    /// <summary>One closed outline: the tail grows out of the edge, so that neither filling nor line shows a seam.</summary>
    public string Outline()
    {
        var r = Math.Min(19, (Math.Min(Box.Width, Box.Height) / 2) - 1);
        var path = new PathBuilder().Move(Box.X + r, Box.Y).Line(Box.Right - r, Box.Y).Arc(r, Box.Right, Box.Y + r);
        if (Side == Side.Right)
            Sideways(path, Box.Right, r, downwards: true);
        path.Line(Box.Right, Box.Bottom - r).Arc(r, Box.Right - r, Box.Bottom);
        if (Side == Side.Below)
            Downwards(path, r);
        path.Line(Box.X + r, Box.Bottom).Arc(r, Box.X, Box.Bottom - r);
        if (Side == Side.Left)
            Sideways(path, Box.X, r, downwards: false);
        return path.Line(Box.X, Box.Y + r).Arc(r, Box.X + r, Box.Y).Close();
    }

    private void Downwards(PathBuilder path, double r)
    {
        var at = Math.Clamp(From.X, Box.X + r + TailHalf, Math.Max(Box.X + r + TailHalf, Box.Right - r - TailHalf));
        var (bendX, bendY, lean) = ((at + Tip.X) / 2, (Box.Bottom + Tip.Y) / 2, Math.Sign(Tip.X - at) * 3);
        path.Line(at + TailHalf, Box.Bottom)
            .Curve(bendX + (TailHalf * 0.55) - lean, bendY, Tip.X, Tip.Y)
            .Curve(bendX - (TailHalf * 0.35) - lean, bendY - 1, at - TailHalf, Box.Bottom);
    }

    private void Sideways(PathBuilder path, double edge, double r, bool downwards)
    {
        var half = Math.Min(TailHalf, (Box.Height - (2 * r)) / 2);
        var at = Math.Clamp(From.Y, Box.Y + r + half, Math.Max(Box.Y + r + half, Box.Bottom - r - half));
        var (upper, lower, middle) = (at - half, at + half, (edge + Tip.X) / 2);
        if (downwards)
            path.Line(edge, upper).Curve(middle, at - 3, Tip.X, Tip.Y).Curve(middle - 2, at + 5, edge, lower);
        else
            path.Line(edge, lower).Curve(middle, at + 5, Tip.X, Tip.Y).Curve(middle + 2, at - 3, edge, upper);
    }
}
