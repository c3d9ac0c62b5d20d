using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Panels about data, machines and charts.</summary>
internal static partial class Scenes
{
    /// <summary>Rill arrives with a heap of pictures.</summary>
    public static void Arrive(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var (x, ground) = (s.Width * 0.7, s.Ground);
        (double X, double Y)[] heap = [(-78, 0), (-34, 2), (12, 0), (58, 2), (-56, -34), (-10, -36), (36, -34), (-30, -68), (14, -70), (-8, -102)];
        foreach (var (place, i) in heap.Select((place, i) => (place, i)))
            Props.Item(s.On.Middle, s.Kinds[i % 3], new(x + place.X, ground + place.Y + 4), 0.92);
        s.On.Prop("heap", new(x - 104, ground - 146, 190, 150));
        Cast.Rill(s.On, new(s.Width * 0.2, ground), 1.04, Poses.Point, Mix, s.Who("rill"));
    }

    /// <summary>Three boxes with what goes into them.</summary>
    public static void Boxes(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        string[] signs = ["sign", "sign-two", "sign-three"], colours = ["#F6D596", "#B9DDF2", "#CBE8BC"];
        var width = Math.Min(132, (s.Width - 44) / 3);
        Cast.Rill(s.On, new(s.Width * 0.5, s.Ground - 74), 0.74, Poses.Offer, Mix, s.Who("rill"));
        for (var i = 0; i < 3; i++)
        {
            var box = new Box(((s.Width - (3 * width) - 20) / 2) + (i * (width + 10)), s.Ground - 66, width, 68);
            Props.Item(s.On.Middle, s.Kinds[i], new(box.Center.X, box.Y + 4), 0.9);
            s.On.Middle.Rounded(box, 6, colours[i], Hues.Ink, Hues.Outline).Line(box.X + 4, box.Y + 14, box.Right - 4, box.Y + 14, Colour.Mix(colours[i], Hues.Ink, 0.5), 2.2);
            s.On.Prop("box", new(box.X, box.Y - 28, box.Width, box.Height + 28));
            s.On.Label(s.On.Middle, s.Words(signs[i]), new(box.X + 6, box.Y + 20, box.Width - 12, 42), paper: colours[i]);
        }
    }

    /// <summary>Shelf keeps every version.</summary>
    public static void Kept(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.3);
        var shown = Math.Clamp(s.Counted("versions").Count, 1, 6);
        var shelf = Cast.Shelf(s.On, [.. Enumerable.Range(1, shown)], null, new(s.Width * 0.7, s.Ground), 0.94, Poses.Stand.Feeling(Mood.Happy).Looking(-0.7), s.Who("shelf"));
        s.Mark("versions", shown, new(shelf.Box.Right - 4, shelf.Box.Bottom - 20));
        Cast.Rill(s.On, new(s.Width * 0.22, s.Ground), 0.92, Poses.Look, Mix, s.Who("rill"));
    }

    /// <summary>A window in a wall hands out answers.</summary>
    public static void Hatch(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Hatch(s.On, new(s.Width * 0.68, s.Ground), 0.94, Poses.Stand.Feeling(Mood.Happy).Looking(-0.6), s.Who("hatch"));
        Cast.Person(s.On, People.Mei, new(s.Width * 0.22, s.Ground), 0.94, Poses.Offer, People.Mei.Name);
    }

    /// <summary>The box is packed.</summary>
    public static void Pack(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var top = Props.Table(s.On, s.Width * 0.52, s.Width * 0.42);
        Props.Lunch(s.On.Middle, new(s.Width * 0.73, top), 1.05);
        s.On.Prop("lunch", new((s.Width * 0.73) - 48, top - 40, 96, 40));
        Cast.Tuck(s.On, new(s.Width * 0.25, s.Ground), 0.98, Poses.Offer, new(s.VersionOr("new.version", 4), Poses.Wave), s.Who("tuck"));
    }

    /// <summary>The house with its rooms lit.</summary>
    public static void House(Stage s) => Street(s, Poses.Stand.Feeling(Mood.Happy), null);

    /// <summary>A room went dark.</summary>
    public static void Dark(Stage s) => Street(s, Poses.Stand.Feeling(Mood.Surprised), 1);

    /// <summary>Nell rings, or rests beside her bell.</summary>
    public static void Bell(Stage s)
    {
        var trouble = s.Is("trouble") || s.Is(IncidentFacts.Stopped);
        Sets.Room(s.On, s.Tone);
        var x = s.Width * 0.68;
        var bell = new Sketch().Path(new PathBuilder().Move(-34, 0).Curve(-26, -12, -24, -36).Curve(-22, -70, 0, -70).Curve(22, -70, 24, -36).Curve(26, -12, 34, 0).Close(), Hues.Yellow, Hues.Ink, Hues.Outline)
            .Circle(0, 6, 8, Hues.WoodDark, Hues.Ink, 2.2).Circle(0, -74, 6, Hues.Yellow, Hues.Ink, 2.2).Path(new PathBuilder().Move(-13, -40).Curve(-12, -58, -4, -61), null, Hues.White, 4, opacity: 0.8);
        s.On.Middle.Add(bell.Group(new(x, s.Ground - 42), 1.05, trouble ? 14 : 0));
        s.On.Prop("bell", new(x - 42, s.Ground - 128, 84, 132));
        if (trouble)
            foreach (var side in (int[])[-1, 1])
                s.On.Middle.Path(new PathBuilder().Move(x + (side * 48), s.Ground - 96).Curve(x + (side * 60), s.Ground - 74, x + (side * 50), s.Ground - 50), null, Hues.Red, 3.4);
        Cast.Nell(s.On, trouble ? 0.84 : 0.16, new(s.Width * 0.24, s.Ground), 0.98, trouble ? Poses.Stop : Poses.Rest, s.Who("nell"));
    }

    /// <summary>Nell at a chart with a limit.</summary>
    public static void Watch(Stage s)
    {
        var series = s.Line("watch");
        Chart(s, new LineChart
        {
            Title = s.Words("sign").Plain,
            Series = [new(s.Words("sign").Plain, [.. series.X.Zip(series.Y)])],
            Limits = [new(1, s.Catalogue.Text("words.limit"))],
            Y = AxisReading.Number,
        }, 0.6);
        Cast.Nell(s.On, s.Needle("watch.peak", "watch.limit"), new(s.Width * 0.82, s.Ground), 0.92, Poses.Stop.Mirrored(), s.Who("nell"));
    }

    /// <summary>Pom at its learning curve.</summary>
    public static void Curve(Stage s)
    {
        var series = s.Line("curve");
        Chart(s, new LineChart { Title = s.Words("sign").Plain, Series = [new(s.Words("sign").Plain, [.. series.X.Zip(series.Y)], Ink.Good)], Y = AxisReading.Share }, 0.6);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.82, s.Ground), 0.9, Poses.Point.Mirrored(), name: s.Who("pom"));
    }

    /// <summary>The count of what is ready, over time.</summary>
    public static void Count(Stage s)
    {
        var series = s.Line("ready");
        var steps = series.X.Zip(series.Y).SelectMany((point, i) => i == 0 ? [point] : new[] { (point.First, series.Y[i - 1]), point });
        Chart(s, new LineChart { Title = s.Words("sign").Plain, Series = [new(s.Words("sign").Plain, [.. steps], Ink.Good)], X = AxisReading.Time, Y = AxisReading.Whole }, 0.6);
        Cast.Nell(s.On, 0.3, new(s.Width * 0.82, s.Ground), 0.92, Poses.Point.Mirrored(), s.Who("nell"));
    }

    /// <summary>A bar for each tune.</summary>
    public static void Field(Stage s) => Bars(s, "field", AxisReading.Number, 6);

    /// <summary>A bar for each kind.</summary>
    public static void Kinds(Stage s) => Bars(s, "kinds.items", AxisReading.Whole, 8);

    /// <summary>A bar for each day, the busiest in its own colour; a week with a single busy day is leaves of a calendar.</summary>
    public static void Days(Stage s)
    {
        var series = s.Line("days");
        if (series.Y.Count(count => count > 0) == 1)
        {
            Leaves(s, series);
            return;
        }

        Chart(s, new BarChart
        {
            Title = s.Words("sign").Plain,
            Bars = [.. series.X.Zip(series.Y, (at, count) => new Bar(Weekday(s, at), count, Ink: count == series.Y.Max() ? Ink.Good : Ink.Rill))],
            Reading = AxisReading.Whole,
        }, 0.62);
        Cast.Nell(s.On, 0.2, new(s.Width * 0.83, s.Ground), 0.9, Poses.Point.Mirrored(), s.Who("nell"));
    }

    private static string Weekday(Stage s, double at) => DateTimeOffset.FromUnixTimeSeconds((long)at).ToString("ddd", s.Catalogue.Culture);

    /// <summary>A leaf for each day; what came on the busy one lies on it.</summary>
    private static void Leaves(Stage s, FactSeries days)
    {
        const int perRow = 4;
        Sets.Room(s.On, s.Tone);
        var board = new Box(14, s.Top + 14, (s.Width - 20) * 0.62, s.Ground - s.Top - 34);
        s.On.Middle.Rounded(board, 8, Hues.WoodDark, Hues.Ink, Hues.Outline).Rounded(board.Grow(-6), 5, Hues.WoodLight, Hues.Ink, 2);
        s.On.Prop("calendar", board);
        var title = new Box(board.X + 12, board.Y + 10, board.Width - 24, 26);
        s.On.Label(s.On.Middle, s.Words("sign"), title, paper: Hues.WoodLight);
        var (width, height) = ((board.Width - 20) / perRow, (board.Bottom - title.Bottom - 12) / 2);
        foreach (var (count, i) in days.Y.Select((count, i) => (count, i)))
        {
            var row = i / perRow;
            // The second row has one leaf less: it stands in the middle.
            var leaf = new Box(board.X + 10 + (width * (i % perRow)) + (row == 1 ? width / 2 : 0), title.Bottom + 4 + (height * row), width, height).Grow(-3);
            s.On.Middle.Rounded(leaf, 5, s.Palette.Paper, Hues.Ink, 2.2).Rounded(leaf with { Height = 20 }, 5, count > 0 ? Hues.Yellow : "#D9DCE6", Hues.Ink, 2);
            s.On.Label(s.On.Middle, Weekday(s, days.X[i]), new(leaf.X + 2, leaf.Y + 1, leaf.Width - 4, 18), 12.5, paper: count > 0 ? Hues.Yellow : "#D9DCE6");
            if (count > 0)
                Props.Item(s.On.Middle, s.Kinds[0], new(leaf.Center.X, leaf.Bottom - 3), Math.Min(0.9, (leaf.Height - 22) / 48));
        }

        Cast.Nell(s.On, 0.2, new(s.Width * 0.83, s.Ground), 0.9, Poses.Point.Mirrored(), s.Who("nell"));
    }

    private static void Bars(Stage s, string id, AxisReading reading, int most)
    {
        var series = s.Line(id);
        Chart(s, new BarChart
        {
            Title = s.Words("sign").Plain,
            Bars = [.. series.Names.Zip(series.Y, (name, value) => new Bar(Lettering.Name(name), value)).Take(most)],
            Reading = reading,
        }, 0.94);
    }

    /// <summary>A board on legs with a chart, its title above.</summary>
    /// <param name="share">Of the panel's width.</param>
    private static void Chart(Stage s, Chart chart, double share)
    {
        Sets.Room(s.On, s.Tone);
        s.On.Chart(chart, new(14, s.Top + 12, (s.Width - 20) * share, s.Ground - s.Top - 30), s.Words("sign"));
    }

    private static void Street(Stage s, Pose pose, int? dark)
    {
        Sets.Sky(s.On, s.Tone);
        var rooms = s.Counted(s.Shows[0]).Count;
        var shown = Math.Clamp(rooms, 1, 6);
        var bright = Math.Max(0, shown - (rooms - s.Counted(s.Shows[1]).Count));
        var scale = Math.Min(0.96, (s.Width - 40) / Cast.TerraceWidth(shown));
        IReadOnlySet<int> on = dark is { } gone && bright < shown ? new HashSet<int>(Enumerable.Range(0, shown).Where(room => room != gone).Take(bright)) : new HashSet<int>(Enumerable.Range(0, Math.Min(bright, shown)));
        var house = Cast.Terrace(s.On, shown, on, new(s.Width * 0.5, s.Ground), scale, pose, s.Who("terrace"));
        s.Mark(s.Shows[0], shown, new(house.Box.Right - 6, house.Box.Y + (house.Box.Height * 0.55)));
    }
}
