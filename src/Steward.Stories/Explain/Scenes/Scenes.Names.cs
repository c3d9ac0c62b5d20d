using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Learning with name tags.</summary>
internal static partial class Scenes
{
    /// <summary>A table with things that wear their names.</summary>
    public static void Tagged(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var (left, width) = (s.Width * 0.27, (s.Width * 0.73) - 14);
        Cast.Rill(s.On, new(s.Width * 0.14, s.Ground), 0.9, Poses.Point, Mix, s.Who("rill"));
        var top = Props.Table(s.On, left, width);
        string[] signs = ["sign", "sign-two", "sign-three"];
        for (var i = 0; i < 3; i++)
        {
            var x = left + (width * ((2 * i) + 1) / 6);
            Thing(s, s.Kinds[i], new(x, top));
            Strung(s, s.Words(signs[i]), x, top, 64 + (i % 2 * 30));
        }
    }

    /// <summary>The tags lie on the floor; the things are alone with the model.</summary>
    public static void TagsOff(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.96, Poses.Point, name: s.Who("pom"));
        var (left, width) = (s.Width * 0.42, (s.Width * 0.58) - 16);
        var top = Props.Table(s.On, left, width);
        for (var i = 0; i < 3; i++)
            Thing(s, s.Kinds[i], new(left + (width * ((2 * i) + 1) / 6), top));
        foreach (var (x, turn) in ((double, double)[])[(0.36, 24), (0.62, -16), (0.84, 12)])
            s.On.Middle.Add(Blank().Group(new(s.Width * x, s.Ground + 12), 0.9, turn));
    }

    /// <summary>Something new comes along the belt without a tag.</summary>
    public static void Newcomer(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.96, Poses.Think with { LookX = 0.9 }, name: s.Who("pom"));
        var top = Props.Conveyor(s.On, s.Width * 0.42, s.Width * 0.6);
        Sparks(s.On.Middle, new(s.Width * 0.68, top - 24), 42);
        Thing(s, s.Kinds[1], new(s.Width * 0.68, top), 1.3);
    }

    /// <summary>A tag that may not belong to its thing.</summary>
    public static void WrongTag(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.17, s.Ground), 0.88, Poses.Worry, name: s.Who("pom"));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.83, s.Ground), 0.94, new(Mood.Thinking, -0.8, 0.3, Hand.At(-42, -70), new(1, 0.1)), s.Who("juno"));
        var (left, width) = (s.Width * 0.34, s.Width * 0.3);
        var top = Props.Table(s.On, left, width);
        Thing(s, s.Kinds[2], new(left + (width * 0.36), top), 1.1);
        var at = new Point(left + (width * 0.6), top - 20);
        s.On.Middle.Add(Blank().Group(at, 1.2, -8));
        s.On.Middle.Text(new(at.X + 34, at.Y + 5), "?", 24, Hues.Fact, Align.Middle, role: TextRole.Badge);
        s.On.Prop("tag", new(at.X, at.Y - 16, 56, 32));
    }

    /// <summary>The model has learned and holds up a tag.</summary>
    public static void Taught(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Sets.Rays(s.On, new(s.Width * 0.3, s.Ground - 60), s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.3, s.Ground), 1.02, new(Mood.Proud, 0.4, 0, new(1, 0.2), Hand.At(66, -92)), name: s.Who("pom"));
        s.On.Middle.Add(Blank().Group(new((s.Width * 0.3) + 66, s.Ground - 96), 1.3, -12));
        s.On.Prop("tag", new((s.Width * 0.3) + 62, s.Ground - 124, 64, 42));
        for (var i = 0; i < 3; i++)
        {
            var at = new Point(s.Width * (0.62 + (0.14 * i)), s.Ground + 4);
            Thing(s, s.Kinds[i], at, 1);
        }
    }

    /// <summary>A thing that bubbles stay off.</summary>
    private static void Thing(Stage s, string kind, Point at, double scale = 1, (string Light, double Share)? tint = null)
    {
        Props.Item(s.On.Middle, kind, at, scale, tint);
        s.On.Prop("thing", new(at.X - (23 * scale), at.Y - (46 * scale), 46 * scale, 46 * scale));
    }

    /// <summary>A tag above a thing, on a string.</summary>
    private static void Strung(Stage s, Phrase words, double x, double top, double above)
    {
        s.On.Middle.Path(new PathBuilder().Move(x + 2, top - 36).Curve(x - 12, top - (above * 0.8), x - 4, top - above + 8), null, Hues.Ink, 1.8);
        // A long name at the edge leans inwards.
        var half = (s.On.Measure(words.Plain, 13) / 2) + 12;
        Signs.TagOver(s.On, words, new(Math.Min(x, s.Width - 6 - half), top - above));
    }

    /// <summary>A tag without words, its hole at the left.</summary>
    private static Sketch Blank() => new Sketch()
        .Path(PathBuilder.Polygon(new(0, 0), new(10, -11), new(46, -11), new(46, 11), new(10, 11)), Hues.Paper, Hues.Ink, 2.2).Circle(10, 0, 2.4, Hues.Ink)
        .Line(18, -3.5, 40, -3.5, Hues.Shade, 2.2).Line(18, 3.5, 34, 3.5, Hues.Shade, 2.2);

    /// <summary>Short strokes around what is new or was just understood.</summary>
    private static void Sparks(Sketch sketch, Point around, double radius)
    {
        for (var i = 0; i < 7; i++)
        {
            var (sin, cos) = Math.SinCos(Math.PI * (1.04 + (0.92 * i / 6)));
            sketch.Line(around.X + (cos * radius), around.Y + (sin * radius), around.X + (cos * (radius + 11)), around.Y + (sin * (radius + 11)), Hues.Ink, 2.6);
        }
    }
}
