using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Which question teaches most.</summary>
internal static partial class Scenes
{
    /// <summary>Far too much to name.</summary>
    public static void TooMany(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.14, s.Ground), 0.82, Poses.Look.Feeling(Mood.Worried), name: s.Who("pom"));
        Pile(s, s.Width * 0.49, 10);
        Cast.Person(s.On, People.Juno, new(s.Width * 0.84, s.Ground), 0.94, new(Mood.Surprised, -0.8, 0, Hand.At(-40, -70), new(1, 0.1)), s.Who("juno"));
    }

    /// <summary>Nothing to ask here.</summary>
    public static void Easy(Stage s) => Said(s, s.Kinds[0], null, 0.88, new(Mood.Proud, 0.9, 0.1, new(1, 0.2), new(1.2, 0.5)));

    /// <summary>It could be either.</summary>
    public static void Hard(Stage s) => Said(s, s.Kinds[1], (Strange, 0.5), 0.5, Poses.Think);

    /// <summary>The model holds out what puzzles it.</summary>
    public static void AsksForHard(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.24, s.Ground), 0.96, new(Mood.Happy, 0.8, 0, Hand.At(40, -36), Hand.At(66, -36)), name: s.Who("pom"));
        Basket(s, new((s.Width * 0.24) + 112, s.Ground + 2));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.82, s.Ground), 0.96, new(Mood.Happy, -0.8, 0.2, Hand.At(-46, -62), new(1, 0.1)), s.Who("juno"));
    }

    /// <summary>Little is left.</summary>
    public static void Understood(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.26, s.Ground), 1, Poses.Cheer, name: s.Who("pom"));
        Pile(s, s.Width * 0.72, 3);
    }

    /// <summary>A basket with more in it than one sees.</summary>
    private static void Basket(Stage s, Point at)
    {
        foreach (var (kind, i) in s.Kinds.Select((kind, i) => (kind, i)))
            Props.Item(s.On.Middle, kind, new(at.X + ((i - 1) * 28), at.Y - 40 - (i == 1 ? 8 : 0)), 0.92, (Strange, 0.5));
        var basket = new Sketch().Path(new PathBuilder().Move(-52, -42).Line(52, -42).Line(42, 0).Line(-42, 0).Close(), Hues.WoodLight, Hues.Ink, Hues.Outline);
        for (var row = 0; row < 3; row++)
            for (var column = 0; column < 6 - row % 2; column++)
                basket.Line(-38 + (column * 15) + (row % 2 * 7), -32 + (row * 11), -30 + (column * 15) + (row % 2 * 7), -32 + (row * 11), Hues.WoodDark, 2.4);
        s.On.Middle.Add(basket.Rounded(new(-56, -48, 112, 10), 5, Hues.Wood, Hues.Ink, Hues.Outline).Group(at));
        s.On.Prop("basket", new(at.X - 56, at.Y - 92, 112, 92));
    }

    private static void Pile(Stage s, double x, int count)
    {
        (double X, double Y)[] heap = [(-60, 0), (-20, 3), (20, 0), (60, 2), (-40, -30), (0, -32), (40, -30), (-20, -60), (20, -61), (0, -90)];
        if (count < heap.Length)
            heap = [(-23, 0), (23, 0), (0, -31)];
        foreach (var (place, i) in heap.Select((place, i) => (place, i)))
            Props.Item(s.On.Middle, s.Kinds[i % 3], new(x + place.X, s.Ground + place.Y + 4), 0.84);
        var (half, high) = count < 10 ? (44.0, 72.0) : (82, 130);
        s.On.Prop("heap", new(x - half, s.Ground - high, half * 2, high + 4));
    }
}
