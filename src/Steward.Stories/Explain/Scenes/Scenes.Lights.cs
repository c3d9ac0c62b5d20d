using Steward.Drawing;

namespace Steward.Stories;

/// <summary>What was learned in one light, and the world in another.</summary>
internal static partial class Scenes
{
    private const string Orange = "#F08A24";

    public static void WhiteLight(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Props.LampLight(s.On, s.Width * 0.74, 0.9, "#FFFFFF", "#4D8CCB");
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.98, Poses.Offer, name: s.Who("pom"));
        Belt(s, s.Width * 0.44, tint: null);
    }

    public static void OrangeLight(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Props.LampLight(s.On, s.Width * 0.74, 0.9, "#FFB347", "#E8672C");
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.98, Poses.Worry, name: s.Who("pom"));
        Belt(s, s.Width * 0.44, (Orange, 0.66));
    }

    /// <summary>The same thing twice, in two lights.</summary>
    public static void BothLights(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        foreach (var (x, light, shade, tint) in ((double, string, string, (string, double)?)[])[(0.52, "#FFFFFF", "#4D8CCB", null), (0.83, "#FFB347", "#E8672C", (Orange, 0.66))])
        {
            var (at, top) = (s.Width * x, s.On.CaptionBottom);
            s.On.Back.Path(PathBuilder.Polygon(new(at - 12, top + 46), new(at - 62, s.Ground - 10), new(at + 62, s.Ground - 10), new(at + 12, top + 46)), light, opacity: 0.6);
            Props.Lamp(s.On.Middle, new(at, top), 0.86, shade: shade);
            s.On.Prop("lamp", new(at - 26, top, 52, 54));
            s.On.Middle.Rounded(new(at - 40, s.Ground - 30, 80, 32), 5, Hues.WoodLight, Hues.Ink, Hues.Outline);
            s.On.Prop("stand", new(at - 40, s.Ground - 30, 80, 32));
            Thing(s, s.Kinds[1], new(at, s.Ground - 30), 1.24, tint);
        }

        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.19, s.Ground), 0.9, new(Mood.Thinking, 0.9, 0, new(1, 0.2), new(1.1, 0.4)), name: s.Who("pom"));
    }

    /// <summary>Nell at the belt: as many doubts as her limit, and her needle at its red.</summary>
    public static void Rings(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Signs.CountMark(s.On, s.Counted("limit").Mark, new((s.Width * 0.26) + 94, s.Ground - 126));
        Cast.Nell(s.On, s.Needle("limit", "limit") + 0.08, new(s.Width * 0.26, s.Ground), 1.02, Poses.Stop, s.Who("nell"));
        Belt(s, s.Width * 0.52, (Orange, 0.66));
    }

    /// <summary>An older one works while people name.</summary>
    public static void OldHelps(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, Before(s), new(s.Width * 0.19, s.Ground), 0.94, Poses.Offer, crowned: true, name: s.Who("old"));
        var (left, width) = (s.Width * 0.4, s.Width * 0.3);
        var top = Props.Table(s.On, left, width);
        Thing(s, s.Kinds[1], new(left + (width / 2), top), 1.1, (Orange, 0.6));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.84, s.Ground), 0.96, new(Mood.Happy, -0.8, 0.3, Hand.At(-46, -64), new(1, 0.1)), s.Who("juno"));
    }

    /// <summary>The sun goes on; the book stays as it is.</summary>
    public static void WorldMoves(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.68);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.98, new(Mood.Calm, 0.8, -0.5, new(1, 0.2), new(1.1, 0.3)), name: s.Who("pom"));
        var top = Props.Table(s.On, s.Width * 0.46, s.Width * 0.46);
        Book(s, new(s.Width * 0.69, top), 0.96);
    }
}
