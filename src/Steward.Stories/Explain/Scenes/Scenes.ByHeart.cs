using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Remembering against understanding.</summary>
internal static partial class Scenes
{
    /// <summary>The model reads its book over and over.</summary>
    public static void Cram(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.72);
        var (left, width) = (s.Width * 0.44, s.Width * 0.5);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.26, s.Ground), 0.98, new(Mood.Happy, 0.9, 0.6, new(0.9, 0.1), new(1.1, 0.3)), name: s.Who("pom"));
        var top = Props.Table(s.On, left, width);
        Book(s, new(left + (width * 0.36), top), 1.1);
        for (var i = 0; i < 4; i++)
            s.On.Middle.Rounded(new(left + (width * 0.72) + (i % 2 * 4), top - 12 - (i * 12), 46, 12), 3, Covers[i], Hues.Ink, 2.2);
        s.On.Prop("books", new(left + (width * 0.72), top - 50, 52, 50));
    }

    private static readonly string[] Covers = ["#8FC7E8", "#E0916D", "#93C58A", "#F3B63A"];

    /// <summary>Nearly everything right, of what was in the book.</summary>
    public static void KnownTest(Stage s) => Marks(s, Mood.Proud);

    /// <summary>Much less, of what was not.</summary>
    public static void NewTest(Stage s) => Marks(s, Mood.Worried);

    /// <summary>What was looked at: a spot on the page, not the thing on it.</summary>
    public static void Spots(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.19, s.Ground), 0.92, new(Mood.Surprised, 0.9, 0, new(1, 0.2), new(1.2, 0.42)), name: s.Who("pom"));
        var page = new Box(s.Width * 0.5, s.Ground - 138, s.Width * 0.38, 118);
        foreach (var x in (double[])[0.2, 0.8])
            s.On.Middle.Line(page.X + (page.Width * x), page.Bottom, page.X + (page.Width * x) + (x < 0.5 ? -10 : 10), s.Ground + 6, Hues.Wood, 6);
        s.On.Middle.Rounded(page, 6, Hues.Paper, Hues.Ink, Hues.Outline);
        Props.Item(s.On.Middle, s.Kinds[0], new(page.Center.X + 16, page.Bottom - 16), 1.5);
        s.On.Prop("page", page);
        var spot = new Point(page.X + 28, page.Y + 30);
        Props.Magnifier(s.On.Middle, spot, 1.3);
        s.On.Middle.Path(new PathBuilder().Move(spot.X - 8, spot.Y).Curve(spot.X - 7, spot.Y - 9, spot.X + 1, spot.Y - 8).Curve(spot.X + 11, spot.Y - 8, spot.X + 8, spot.Y + 1).Curve(spot.X + 7, spot.Y + 9, spot.X - 2, spot.Y + 7).Curve(spot.X - 9, spot.Y + 7, spot.X - 8, spot.Y).Close(), "#7A5230", Hues.Ink, 1.6);
    }

    /// <summary>Somebody else looks at what matters.</summary>
    public static void Shapes(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pip(s.On, 2, new(s.Width * 0.2, s.Ground), 1.16, Poses.Point, s.Who("pip"));
        var (left, width) = (s.Width * 0.4, (s.Width * 0.6) - 18);
        var top = Props.Table(s.On, left, width);
        for (var i = 0; i < 2; i++)
        {
            var x = left + (width * (0.28 + (0.46 * i)));
            Thing(s, s.Kinds[i], new(x, top), 1.1);
            // A dashed ring around the whole of it: what Pip looks at.
            s.On.Middle.Path(new PathBuilder().Move(x - 38, top - 21).Arc(38, x + 38, top - 21).Arc(38, x - 38, top - 21), null, Hues.Blue, 2.8, dash: "8 7");
        }
    }

    /// <summary>A box of pictures that nobody learned from.</summary>
    public static void FreshTest(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Nell(s.On, 0.2, new(s.Width * 0.24, s.Ground), 0.98, Poses.Point, s.Who("nell"));
        var box = new Box(s.Width * 0.54, s.Ground - 62, s.Width * 0.34, 64);
        foreach (var (kind, i) in s.Kinds.Select((kind, i) => (kind, i)))
            Props.Item(s.On.Middle, kind, new(box.X + (box.Width * (0.2 + (0.3 * i))), box.Y + 10), 1);
        s.On.Middle.Rounded(box, 6, "#CBE8BC", Hues.Ink, Hues.Outline).Line(box.X + 4, box.Y + 14, box.Right - 4, box.Y + 14, Colour.Mix("#CBE8BC", Hues.Ink, 0.5), 2.2);
        Padlock(s.On.Middle, new(box.Center.X, box.Y + 30), 1);
        s.On.Prop("box", new(box.X, box.Y - 38, box.Width, box.Height + 38));
    }

    /// <summary>A board with seats, and how its reader feels about it.</summary>
    private static void Marks(Stage s, Mood mood)
    {
        Sets.Room(s.On, s.Tone);
        var width = Math.Min(226, s.Width * 0.58);
        Board(s, s.On, s.Width - width - 16, s.Top + 20, width, s.Shows[0], "sign", 104);
        var pose = mood is Mood.Worried ? Poses.Worry : Poses.Cheer;
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.98, pose.Feeling(mood).Looking(0.8, -0.4), name: s.Who("pom"));
        if (s.OutOf > 20)
            return;
        var top = Props.Table(s.On, s.Width * 0.5, s.Width * 0.42);
        if (mood is Mood.Proud)
            Book(s, new(s.Width * 0.71, top), 0.9);
        else
            foreach (var (kind, i) in s.Kinds.Take(2).Select((kind, i) => (kind, i)))
                Thing(s, kind, new(s.Width * (0.62 + (0.18 * i)), top), 0.96);
    }

    /// <summary>A thick open book.</summary>
    private static void Book(Stage s, Point at, double scale)
    {
        var book = new Sketch()
            .Path(new PathBuilder().Move(-44, -4).Line(-44, -30).Curve(-22, -40, 0, -28).Curve(22, -40, 44, -30).Line(44, -4).Curve(22, -14, 0, -2).Curve(-22, -14, -44, -4).Close(), Hues.Paper, Hues.Ink, 2.6)
            .Path(new PathBuilder().Move(0, -28).Line(0, -2), null, Hues.Ink, 2.2).Path(new PathBuilder().Move(-48, -1).Curve(-22, -10, 0, 1).Curve(22, -10, 48, -1), null, "#A8323C", 5);
        foreach (var y in (double[])[-26, -19, -12])
            book.Path(new PathBuilder().Move(-36, y + 1).Curve(-22, y - 5, -8, y + 2), null, Hues.Shade, 2).Path(new PathBuilder().Move(8, y + 2).Curve(22, y - 5, 36, y + 1), null, Hues.Shade, 2);
        s.On.Middle.Add(book.Group(at, scale));
        s.On.Prop("book", new(at.X - (48 * scale), at.Y - (40 * scale), 96 * scale, 42 * scale));
    }

    private static void Padlock(Sketch sketch, Point at, double scale) => sketch.Add(new Sketch()
        .Path(new PathBuilder().Move(-7, 0).Line(-7, -6).Curve(-7, -15, 7, -15, 7, -6).Line(7, 0), null, Hues.Ink, 4.6)
        .Rounded(new(-12, -2, 24, 19), 4, Hues.Yellow, Hues.Ink, 2.4).Circle(0, 6, 2.8, Hues.Ink).Line(0, 6, 0, 11, Hues.Ink, 2.4).Group(at, scale));
}
