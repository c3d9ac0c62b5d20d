using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Panels about what nobody checked. Each story has its own: what is not known of dials is not what is not known of names.</summary>
internal static partial class Scenes
{
    /// <summary>Nell at a post in the fog: what comes next.</summary>
    public static void Unknown(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var fog = s.Palette[s.Tone].Light;
        Post(s, s.Width * 0.64);
        for (var i = 0; i < 5; i++)
            s.On.Middle.Ellipse(s.Width * (0.5 + (0.13 * i)), s.Ground - 16 - (i % 2 * 22), 74, 20, fog, opacity: 0.62);
        Cast.Nell(s.On, 0.2, new(s.Width * 0.25, s.Ground), 0.96, Poses.Look, s.Who("nell"));
    }

    /// <summary>Dials under a cloth: nobody turned them.</summary>
    public static void Covered(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var board = new Box(s.Width * 0.47, s.Ground - 132, s.Width * 0.46, 124);
        s.On.Middle.Rounded(board, 10, Hues.MetalLight, Hues.Ink, Hues.Outline);
        foreach (var leg in (double[])[0.16, 0.78])
            s.On.Middle.Rounded(new(board.X + (board.Width * leg), board.Bottom - 2, 9, 12), 2, Hues.WoodDark, Hues.Ink, 2.2);
        for (var i = 0; i < 2; i++)
            Dial(s.On.Middle, new(board.X + (board.Width * (0.25 + (0.5 * i))), board.Y + 32), 20, 205 + (i * 90));
        // The cloth hangs in folds over whatever is below it.
        var (top, left, right, low) = (board.Y + 58, board.X - 8, board.Right + 8, board.Bottom + 4);
        var (fold, cloth) = ((right - left) / 5, new PathBuilder().Move(left, top).Curve(board.Center.X, top - 12, right, top).Line(right, low));
        for (var i = 0; i < 5; i++)
            cloth.Curve(right - (fold * (i + 0.5)), low + 16, right - (fold * (i + 1)), low);
        s.On.Middle.Path(cloth.Close(), "#C9B6E4", Hues.Ink, Hues.Outline);
        for (var i = 1; i < 5; i++)
            s.On.Middle.Path(new PathBuilder().Move(left + (fold * i), low).Curve(left + (fold * i) - 5, low - 30, left + (fold * i) + 2, top + 18), null, "#9C86C4", 2.4);
        s.On.Middle.Text(new(board.Center.X, board.Bottom - 14), "?", 40, Hues.Ink, Align.Middle, role: TextRole.Badge);
        s.On.Prop("covered dials", new(left, board.Y, right - left, low - board.Y + 4));
        Cast.Nell(s.On, 0.2, new(s.Width * 0.21, s.Ground), 0.96, Poses.Think with { LookX = 0.8, LookY = 0 }, s.Who("nell"));
    }

    /// <summary>A picture whose name tag may be wrong, under a glass.</summary>
    public static void WrongName(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.74);
        var (left, right) = (s.Width * 0.46, s.Width * 0.95);
        var desk = Props.Table(s.On, left, right - left);
        var at = new Point((left + right) / 2, desk);
        Props.Item(s.On.Middle, s.Kinds[0], new(at.X - 26, at.Y), 1.25);
        // A tag on a thread, its word rubbed out.
        var tag = new Box(at.X + 20, desk - 34, 50, 26);
        s.On.Middle.Path(new PathBuilder().Move(at.X - 10, desk - 40).Curve(at.X + 4, desk - 52, tag.X + 6, tag.Center.Y), null, Hues.Ink, 2)
            .Path(PathBuilder.Polygon(new(tag.X, tag.Center.Y), new(tag.X + 12, tag.Y), new(tag.Right, tag.Y), new(tag.Right, tag.Bottom), new(tag.X + 12, tag.Bottom)), s.Palette.Paper, Hues.Ink, 2.4)
            .Circle(tag.X + 10, tag.Center.Y, 2.6, Hues.Ink)
            .Text(new(tag.X + 30, tag.Bottom - 6), "?", 22, s.Palette.InkOn(s.Palette.Paper), Align.Middle, role: TextRole.Badge);
        Props.Magnifier(s.On.Middle, new(at.X - 62, desk - 24), 0.9);
        s.On.Prop("picture with its tag", new(at.X - 86, desk - 62, 160, 62));
        Cast.Nell(s.On, 0.2, new(s.Width * 0.2, s.Ground), 0.96, Poses.Point.Feeling(Mood.Thinking), s.Who("nell"));
    }

    /// <summary>A sure answer lies between a gauge, which knows doubt alone, and a person, who knows the thing.</summary>
    public static void AskAPerson(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var top = Props.Table(s.On, s.Width * 0.42, s.Width * 0.24);
        var at = new Point(s.Width * 0.54, top);
        Props.Item(s.On.Middle, s.Kinds[0], at, 1.2);
        s.On.Prop("picture", new(at.X - 28, top - 52, 56, 52));
        s.On.Back.Text(new(at.X, top - 70), "?", 42, Colour.Mix(s.Palette[s.Tone].Wall, Hues.Ink, 0.42), Align.Middle, role: TextRole.Badge);
        Cast.Nell(s.On, 0.16, new(s.Width * 0.2, s.Ground), 0.88, new(Mood.Thinking, 0.8, 0.1, new(0.9, 0.3), new(1.02, 0.62)), s.Who("nell"));
        Cast.Person(s.On, People.Mei, new(s.Width * 0.82, s.Ground), 0.94, new(Mood.Thinking, -0.8, 0.3, Hand.At(-30, -66), new(0.9, 0.1)), People.Mei.Name);
    }

    /// <summary>A house that is dark as a whole, and another one far away.</summary>
    public static void HouseDark(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var ground = s.Ground - 8;
        House(s.On.Back, new(s.Width * 0.9, ground - 20), 0.42, "#8FA0B8", lit: true);
        House(s.On.Middle, new(s.Width * 0.62, ground + 2), 1, "#4C5168", lit: false);
        var cloud = new Point(s.Width * 0.62, ground - 148);
        foreach (var (x, y, wide) in ((double, double, double)[])[(-34, 6, 30), (0, -6, 38), (36, 6, 30)])
            s.On.Middle.Ellipse(cloud.X + x, cloud.Y + y, wide, wide * 0.56, "#7C849C", Hues.Ink, 2);
        s.On.Middle.Ellipse(cloud.X, cloud.Y + 8, 56, 15, "#7C849C");
        s.On.Middle.Path(PathBuilder.Polygon(new(cloud.X + 2, cloud.Y + 20), new(cloud.X - 10, cloud.Y + 44), new(cloud.X, cloud.Y + 42), new(cloud.X - 8, cloud.Y + 64), new(cloud.X + 14, cloud.Y + 34), new(cloud.X + 4, cloud.Y + 36), new(cloud.X + 12, cloud.Y + 20)), Hues.Yellow, Hues.Ink, 2.2);
        s.On.Prop("dark house", new((s.Width * 0.62) - 66, cloud.Y - 24, 132, ground + 2 - cloud.Y + 24));
        Cast.Nell(s.On, 0.3, new(s.Width * 0.2, s.Ground), 0.96, Poses.Look.Feeling(Mood.Worried), s.Who("nell"));

        static void House(Sketch sketch, Point at, double scale, string wall, bool lit)
        {
            double X(double x) => at.X + (x * scale);
            double Y(double y) => at.Y + (y * scale);
            sketch.Path(PathBuilder.Polygon(new(X(-52), Y(0)), new(X(-52), Y(-58)), new(X(52), Y(-58)), new(X(52), Y(0))), wall, Hues.Ink, 2.6)
                .Path(PathBuilder.Polygon(new(X(-62), Y(-56)), new(X(0), Y(-92)), new(X(62), Y(-56))), Colour.Mix(wall, Hues.Ink, 0.35), Hues.Ink, 2.6)
                .Rounded(new(X(-12), Y(-34), 24 * scale, 34 * scale), 3, Colour.Mix(wall, Hues.Ink, 0.5), Hues.Ink, 2.2)
                .Rounded(new(X(-10), Y(-82 + 4), 20 * scale, 14 * scale), 3, lit ? Hues.Yellow : Colour.Mix(wall, Hues.Ink, 0.5), Hues.Ink, 2.2);
        }
    }
}
