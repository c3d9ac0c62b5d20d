using System.Globalization;

namespace Steward.Drawing;

/// <summary>Things with words on them. Their words are measured, kept for the checks, and part of the transcript.</summary>
public static class Signs
{
    private const string Off = "#FFFFFF";

    /// <summary>The tag's tip with its hole, and a little at the other end.</summary>
    private const double TagEnds = 20;

    /// <summary>k of n seats taken: the picture of a share. A free seat is crossed, so that no hue is needed.</summary>
    /// <param name="room">The seats fill it as rows of at most ten.</param>
    public static void Seats(Panel panel, Sketch sketch, Box room, int k, int n, string? taken = null, string name = "seats")
    {
        var on = taken ?? Hues.Green;
        var perRow = Math.Min(n, n <= 20 ? 10 : n <= 50 ? 10 : 20);
        var rows = (n + perRow - 1) / perRow;
        var step = Math.Min(room.Width / perRow, room.Height / rows);
        var (left, top) = (room.Center.X - (perRow * step / 2), room.Center.Y - (rows * step / 2));
        Point At(int i) => new(left + ((i % perRow + 0.5) * step), top + ((i / perRow + 0.5) * step));
        var radius = step * 0.36;
        Rings(sketch, [.. Enumerable.Range(0, k).Select(At)], radius, on);
        Rings(sketch, [.. Enumerable.Range(k, n - k).Select(At)], radius, Off);
        Crosses(sketch, [.. Enumerable.Range(k, n - k).Select(At)], radius * 0.52, Math.Min(1.9, radius * 0.38));
        panel.Means($"{name}: {k} of {n}", on, Hues.Paper);
        panel.Distinct(name, on, Off, byShape: true);
    }

    /// <summary>A framed board with seats and the same share in words below.</summary>
    public static void ScoreBoard(Panel panel, Box box, int k, int n, Phrase words)
    {
        panel.Middle.Rounded(box, 8, Hues.WoodDark, Hues.Ink, Hues.Outline).Rounded(box.Grow(-6), 5, panel.Palette.Paper, Hues.Ink, 2);
        panel.Prop("score board", box);
        var inner = box.Grow(-10);
        var wordsHeight = Math.Min(inner.Height * 0.46, panel.TextSize * 1.5);
        Seats(panel, panel.Middle, inner with { Height = inner.Height - wordsHeight }, k, n);
        panel.Label(panel.Middle, words, inner with { Y = inner.Bottom - wordsHeight, Height = wordsHeight }, panel.TextSize + 0.5);
    }

    /// <summary>A name tag with a hole, its left tip at <paramref name="at"/>; answers with its box.</summary>
    public static Box Tag(Panel panel, Phrase words, Point at, double size = 13)
    {
        var width = panel.Measure(words.Plain, size) + Marks(words, size) + TagEnds;
        var box = new Box(at.X, at.Y - 11, width, 22);
        panel.Middle.Path(PathBuilder.Polygon(new(at.X, at.Y), new(at.X + 9, at.Y - 10.5), new(box.Right, at.Y - 10.5), new(box.Right, at.Y + 10.5), new(at.X + 9, at.Y + 10.5)), panel.Palette.Paper, Hues.Ink, 2.2)
            .Circle(at.X + 9.5, at.Y, 2.4, Hues.Ink);
        Write(panel, "tag", words, box, new(at.X + 15, box.Y, width - 19, box.Height), size);
        return box;
    }

    /// <summary>A tag above a place, centred on it.</summary>
    public static Box TagOver(Panel panel, Phrase words, Point at, double size = 13)
        => Tag(panel, words, new(at.X - ((panel.Measure(words.Plain, size) + Marks(words, size) + TagEnds) / 2), at.Y), size);

    /// <summary>A post that shows a way; the way back points left.</summary>
    public static Box Signpost(Panel panel, Phrase words, Point at, bool back = true, double size = 0)
    {
        var text = size > 0 ? size : panel.TextSize;
        var width = panel.Measure(words.Plain, text) + Marks(words, text) + 44;
        var (left, top) = (at.X - (width / 2), at.Y - 92);
        panel.Middle.Rounded(new(at.X - 4, top - 6, 8, 98), 3, Hues.WoodDark, Hues.Ink, 2.4);
        panel.Middle.Path(back
            ? PathBuilder.Polygon(new(left, top + 16), new(left + 16, top), new(left + width, top), new(left + width, top + 32), new(left + 16, top + 32))
            : PathBuilder.Polygon(new(left + width, top + 16), new(left + width - 16, top), new(left, top), new(left, top + 32), new(left + width - 16, top + 32)), "#E8C08A", Hues.Ink, Hues.Outline);
        var box = new Box(left, top, width, 32);
        Write(panel, "signpost", words, box, new(left + (back ? 18 : 6), top + 3, width - 24, 26), text, "#E8C08A");
        return box;
    }

    /// <summary>A sheet on the wall with a heading of its own: notes, limits, a rule.</summary>
    public static void Note(Panel panel, Box box, IReadOnlyList<Phrase> lines, double size = 0)
    {
        panel.Middle.Rounded(box, 4, panel.Palette.Paper, Hues.Ink, Hues.Outline).Circle(box.Center.X, box.Y + 2, 4.5, Hues.Red, Hues.Ink, 2);
        panel.Prop("note", box);
        var each = (box.Height - 16) / lines.Count;
        for (var i = 0; i < lines.Count; i++)
            panel.Label(panel.Middle, lines[i], new(box.X + 8, box.Y + 10 + (i * each), box.Width - 16, each), size);
    }

    /// <summary>A calendar leaf: the month above, the day below.</summary>
    public static void Calendar(Panel panel, Box box, Phrase month, Phrase day)
    {
        panel.Middle.Rounded(box, 6, panel.Palette.Paper, Hues.Ink, Hues.Outline).Rounded(box with { Height = box.Height * 0.36 }, 6, "#A8323C", Hues.Ink, Hues.Outline);
        foreach (var x in (double[])[0.25, 0.75])
            panel.Middle.Rounded(new(box.X + (box.Width * x) - 3, box.Y - 6, 6, 13), 3, Hues.MetalLight, Hues.Ink, 2);
        panel.Prop("calendar", box);
        panel.Label(panel.Middle, month, new(box.X + 4, box.Y + 5, box.Width - 8, (box.Height * 0.36) - 6), 14, paper: "#A8323C");
        panel.Label(panel.Middle, day, new(box.X + 4, box.Y + (box.Height * 0.4), box.Width - 8, box.Height * 0.54), box.Height * 0.36);
    }

    /// <summary>A round tag with a fact's mark alone, for a drawn count: k lit rooms, n signatures.</summary>
    public static void CountMark(Panel panel, string mark, Point at, string? link = null)
    {
        const double size = 11.5;
        var sketch = new Sketch().Circle(at.X, at.Y, 8.5, panel.Palette.Paper, Hues.Ink, 1.8).Text(new(at.X, at.Y + 3.8), mark, size, Hues.Fact, Align.Middle, role: TextRole.Mark);
        panel.Front.Add(sketch.Group() with { Link = link });
        var width = panel.Measure(mark, size);
        panel.Keep(new(ItemKind.Label, panel.Number, mark, new(at.X - 8.5, at.Y - 8.5, 17, 17))
        {
            Lines = [new(at.X - (width / 2), at.Y - (size / 2), width, size)],
            Inner = new(at.X - 8.5, at.Y - 8.5, 17, 17),
            Inks = [Hues.Fact],
            Paper = panel.Palette.Paper,
        });
    }

    /// <summary>Many circles as one path: a hundred seats stay a small drawing.</summary>
    private static void Rings(Sketch sketch, IReadOnlyList<Point> places, double radius, string colour)
    {
        if (places.Count == 0)
            return;
        var path = new PathBuilder();
        foreach (var at in places)
            path.Move(at.X - radius, at.Y).Arc(radius, at.X + radius, at.Y).Arc(radius, at.X - radius, at.Y).Close();
        sketch.Path(path, colour, Hues.Ink, Math.Min(1.8, radius * 0.36));
    }

    private static void Crosses(Sketch sketch, IReadOnlyList<Point> places, double arm, double thickness)
    {
        if (places.Count == 0)
            return;
        var path = new PathBuilder();
        foreach (var at in places)
            path.Move(at.X - arm, at.Y - arm).Line(at.X + arm, at.Y + arm).Move(at.X + arm, at.Y - arm).Line(at.X - arm, at.Y + arm);
        sketch.Path(path, null, Hues.Ink, thickness);
    }

    private static void Write(Panel panel, string name, Phrase words, Box box, Box inner, double size, string? paper = null)
    {
        panel.Prop(string.Create(CultureInfo.InvariantCulture, $"{name} {words.Plain}"), box);
        panel.Label(panel.Middle, words, inner, size, paper: paper);
    }

    private static double Marks(Phrase words, double size) => words.Spans.Where(span => span.Mark is not null).Sum(span => Lettering.Measure(span.Mark!, Math.Max(10.5, size * 0.64)));
}
