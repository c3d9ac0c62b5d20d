namespace Steward.Drawing;

/// <summary>Finds where bubbles go: every width of text and every place on a grid is tried against what is drawn already, and the
/// best pair is taken that reads in order.</summary>
internal sealed class BubblePlacer(Panel panel, TextStyle style)
{
    private const double Grid = 5, Edge = 8, Gap = 4, BetweenBubbles = 7;
    private const double ShortestTail = 9, LongestTail = 74, IdealTail = 20, TipGap = 5, SteepestTail = 0.8;

    // Words rise: a bubble at somebody's feet looks like another's. A tail from the side does not reach across a wide body.
    private const double LowestBelowMouth = 12, DeepestIntoBody = 14;
    private const int KeptPerWrap = 320;

    /// <summary>Widths of text as parts of the panel's.</summary>
    private static readonly double[] Wraps = [0.32, 0.38, 0.44, 0.5, 0.56, 0.62, 0.7, 0.8];

    /// <exception cref="NoRoomException">There is no place.</exception>
    public IReadOnlyList<Bubble> Place(IReadOnlyList<Speech> speeches)
    {
        var candidates = speeches.Select(Candidates).ToList();
        for (var i = 0; i < speeches.Count; i++)
            if (candidates[i].Count == 0)
                throw new NoRoomException($"Panel {panel.Number} has no place for what {speeches[i].Speaker.Name} says: \"{speeches[i].Words.Plain}\".");
        return speeches.Count == 1 ? [candidates[0].MinBy(bubble => bubble.Cost)!] : Pair(candidates[0], candidates[1]);
    }

    private IReadOnlyList<Bubble> Pair(List<Bubble> firsts, List<Bubble> seconds)
    {
        // The best of each wrap are kept, not the best of all: the cheapest places of both speakers may all exclude each other.
        static List<Bubble> Best(List<Bubble> all) => [.. all.GroupBy(bubble => (bubble.Text.Lines.Count, (int)bubble.Box.Width))
            .SelectMany(wrap => wrap.OrderBy(bubble => bubble.Cost).Take(KeptPerWrap)).OrderBy(bubble => bubble.Cost)];
        var (best, chosen) = (double.PositiveInfinity, ((Bubble, Bubble)?)null);
        var sorted = Best(seconds);
        foreach (var first in Best(firsts))
            foreach (var second in sorted)
            {
                if (first.Cost + second.Cost >= best)
                    break;
                if (first.Box.Grow(BetweenBubbles).Overlap(second.Box) > 0 || !Bubble.InOrder(first.Box, second.Box) || first.TailCrosses(second.Box) || second.TailCrosses(first.Box))
                    continue;
                (best, chosen) = (first.Cost + second.Cost, (first, second));
            }
        return chosen is var (one, other) ? [one, other] : throw new NoRoomException($"Panel {panel.Number} has no place for two bubbles together.");
    }

    private List<Bubble> Candidates(Speech speech)
    {
        var found = new List<Bubble>();
        foreach (var text in Texts(speech.Words))
        {
            var (width, height) = (text.Width + Bubble.SidePad, text.Height + Bubble.TopPad);
            for (var y = panel.CaptionBottom + Edge; y + height < panel.Height - Edge; y += Grid)
                for (var x = Edge; x + width <= panel.Width - Edge; x += Grid)
                    if (At(new(x, y, width, height), text, speech.Speaker) is { } bubble)
                        found.Add(bubble);
        }
        return found;
    }

    private IEnumerable<TextBlock> Texts(Phrase words)
    {
        var seen = new HashSet<(int, int)>();
        foreach (var part in Wraps)
        {
            TextBlock text;
            try
            {
                text = LineBreaker.Break(words, style, (part * panel.Width) - Bubble.SidePad);
            }
            catch (NoRoomException)
            {
                continue;
            }
            if (seen.Add((text.Lines.Count, (int)Math.Round(text.Width))))
                yield return text;
        }
    }

    private Bubble? At(Box box, TextBlock text, Placed speaker)
    {
        if (box.Center.Y > speaker.Mouth.Y + LowestBelowMouth)
            return null;
        foreach (var item in panel.Items)
            if (box.Grow(item.Kind == ItemKind.Figure ? 1 : Gap).Overlap(item.Box) > 0)
                return null;
        if (Tail(box, speaker) is not var (from, tip, side))
            return null;
        var bubble = new Bubble(box, text, from, tip, side, Cost(box, text, from, tip, side, speaker));
        return Crosses(bubble, speaker) ? null : bubble;
    }

    /// <summary>From the side that faces the speaker towards the mouth, ending just outside the head.</summary>
    private static (Point From, Point Tip, Side Side)? Tail(Box box, Placed speaker)
    {
        var near = new Point(Math.Clamp(speaker.Mouth.X, box.X + 20, Math.Max(box.X + 20, box.Right - 20)), Math.Clamp(speaker.Mouth.Y, box.Y + 14, Math.Max(box.Y + 14, box.Bottom - 14)));
        (Point From, Side Side)? start =
            box.Bottom <= speaker.Head.Y - (speaker.HeadRadius * 0.55) ? (new(near.X, box.Bottom), Side.Below)
            : box.Right <= speaker.Head.X - (speaker.HeadRadius * 0.6) ? (new(box.Right, near.Y), Side.Right)
            : box.X >= speaker.Head.X + (speaker.HeadRadius * 0.6) ? (new(box.X, near.Y), Side.Left)
            : null;
        if (start is not var (from, side))
            return null;
        var direction = (speaker.Mouth - from).Direction();
        if (Math.Abs(side == Side.Below ? direction.X : direction.Y) > SteepestTail)
            return null;
        var away = from - speaker.Head;
        var (along, outside) = (Point.Dot(away, direction), Point.Dot(away, away) - (speaker.HeadRadius * speaker.HeadRadius));
        var reach = (along * along) - outside;
        if (outside < 0 || reach < 0)
            return null;
        var length = -along - Math.Sqrt(reach) - TipGap;
        var tip = from + (direction * length);
        var inside = side switch { Side.Right => tip.X - speaker.Box.X, Side.Left => speaker.Box.Right - tip.X, _ => 0 };
        return length is < ShortestTail or > LongestTail || inside > DeepestIntoBody ? null : (from, tip, side);
    }

    private bool Crosses(Bubble bubble, Placed speaker)
    {
        foreach (var point in bubble.AlongTail(0, 0.1))
            foreach (var item in panel.Items)
                if (item.Kind != ItemKind.Caption && !(item.Kind == ItemKind.Figure && item.Name == speaker.Name) && item.Box.Overlap(new Box(point.X - 3, point.Y - 3, 6, 6)) > 0)
                    return true;
        return false;
    }

    /// <summary>What a reader would mind: long or slanting tails, bubbles far from their speaker, low, narrow, flat, at the edge, of many lines.</summary>
    private double Cost(Box box, TextBlock text, Point from, Point tip, Side side, Placed speaker)
    {
        var direction = (tip - from).Direction();
        var shape = box.Width / box.Height;
        return (Math.Abs((tip - from).Length - IdealTail) * 0.9)
            + (Math.Abs(side == Side.Below ? direction.X : direction.Y) * 22)
            + (Math.Abs(box.Center.X - speaker.Head.X) * 0.22)
            + ((box.Y - panel.CaptionBottom) * 0.28)
            + (shape < 1.5 ? (1.5 - shape) * 40 : shape > 4.2 ? (shape - 4.2) * 14 : 0)
            + ((24 - Math.Min(Math.Min(box.X, panel.Width - box.Right), 24)) * 0.25)
            + (Math.Max(0, text.Lines.Count - 3) * 9);
    }
}
