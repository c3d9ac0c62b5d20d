using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Learning without names.</summary>
internal static partial class Scenes
{
    /// <summary>A mixed heap of strange fruit.</summary>
    public static void Untagged(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Rill(s.On, new(s.Width * 0.19, s.Ground), 1, Poses.Shrug, Mix, s.Who("rill"));
        var x = s.Width * 0.69;
        (double X, double Y)[] heap = [(-76, 0), (-30, 3), (16, 0), (62, 2), (-54, -33), (-8, -35), (38, -33), (-30, -66), (16, -67), (-6, -98)];
        foreach (var (place, i) in heap.Select((place, i) => (place, i)))
            StrangeFruit.Draw(s.On.Middle, i * 2 % 3, i, new(x + place.X, s.Ground + place.Y + 4));
        s.On.Prop("heap", new(x - 98, s.Ground - 142, 182, 146));
    }

    /// <summary>What is alike, through a glass.</summary>
    public static void Alike(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.94, new(Mood.Thinking, 0.9, 0.2, new(0.9, 0.1), Hand.At(62, -48)), name: s.Who("pom"));
        Props.Magnifier(s.On.Middle, new((s.Width * 0.2) + 74, s.Ground - 66), 0.9);
        var (left, width) = (s.Width * 0.45, (s.Width * 0.55) - 14);
        var top = Props.Table(s.On, left, width);
        for (var i = 0; i < 3; i++)
            Fruity(s, i, i, new(left + (width * ((2 * i) + 1) / 6), top), 1.06);
    }

    /// <summary>As many heaps as are told, each of one shape.</summary>
    public static void Sorted(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var (heaps, mark) = s.Counted("heaps");
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.16, s.Ground), 0.86, Poses.Point.Feeling(Mood.Proud), name: s.Who("pom"));
        var (from, room) = (s.Width * 0.34, (s.Width * 0.66) - 8);
        for (var i = 0; i < heaps; i++)
            Heap(s, i, new(from + (room * ((2 * i) + 1) / (2 * heaps)), s.Ground + 4), 0.7);
        Signs.CountMark(s.On, mark, new(s.Width - 18, s.Ground - 92));
    }

    /// <summary>A fruit that fits two heaps.</summary>
    public static void Between(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Heap(s, 0, new(s.Width * 0.15, s.Ground + 4), 0.9);
        Heap(s, 1, new(s.Width * 0.86, s.Ground + 4), 0.9);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.45, s.Ground), 0.92, new(Mood.Thinking, 0.6, -0.3, new(1, 0.2), Hand.At(58, -62)), name: s.Who("pom"));
        var at = new Point((s.Width * 0.45) + 56, s.Ground - 62);
        StrangeFruit.Between(s.On.Middle, at, 0.96);
        s.On.Prop("fruit", new(at.X - 20, at.Y - 44, 40, 46));
    }

    /// <summary>A person gives a heap its name.</summary>
    public static void NamedHeap(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.15, s.Ground), 0.82, Poses.Look, name: s.Who("pom"));
        Heap(s, 2, new(s.Width * 0.46, s.Ground + 4), 1);
        Cast.Person(s.On, People.Juno, new(s.Width * 0.78, s.Ground), 0.96, new(Mood.Happy, -0.8, 0.2, Hand.At(-48, -72), new(1, 0.1)), s.Who("juno"));
        var at = new Point((s.Width * 0.78) - 104, s.Ground - 82);
        s.On.Middle.Add(Blank().Group(at, 1.2, 6));
        s.On.Prop("tag", new(at.X - 2, at.Y - 16, 60, 34));
    }

    /// <summary>Two ways to learn part at a post.</summary>
    public static void TwoWays(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.21, s.Ground), 0.96, Poses.Wave, name: s.Who("pom"));
        Post(s, s.Width * 0.56);
        s.On.Middle.Add(Blank().Group(new((s.Width * 0.56) - 66, s.Ground + 8), 1.1, -6));
        for (var i = 0; i < 3; i++)
            StrangeFruit.Draw(s.On.Middle, 1, i, new((s.Width * 0.84) + ((i - 1) * 24), s.Ground + 4 - (i == 1 ? 26 : 0)), 1.06);
        s.On.Prop("heap", new((s.Width * 0.84) - 48, s.Ground - 68, 96, 72));
    }

    /// <summary>Three of a shape below, two above, one on top.</summary>
    private static void Heap(Stage s, int shape, Point at, double scale)
    {
        (double X, double Y)[] places = [(-34, 0), (0, 2), (34, 0), (-17, -28), (17, -28), (0, -56)];
        foreach (var (place, i) in places.Select((place, i) => (place, i)))
            StrangeFruit.Draw(s.On.Middle, shape, i + shape, new(at.X + (place.X * scale), at.Y + (place.Y * scale)), scale);
        s.On.Prop("heap", new(at.X - (54 * scale), at.Y - (100 * scale), 108 * scale, 100 * scale));
    }

    private static void Fruity(Stage s, int shape, int coat, Point at, double scale)
    {
        StrangeFruit.Draw(s.On.Middle, shape, coat, at, scale);
        s.On.Prop("fruit", new(at.X - (22 * scale), at.Y - (42 * scale), 44 * scale, 42 * scale));
    }
}
