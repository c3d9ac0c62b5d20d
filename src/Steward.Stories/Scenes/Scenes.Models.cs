using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Panels about models at work: meeting one, learning, tests, gates, hard pictures, the way back.</summary>
internal static partial class Scenes
{
    /// <summary>A light that makes pictures look unlike those before.</summary>
    private const string Strange = "#8E7CC3";

    /// <summary>Somebody new waves beside a belt of pictures.</summary>
    public static void Meet(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.23, s.Ground), 1, Poses.Wave, name: s.Who("pom"));
        Belt(s, s.Width * 0.47, tint: null);
    }

    /// <summary>A model at its belt, with what it scored on the wall.</summary>
    public static void Belt(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Board(s, s.On, s.Width - 190, s.Top + 12, 176, s.Shows[0], "sign");
        Cast.Pom(s.On, s.VersionOr("old.version"), new(s.Width * 0.21, s.Ground), 0.96, Poses.Offer, crowned: true, name: s.Who("pom"));
        Belt(s, s.Width * 0.42, tint: null);
    }

    /// <summary>The pictures on the belt look strange.</summary>
    public static void Change(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("old.version"), new(s.Width * 0.22, s.Ground), 0.98, Poses.Worry, crowned: true, name: s.Who("pom"));
        Belt(s, s.Width * 0.42, (Strange, 0.62));
        foreach (var (x, y, size) in ((double, double, double)[])[(0.56, 104, 30), (0.72, 122, 38), (0.9, 100, 28)])
            s.On.Back.Text(new(s.Width * x, s.Ground - y), "?", size, Colour.Mix(s.Palette[s.Tone].Wall, Hues.Ink, 0.42), Align.Middle, role: TextRole.Badge);
    }

    /// <summary>Pom reads; Rill brings pictures with their names.</summary>
    public static void Study(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.4);
        var desk = Props.Table(s.On, s.Width * 0.3, s.Width * 0.34);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.18, s.Ground), 0.92, new(Mood.Calm, 0.7, 0.7, new(0.9, 0.1), new(1.02, 0.3)), name: s.Who("pom"));
        foreach (var (kind, place) in s.Kinds.Take(2).Select((kind, i) => (kind, 0.385 + (0.17 * i))))
        {
            Props.Item(s.On.Middle, kind, new(s.Width * place, desk), 0.9);
            s.On.Prop("picture", new((s.Width * place) - 22, desk - 42, 44, 42));
        }

        Cast.Rill(s.On, new(s.Width * 0.83, s.Ground), 0.98, new(Mood.Happy, -0.7, 0.1, Hand.At(-46, -44), new(1, 0.2)), Mix, s.Who("rill"));
    }

    /// <summary>A large score board; Pom looks up at it. What was measured is what is celebrated, where nobody may have been hurt.</summary>
    public static void Exam(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var width = Math.Min(230, s.Width * 0.56);
        Board(s, s.On, s.Width - width - 18, s.Top + 22, width, s.Shows[0], "sign", 108);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 1, new(Mood.Happy, 0.8, -0.5, new(0.9, 0.2), new(1.08, 0.66)), name: s.Who("pom"));
        // A board with a hundred seats needs the room.
        if (s.OutOf > 20)
            return;
        Belt(s, s.Width * 0.46, tint: null);
        if (s.Tone is Tone.Result && !s.Book.IsGrave)
            Props.Confetti(s.On.Middle, new(s.Width - width - 10, s.Top + 136, width - 16, s.Ground - s.Top - 222), 11);
    }

    /// <summary>Two Poms and two boards: the same test for both.</summary>
    public static void Pair(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        int[] versions = s.Shows[0].StartsWith("best", StringComparison.Ordinal) ? [-4, -6] : [s.VersionOr("old.version"), s.VersionOr("new.version", 2)];
        var width = Math.Min(166, (s.Width - 42) / 2);
        for (var i = 0; i < 2; i++)
        {
            var x = i == 0 ? 14 : s.Width - 14 - width;
            Board(s, s.On, x, s.Top + 14, width, s.Shows[i], i == 0 ? "sign" : "sign-two", 74);
            Cast.Pom(s.On, versions[i], new(x + (width * (i == 0 ? 0.36 : 0.66)), s.Ground), 0.8, i == 0 ? Poses.Look : Poses.Offer.Mirrored(), name: s.Who(i == 0 ? "old" : "pom"));
        }
    }

    /// <summary>Gates in a row, as many as there are; the passed ones carry a tick.</summary>
    public static void Gates(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var gates = s.Counted("gates").Count;
        var passed = s.Counted("gates.passed").Count;
        var room = s.Width * 0.56;
        var shown = Math.Min(gates, 12);
        var step = room / shown;
        var height = Math.Clamp(step * 3.6, 84, 132);
        for (var i = 0; i < shown; i++)
            Gate(s.On.Middle, new(s.Width - 14 - room + (step * i), s.Ground), step - 4, height, i < shown - (gates - passed));
        s.On.Prop("gates", new(s.Width - 14 - room, s.Ground - height - 20, room, height + 20));
        s.On.Distinct("gates", Hues.Green, Hues.Red, byShape: true);
        s.Mark("gates", shown, new(s.Width - (shown == gates ? 16 : 50), s.Ground - height - 34));
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.19, s.Ground), 0.94, Poses.Point.Feeling(passed == gates ? Mood.Proud : Mood.Worried), name: s.Who("pom"));
    }

    /// <summary>A picture that is hard, seen through a glass.</summary>
    public static void Weak(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var width = Math.Min(186, s.Width * 0.46);
        Board(s, s.On, s.Width - width - 14, s.Top + 14, width, s.Shows[0], "sign", 82);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.96, Poses.Think, name: s.Who("pom"));
        var (x, top) = (s.Width * 0.64, s.Ground - 34);
        s.On.Middle.Rounded(new(x - 46, top, 92, 36), 6, Hues.WoodLight, Hues.Ink, Hues.Outline);
        s.On.Prop("stand", new(x - 46, top - 46, 92, 84));
        Props.Item(s.On.Middle, s.Book.Names.GetValueOrDefault(s.Shows[0].Replace(".found", "", StringComparison.Ordinal), "picture"), new(x, top), 1.05);
        Props.Magnifier(s.On.Middle, new(x + 34, top - 22), 0.9);
    }

    /// <summary>The old one serves; a small one on trial gets a share.</summary>
    public static void Trial(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var (k, n) = s.Seats("trial.first");
        Cast.Pom(s.On, s.VersionOr("trial.base"), new(s.Width * 0.2, s.Ground), 0.92, Poses.Carry, crowned: true, name: s.Who("old"));
        var room = new Box(s.Width * 0.38, s.Top + 96, s.Width * 0.28, 60);
        s.On.Middle.Rounded(room.Grow(7), 6, s.Palette.Paper, Hues.Ink, Hues.Outline);
        Signs.Seats(s.On, s.On.Middle, room, k, n, Hues.Blue, "requests");
        s.On.Prop("requests", room.Grow(8));
        Cast.Pip(s.On, s.VersionOr(s.Book.Kind is "incident" ? "old.version" : "new.version"), new(s.Width * 0.82, s.Ground), 1, Poses.Wave.Mirrored(), s.Who("pip"));
    }

    /// <summary>A post that shows the way back; the old one waits.</summary>
    public static void WayBack(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("back.to"), new(s.Width * 0.24, s.Ground), 0.96, new(Mood.Calm, 0.4, 0, new(0.8, 0.1), new(0.8, 0.1)), name: s.Who("old"));
        Bench(s.On, s.Width * 0.24);
        Post(s, s.Width * 0.58);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.83, s.Ground), 0.84, Poses.Wave.Mirrored(), crowned: true, name: s.Who("pom"));
    }

    /// <summary>The old one comes back in its box to the house that serves.</summary>
    public static void Back(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Terrace(s.On, 2, 2, new(s.Width * 0.71, s.Ground), 0.82, Poses.Stand.Feeling(Mood.Happy).Looking(-0.7, 0.2), s.Who("terrace"));
        Cast.Tuck(s.On, new(s.Width * 0.2, s.Ground), 0.86, Poses.Carry, new(s.VersionOr(s.Book.Kind is "release" ? "returned.to" : "back.version"), Poses.Cheer, Name: s.Who("old")), s.Who("tuck"));
    }

    /// <summary>A row of models at the start, as many as there are.</summary>
    public static void Row(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var count = s.Counted("tunes").Count;
        var shown = Math.Min(count, 8);
        var (front, back) = shown <= 3 ? (shown, 0) : ((shown + 1) / 2, shown / 2);
        var step = (s.Width - 36) / front;
        var scale = Math.Min(0.84, step / 132);
        var stage = s.Ground - (back > 0 ? 108 * scale : 0);
        if (back > 0)
        {
            s.On.Middle.Rounded(new(14, stage, s.Width - 28, s.Ground - stage - 4), 6, Hues.WoodLight, Hues.Ink, Hues.Outline).Line(18, stage + 11, s.Width - 18, stage + 11, Hues.WoodDark, 2.2);
            s.On.Prop("stage", new(14, stage + 2, s.Width - 28, s.Ground - stage - 6));
        }

        for (var i = 0; i < shown; i++)
        {
            var inFront = i >= back;
            var column = inFront ? i - back : i;
            var at = new Point(18 + (step * (column + 0.5)) + (!inFront && back < front ? step / 2 : 0), inFront ? s.Ground + 8 : stage);
            Cast.Pom(s.On, -(i + 1), at, scale, (i % 3) switch { 0 => Poses.Wave, 1 => Poses.Stand.Feeling(Mood.Happy), _ => Poses.Think }, name: i == 0 ? s.Who("pom") : $"{s.Who("pom")} {(char)('a' + i)}");
        }

        s.Mark("tunes", shown, new(s.Width - (shown == count ? 20 : 50), stage - (124 * scale) - 6));
    }

    /// <summary>Dials, as many as differ.</summary>
    public static void Dials(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var count = s.Counted("tunes.tried").Count;
        var board = new Box(s.Width * 0.44, s.Top + 92, s.Width * 0.5, Math.Min(118, s.Ground - s.Top - 108));
        s.On.Middle.Rounded(board, 10, Hues.MetalLight, Hues.Ink, Hues.Outline);
        s.On.Prop("dials", board);
        var shown = Math.Clamp(count, 1, 8);
        var perRow = shown <= 3 ? shown : (shown + 1) / 2;
        for (var i = 0; i < shown; i++)
        {
            var (row, column) = (i / perRow, i % perRow);
            var at = new Point(board.X + (board.Width * (column + 0.5) / perRow), board.Y + (board.Height * (row + 0.5) / ((shown + perRow - 1) / perRow)));
            Dial(s.On.Middle, at, Math.Min(22, board.Width / perRow * 0.36), 200 + (i * 47 % 140));
        }

        s.Mark("tunes.tried", shown, new(board.Right - (shown == count ? 2 : 30), board.Y - (shown == count ? 2 : 16)));
        Cast.Pom(s.On, s.VersionOr("new.version", 4), new(s.Width * 0.2, s.Ground), 0.96, Poses.Point, name: s.Who("pom"));
    }

    internal static IReadOnlyList<(double Share, string Colour)> Mix { get; } = [(0.42, "#E8A33A"), (0.33, "#D94A6A"), (0.25, "#63A35B")];

    /// <summary>What comes along the belt; unlike before when there is a tint.</summary>
    private static void Belt(Stage s, double from, (string Light, double Share)? tint)
    {
        var top = Props.Conveyor(s.On, from, s.Width - from + 14);
        for (var i = 0; i < 3; i++)
        {
            var at = new Point(from + 38 + ((s.Width - from - 56) * i / 2.4), top);
            Props.Item(s.On.Middle, s.Kinds[i], at, 1.06, tint);
            s.On.Prop("picture", new(at.X - 24, top - 44, 48, 44));
        }
    }

    private static void Board(Stage s, Panel panel, double x, double y, double width, string share, string sign, double height = 80)
    {
        var (k, n) = s.Seats(share);
        Signs.ScoreBoard(panel, new(x, y, width, n > 20 ? height + 30 : height), k, n, s.Words(sign));
    }

    private static (string Light, double Share)? Odd(Stage s) => s.Book.Kind is "incident" ? (Strange, 0.5) : null;

    /// <summary>An arch of stone: an open one lets the light through and carries a tick, a closed one has its door shut and a cross.</summary>
    private static void Gate(Sketch sketch, Point at, double width, double height, bool open)
    {
        var (left, top, bow) = (at.X, at.Y - height, width / 2);
        PathBuilder Arch(double inset) => new PathBuilder().Move(left + inset, at.Y).Line(left + inset, top + bow).Curve(left + inset, top + inset, left + bow, top + inset).Curve(left + width - inset, top + inset, left + width - inset, top + bow).Line(left + width - inset, at.Y).Close();
        sketch.Path(Arch(0), "#D8CBB5", Hues.Ink, Hues.Outline);
        sketch.Path(Arch(Math.Max(4, width * 0.2)), open ? "#FFF3C4" : Hues.Wood, Hues.Ink, 2);
        if (!open)
            sketch.Line(left + bow, top + (bow * 0.7), left + bow, at.Y, Hues.WoodDark, 2.2);
        var (x, y, r) = (left + bow, top - 8, Math.Clamp(width * 0.3, 6.5, 11));
        sketch.Circle(x, y, r, open ? Hues.Green : Hues.Red, Hues.Ink, 1.8);
        sketch.Path(open
            ? new PathBuilder().Move(x - (r * 0.5), y).Line(x - (r * 0.1), y + (r * 0.45)).Line(x + (r * 0.55), y - (r * 0.45))
            : new PathBuilder().Move(x - (r * 0.4), y - (r * 0.4)).Line(x + (r * 0.4), y + (r * 0.4)).Move(x + (r * 0.4), y - (r * 0.4)).Line(x - (r * 0.4), y + (r * 0.4)), null, Hues.White, 2.4);
    }

    private static void Dial(Sketch sketch, Point at, double radius, double turn)
    {
        sketch.Circle(at.X, at.Y, radius, Hues.Paper, Hues.Ink, 2.4);
        for (var i = 0; i <= 6; i++)
        {
            var a = Math.PI * (0.75 + (1.5 * i / 6));
            sketch.Line(at.X + (Math.Cos(a) * radius * 0.74), at.Y + (Math.Sin(a) * radius * 0.74), at.X + (Math.Cos(a) * radius * 0.9), at.Y + (Math.Sin(a) * radius * 0.9), Hues.Shade, 1.6);
        }

        var to = Math.PI * turn / 180;
        sketch.Line(at.X, at.Y, at.X + (Math.Cos(to) * radius * 0.66), at.Y + (Math.Sin(to) * radius * 0.66), Hues.Red, 3.2).Circle(at.X, at.Y, radius * 0.2, Hues.Ink);
    }

    private static void Bench(Panel panel, double x)
    {
        var y = panel.Ground - 14;
        panel.Back.Rounded(new(x - 74, y - 34, 148, 9), 4, Hues.WoodLight, Hues.Ink, 2.4).Rounded(new(x - 78, y - 10, 156, 10), 4, Hues.Wood, Hues.Ink, Hues.Outline);
        foreach (var leg in (double[])[-64, 56])
            panel.Back.Rounded(new(x + leg, y - 2, 8, 18), 2, Hues.WoodDark, Hues.Ink, 2.2);
    }

    /// <summary>A signpost without words.</summary>
    private static void Post(Stage s, double x)
    {
        var (sketch, top) = (s.On.Middle, s.Ground - 96);
        sketch.Rounded(new(x - 4, top - 8, 8, 104), 3, Hues.WoodDark, Hues.Ink, 2.4);
        sketch.Path(PathBuilder.Polygon(new(x - 52, top + 14), new(x - 36, top), new(x + 30, top), new(x + 30, top + 28), new(x - 36, top + 28)), "#E8C08A", Hues.Ink, Hues.Outline);
        sketch.Path(PathBuilder.Polygon(new(x + 50, top + 48), new(x + 36, top + 36), new(x - 26, top + 36), new(x - 26, top + 60), new(x + 36, top + 60)), "#D9B27C", Hues.Ink, Hues.Outline);
        sketch.Line(x - 30, top + 14, x + 18, top + 14, Hues.WoodDark, 3).Line(x - 30, top + 14, x - 20, top + 8, Hues.WoodDark, 3).Line(x - 30, top + 14, x - 20, top + 20, Hues.WoodDark, 3);
        s.On.Prop("signpost", new(x - 54, top - 10, 106, 106));
    }
}
