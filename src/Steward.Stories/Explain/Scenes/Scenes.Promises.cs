using Steward.Drawing;

namespace Steward.Stories;

/// <summary>How sure somebody is, and how often that was right.</summary>
internal static partial class Scenes
{
    /// <summary>A thing and a needle that says sure.</summary>
    public static void Certain(Stage s) => Said(s, s.Kinds[0], null, 0.86, new(Mood.Happy, 0.9, 0.1, new(1, 0.2), new(1.2, 0.4)));

    /// <summary>A cloud, and somebody with an umbrella.</summary>
    public static void Forecast(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var at = new Point(s.Width * 0.8, s.Ground - 164);
        s.On.Middle.Path(new PathBuilder().Move(at.X - 52, at.Y + 18).Curve(at.X - 74, at.Y + 14, at.X - 62, at.Y - 12, at.X - 40, at.Y - 8).Curve(at.X - 36, at.Y - 40, at.X + 10, at.Y - 42, at.X + 20, at.Y - 16).Curve(at.X + 56, at.Y - 24, at.X + 66, at.Y + 16, at.X + 38, at.Y + 18).Close(), "#B7C3D6", Hues.Ink, Hues.Outline);
        for (var i = 0; i < 7; i++)
            s.On.Middle.Line(at.X - 46 + (i * 14), at.Y + 30 + (i % 2 * 12), at.X - 51 + (i * 14), at.Y + 44 + (i % 2 * 12), Hues.Blue, 3);
        s.On.Prop("cloud", new(at.X - 70, at.Y - 42, 134, 104));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.33, s.Ground), 0.98, new(Mood.Happy, -0.5, -0.3, new(1, 0.1), Hand.At(56, -72)), s.Who("juno"));
        Umbrella(s, new((s.Width * 0.33) + 56, s.Ground - 70));
    }

    /// <summary>How often a sure answer was right.</summary>
    public static void CountedRight(Stage s) => Counts(s, nell: true);

    /// <summary>How often there was a sure answer at all.</summary>
    public static void HowOftenSure(Stage s) => Counts(s, nell: false);

    /// <summary>A strange picture is shown to a person.</summary>
    public static void Uncertain(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.5);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.94, new(Mood.Worried, 0.8, -0.1, new(1, 0.1), Hand.At(70, -44)), name: s.Who("pom"));
        Thing(s, s.Kinds[2], new((s.Width * 0.22) + 88, s.Ground - 34), 0.96, (Strange, 0.55));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.8, s.Ground), 0.96, new(Mood.Happy, -0.8, 0.1, Hand.At(-42, -78), new(1, 0.1)), s.Who("juno"));
    }

    /// <summary>A promise and a count that fit.</summary>
    public static void Trusted(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Props.Balance(s.On.Middle, new(s.Width * 0.68, s.Ground + 4), 1.34, 0);
        s.On.Prop("balance", new((s.Width * 0.68) - 88, s.Ground - 112, 176, 116));
        // A promise on one side, full seats on the other: they weigh the same.
        Meter(s.On.Middle, new((s.Width * 0.68) - 59, s.Ground - 52), 0.3, 0.86);
        for (var i = 0; i < 6; i++)
            s.On.Middle.Circle((s.Width * 0.68) + 45 + (i % 3 * 13), s.Ground - 60 - (i / 3 * 13), 5.6, Hues.Green, Hues.Ink, 1.8);
        Cast.Nell(s.On, 0.2, new(s.Width * 0.22, s.Ground), 0.94, Poses.Point, s.Who("nell"));
    }

    private static void Counts(Stage s, bool nell)
    {
        Sets.Room(s.On, s.Tone);
        var width = Math.Min(226, s.Width * 0.58);
        Board(s, s.On, s.Width - width - 16, s.Top + 20, width, s.Shows[0], "sign", 104);
        if (nell)
            Cast.Nell(s.On, 0.2, new(s.Width * 0.2, s.Ground), 0.96, Poses.Point, s.Who("nell"));
        else
            Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.96, Poses.Think, name: s.Who("pom"));
        if (s.OutOf <= 20)
            Belt(s, s.Width * 0.46, tint: null);
    }

    /// <summary>A model, a thing, and a needle that says how sure it is.</summary>
    private static void Said(Stage s, string kind, (string Light, double Share)? tint, double sure, Pose pose)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.98, pose, name: s.Who("pom"));
        var (left, width) = (s.Width * 0.4, s.Width * 0.24);
        var top = Props.Table(s.On, left, width);
        Thing(s, kind, new(left + (width / 2), top), 1.2, tint);
        var at = new Point(s.Width * 0.82, s.Ground - 30);
        s.On.Middle.Rounded(new(at.X - 5, at.Y - 4, 10, 36), 3, Hues.WoodDark, Hues.Ink, 2.4).Rounded(new(at.X - 26, at.Y + 26, 52, 9), 4, Hues.WoodDark, Hues.Ink, 2.4);
        Meter(s.On.Middle, at, 1, sure);
        s.On.Prop("meter", new(at.X - 54, at.Y - 58, 108, 92));
        if (s.Has("sign"))
        {
            var box = new Box(at.X - 48, at.Y - 92, 96, 28);
            s.On.Middle.Rounded(box, 6, s.Palette.Paper, Hues.Ink, 2.2);
            s.On.Prop("sign", box);
            s.On.Label(s.On.Middle, s.Words("sign"), box.Grow(-4));
        }
    }

    /// <summary>A half dial: left is a guess, right is sure. The zones differ in lightness and width.</summary>
    internal static void Meter(Sketch sketch, Point at, double scale, double value)
    {
        var dial = new Sketch().Path(new PathBuilder().Move(-50, 0).Arc(50, 50, 0).Close(), Hues.Paper, Hues.Ink, Hues.Outline);
        foreach (var (from, to, colour) in ((double, double, string)[])[(0.05, 0.36, Hues.Red), (0.4, 0.64, Hues.Yellow), (0.68, 0.95, Hues.Green)])
        {
            var path = new PathBuilder();
            for (var i = 0; i <= 8; i++)
            {
                var (sin, cos) = Math.SinCos(Math.PI * (1 - (from + ((to - from) * i / 8))));
                _ = i == 0 ? path.Move(cos * 39, -sin * 39) : path.Line(cos * 39, -sin * 39);
            }

            dial.Path(path, null, colour, 9);
        }

        var (up, along) = Math.SinCos(Math.PI * (1 - value));
        dial.Line(0, -3, along * 36, -up * 36, Hues.Ink, 4).Circle(0, -3, 5.5, Hues.Red, Hues.Ink, 2);
        sketch.Add(dial.Group(at, scale));
    }

    private static void Umbrella(Stage s, Point hand)
    {
        var top = hand.Y - 106;
        s.On.Middle.Line(hand.X, top, hand.X, hand.Y + 8, Hues.Ink, 5).Line(hand.X, top, hand.X, hand.Y + 8, Hues.WoodLight, 2.4)
            .Path(new PathBuilder().Move(hand.X - 50, top + 22).Curve(hand.X - 40, top - 22, hand.X, top - 22).Curve(hand.X + 40, top - 22, hand.X + 50, top + 22).Curve(hand.X + 34, top + 10, hand.X + 17, top + 22).Curve(hand.X, top + 10, hand.X - 17, top + 22).Curve(hand.X - 34, top + 10, hand.X - 50, top + 22).Close(), "#D94A6A", Hues.Ink, Hues.Outline);
        s.On.Prop("umbrella", new(hand.X - 52, top - 24, 104, 50));
    }
}
