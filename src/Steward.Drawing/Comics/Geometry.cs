namespace Steward.Drawing;

/// <summary>What lies where: nothing spills, hides, touches or is cut.</summary>
internal static class Geometry
{
    private const double MostOverlap = 0.2;

    public static IEnumerable<Flaw> Flaws(DrawnComic comic)
        => comic.Items.GroupBy(item => item.Panel).SelectMany(panel =>
        {
            var items = panel.ToList();
            var frame = Frame(comic, panel.Key);
            return Spilled(items, frame).Concat(Touching(items)).Concat(Hidden(items)).Concat(Covered(items)).Concat(Crowded(items)).Concat(Cut(items, frame)).Concat(OutOfOrder(items));
        });

    private static Box Frame(DrawnComic comic, int panel)
        => panel == 0 ? new(0, 0, comic.Width, comic.Height)
        : comic.Panels.First(one => one.Number == panel).Box is var box ? new(0, 0, box.Width / comic.Enlarged, box.Height / comic.Enlarged) : default;

    private static IEnumerable<Flaw> Spilled(List<DrawnItem> items, Box frame)
    {
        foreach (var item in items.Where(item => item.IsText))
        {
            if (item.Inner is { } inner && item.Lines.Any(line => !inner.Contains(line, ComicChecks.Slack)))
                yield return new("overflow", ComicChecks.Where(item.Panel), $"\"{item.Name}\" leaves its room");
            if (!frame.Contains(item.Box, ComicChecks.Slack) || item.Lines.Any(line => !frame.Contains(line, ComicChecks.Slack)))
                yield return new("outside", ComicChecks.Where(item.Panel), $"\"{item.Name}\" leaves the picture");
        }
    }

    private static IEnumerable<Flaw> Touching(List<DrawnItem> items)
        => Pairs(items.Where(item => item.IsText)).Where(pair => pair.One.Box.Overlap(pair.Other.Box) > ComicChecks.Slack)
            .Select(pair => new Flaw("overlap", ComicChecks.Where(pair.One.Panel), $"\"{pair.One.Name}\" and \"{pair.Other.Name}\" lie over each other"));

    private static IEnumerable<Flaw> Hidden(List<DrawnItem> items)
        => from text in items where text.Kind is ItemKind.Bubble or ItemKind.Caption
           from thing in items where !thing.IsText && text.Box.Overlap(thing.Box) > 1
           select new Flaw("hides", ComicChecks.Where(text.Panel), $"\"{text.Name}\" hides {thing.Name}");

    /// <summary>Items come in the order of drawing: what is drawn after a sign and over its letters hides them. A sign's own board comes before it.</summary>
    private static IEnumerable<Flaw> Covered(List<DrawnItem> items)
        => from text in items.Select((item, i) => (item, i)) where text.item.Kind == ItemKind.Label
           from thing in items.Skip(text.i + 1) where !thing.IsText && text.item.Lines.Any(line => line.Overlap(thing.Box) > line.Area * 0.04)
           select new Flaw("covered", ComicChecks.Where(thing.Panel), $"{thing.Name} covers \"{text.item.Name}\"");

    private static IEnumerable<Flaw> Crowded(List<DrawnItem> items)
        => Pairs(items.Where(item => item.Kind == ItemKind.Figure))
            .Select(pair => (pair, Share: pair.One.Box.Overlap(pair.Other.Box) / Math.Max(1, Math.Min(pair.One.Box.Area, pair.Other.Box.Area))))
            .Where(found => found.Share > MostOverlap)
            .Select(found => new Flaw("crowded", ComicChecks.Where(found.pair.One.Panel), $"{found.pair.One.Name} and {found.pair.Other.Name} overlap by {found.Share:P0}"));

    private static IEnumerable<Flaw> Cut(List<DrawnItem> items, Box frame)
        => items.Where(item => item.Kind == ItemKind.Figure && !frame.Grow(2).Contains(item.Box, ComicChecks.Slack))
            .Select(item => new Flaw("cut", ComicChecks.Where(item.Panel), $"{item.Name} is cut by the frame"));

    private static IEnumerable<Flaw> OutOfOrder(List<DrawnItem> items)
    {
        var bubbles = items.Where(item => item.Kind == ItemKind.Bubble).ToList();
        for (var i = 1; i < bubbles.Count; i++)
            if (!Bubble.InOrder(bubbles[i - 1].Box, bubbles[i].Box))
                yield return new("order", ComicChecks.Where(bubbles[i].Panel), $"\"{bubbles[i].Name}\" would be read before \"{bubbles[i - 1].Name}\"");
    }

    private static IEnumerable<(DrawnItem One, DrawnItem Other)> Pairs(IEnumerable<DrawnItem> items)
    {
        var all = items.ToList();
        for (var i = 0; i < all.Count; i++)
            for (var j = i + 1; j < all.Count; j++)
                yield return (all[i], all[j]);
    }
}
