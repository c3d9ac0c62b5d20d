using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Moving house with everything one needs.</summary>
internal static partial class Scenes
{
    public static void AtHome(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.66);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.24, s.Ground), 0.98, Poses.Cheer, name: s.Who("pom"));
        var top = Props.Table(s.On, s.Width * 0.46, s.Width * 0.46);
        Bowl(s, new(s.Width * 0.66, top), 1, fruit: true);
        Spoon(s.On.Middle, new(s.Width * 0.84, top), 1);
        s.On.Prop("spoon", new((s.Width * 0.84) - 8, top - 44, 16, 44));
    }

    /// <summary>A bare room: a bowl for a doll, and an empty place.</summary>
    public static void Lost(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.24, s.Ground), 0.98, Poses.Worry, name: s.Who("pom"));
        var top = Props.Table(s.On, s.Width * 0.46, s.Width * 0.46);
        Bowl(s, new(s.Width * 0.62, top), 0.44, fruit: false);
        Missing(s, new(s.Width * 0.8, top));
    }

    public static void LunchBox(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.24, s.Ground), 0.94, new(Mood.Surprised, 0.9, 0.1, new(1, 0.2), new(1.1, 0.4)), name: s.Who("pom"));
        Sparks(s.On.Middle, new(s.Width * 0.72, s.Ground - 50), 72);
        Cast.Tuck(s.On, new(s.Width * 0.72, s.Ground), 1.06, Poses.Wave.Mirrored(), name: s.Who("tuck"));
    }

    /// <summary>As many things as are told, ready to go in.</summary>
    public static void Packing(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var (things, mark) = s.Counted("things");
        Cast.Tuck(s.On, new(s.Width * 0.22, s.Ground), 0.92, Poses.Offer, new(s.VersionOr("new.version"), Poses.Cheer), s.Who("tuck"));
        var (left, width) = (s.Width * 0.45, (s.Width * 0.55) - 16);
        var top = Props.Table(s.On, left, width);
        for (var i = 0; i < things; i++)
            Need(s, i, new(left + (width * ((2 * i) + 1) / (2 * things)), top), Math.Min(0.9, width / things / 52));
        Signs.CountMark(s.On, mark, new(left + width - 2, top - 58));
    }

    public static void Unpacked(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Tuck(s.On, new(s.Width * 0.15, s.Ground), 0.78, Poses.Stand.Feeling(Mood.Happy).Looking(0.7), name: s.Who("tuck"));
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.46, s.Ground), 0.94, Poses.Cheer, name: s.Who("pom"));
        var top = Props.Table(s.On, s.Width * 0.63, s.Width * 0.34);
        Bowl(s, new(s.Width * 0.755, top), 0.94, fruit: true);
        Spoon(s.On.Middle, new(s.Width * 0.91, top), 1);
        s.On.Prop("spoon", new((s.Width * 0.91) - 8, top - 44, 16, 44));
    }

    public static void HereAndThere(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cottage(s, s.Width * 0.14, 0.74, "#E0916D", "#8C3F45");
        Cottage(s, s.Width * 0.83, 1.06, "#8FC7E8", "#37468F");
        for (var i = 0; i < 6; i++)
            s.On.Middle.Ellipse(s.Width * (0.26 + (i * 0.04)), s.Ground + 14 - (i % 2 * 4), 4.4, 2.6, Colour.Mix(s.Palette[s.Tone].Floor, Hues.Ink, 0.4));
        Cast.Tuck(s.On, new(s.Width * 0.5, s.Ground + 6), 0.92, new(Mood.Happy, 0.6, 0, new(1.1, 0.5), new(1.1, 0.3), 4), name: s.Who("tuck"));
    }

    /// <summary>The things a model needs, each drawn as something for lunch.</summary>
    private static void Need(Stage s, int which, Point at, double scale)
    {
        switch (which)
        {
            case 0:
                Bowl(s, at, scale, fruit: true);
                return;
            case 1:
                Spoon(s.On.Middle, at, scale * 1.1);
                break;
            case 2:
                s.On.Middle.Add(new Sketch().Rounded(new(-13, -36, 26, 36), 4, "#8FC7E8", Hues.Ink, 2.4).Rounded(new(-8, -45, 16, 11), 3, Hues.Blue, Hues.Ink, 2.2).Path(new PathBuilder().Move(-7, -28).Line(-7, -14), null, Hues.White, 3).Group(at, scale));
                break;
            case 3:
                s.On.Middle.Add(new Sketch().Rounded(new(-16, -40, 32, 40), 3, Hues.Paper, Hues.Ink, 2.4).Line(-9, -31, 9, -31, Hues.Shade, 2.2).Line(-9, -23, 9, -23, Hues.Shade, 2.2).Line(-9, -15, 4, -15, Hues.Shade, 2.2).Group(at, scale));
                break;
            case 4:
                Props.Item(s.On.Middle, "apple", at, scale);
                break;
            default:
                s.On.Middle.Add(new Sketch().Path(new PathBuilder().Move(-20, 0).Line(-20, -16).Curve(-18, -34, 0, -34).Curve(18, -34, 20, -16).Line(20, 0).Close(), "#F2DDB8", Hues.Ink, 2.4).Path(new PathBuilder().Move(-10, -24).Line(-4, -14).Move(2, -27).Line(8, -16), null, Hues.WoodLight, 2.6).Group(at, scale));
                break;
        }

        s.On.Prop("thing", new(at.X - (20 * scale), at.Y - (46 * scale), 40 * scale, 46 * scale));
    }

    internal static void Spoon(Sketch sketch, Point at, double scale)
        => sketch.Add(new Sketch().Line(0, -2, 0, -30, Hues.Ink, 7).Line(0, -2, 0, -30, Hues.MetalLight, 3).Ellipse(0, -36, 7.5, 10, Hues.MetalLight, Hues.Ink, 2.4).Path(new PathBuilder().Move(-3, -40).Curve(-4, -36, -2, -32), null, Hues.White, 2.2).Group(at, scale));

    internal static void Bowl(Sketch sketch, Point at, double scale, bool fruit)
    {
        var bowl = new Sketch();
        if (fruit)
            bowl.Circle(-12, -28, 10, "#E0623F", Hues.Ink, 2.2).Circle(11, -28, 10, "#F3B63A", Hues.Ink, 2.2).Circle(0, -33, 10, "#8CC152", Hues.Ink, 2.2);
        bowl.Path(new PathBuilder().Move(-32, -26).Line(32, -26).Curve(28, -2, 10, -2).Line(-10, -2).Curve(-28, -2, -32, -26).Close(), "#5FA8C9", Hues.Ink, Hues.Outline).Rounded(new(-13, -4, 26, 4), 2, "#37748F", Hues.Ink, 2)
            .Path(new PathBuilder().Move(-24, -20).Curve(-20, -10, -12, -8), null, "#A8D6EA", 3.4);
        sketch.Add(bowl.Group(at, scale));
    }

    private static void Bowl(Stage s, Point at, double scale, bool fruit)
    {
        Bowl(s.On.Middle, at, scale, fruit);
        s.On.Prop("bowl", new(at.X - (33 * scale), at.Y - (44 * scale), 66 * scale, 44 * scale));
    }

    /// <summary>A dashed shadow where a spoon should be.</summary>
    private static void Missing(Stage s, Point at)
    {
        s.On.Middle.Path(PathBuilder.Rounded(new(at.X - 11, at.Y - 48, 22, 46), 10), null, Hues.Ink, 2.4, dash: "5 5");
        s.On.Middle.Text(new(at.X, at.Y - 19), "?", 20, Hues.Ink, Align.Middle, role: TextRole.Badge);
        s.On.Prop("missing", new(at.X - 12, at.Y - 50, 24, 50));
    }

    private static void Cottage(Stage s, double x, double scale, string wall, string roof)
    {
        var house = new Sketch().Rounded(new(-40, -70, 80, 74), 3, wall, Hues.Ink, Hues.Outline).Path(PathBuilder.Polygon(new(-50, -68), new(0, -108), new(50, -68)), roof, Hues.Ink, Hues.Outline)
            .Rounded(new(-12, -36, 24, 40), 4, roof, Hues.Ink, 2.4).Rounded(new(-32, -58, 17, 17), 3, "#FFE7A3", Hues.Ink, 2.2).Rounded(new(15, -58, 17, 17), 3, "#FFE7A3", Hues.Ink, 2.2);
        s.On.Middle.Add(house.Group(new(x, s.Ground), scale));
        s.On.Prop("house", new(x - (50 * scale), s.Ground - (108 * scale), 100 * scale, 112 * scale));
    }
}
