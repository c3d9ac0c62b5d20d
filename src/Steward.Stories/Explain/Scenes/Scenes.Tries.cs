using Steward.Drawing;

namespace Steward.Stories;

/// <summary>A small try before the big step.</summary>
internal static partial class Scenes
{
    public static void OldServes(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, Before(s), new(s.Width * 0.24, s.Ground), 1, Poses.Offer, crowned: true, name: s.Who("old"));
        Belt(s, s.Width * 0.46, tint: null);
    }

    public static void PipAsks(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        Cast.Pom(s.On, Before(s), new(s.Width * 0.26, s.Ground), 0.96, new(Mood.Calm, 0.8, 0.2), crowned: true, name: s.Who("old"));
        Cast.Pip(s.On, s.VersionOr("new.version", 2), new(s.Width * 0.72, s.Ground), 1.16, Poses.Wave.Mirrored(), s.Who("pip"));
    }

    /// <summary>The share as seats between the two.</summary>
    public static void SmallShare(Stage s)
    {
        Sets.Workshop(s.On, s.Tone);
        var (k, n) = s.Seats("share");
        Cast.Pom(s.On, Before(s), new(s.Width * 0.135, s.Ground), 0.8, Poses.Carry, crowned: true, name: s.Who("old"));
        Cast.Pip(s.On, s.VersionOr("new.version", 2), new(s.Width * 0.88, s.Ground), 0.92, Poses.Wave.Mirrored(), s.Who("pip"));
        var room = new Box(s.Width * 0.29, s.Ground - 96, s.Width * 0.43, 72);
        foreach (var x in (double[])[0.2, 0.8])
            s.On.Middle.Line(room.X + (room.Width * x), room.Bottom, room.X + (room.Width * x), s.Ground + 4, Hues.WoodDark, 6);
        s.On.Middle.Rounded(room.Grow(7), 6, s.Palette.Paper, Hues.Ink, Hues.Outline);
        Signs.Seats(s.On, s.On.Middle, room, k, n, Hues.Blue, "requests");
        s.On.Prop("requests", room.Grow(8));
    }

    public static void Watches(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Nell(s.On, 0.18, new(s.Width * 0.22, s.Ground), 0.96, Poses.Look, s.Who("nell"));
        Cast.Pip(s.On, s.VersionOr("new.version", 2), new(s.Width * 0.56, s.Ground), 1, Poses.Offer, s.Who("pip"));
        var top = Props.Conveyor(s.On, s.Width * 0.7, s.Width * 0.34);
        Thing(s, s.Kinds[0], new(s.Width * 0.83, top), 1.04);
    }

    /// <summary>Steps that get higher; Pip is on its way up.</summary>
    public static void StepByStep(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        var (left, width, rise) = (s.Width * 0.4, s.Width * 0.145, 25.0);
        Props.Steps(s.On.Middle, new(left, s.Ground + 4), 4, width, rise);
        for (var i = 0; i < 4; i++)
            s.On.Prop("step", new(left + (i * width), s.Ground + 4 - ((i + 1) * rise), width, (i + 1) * rise));
        Cast.Pip(s.On, s.VersionOr("new.version", 2), new(left + (width * 1.5), s.Ground + 4 - (2 * rise)), 0.94, new(Mood.Happy, 0.7, -0.4, new(1, 0.6), new(1.05, 1)), s.Who("pip"));
        Cast.Nell(s.On, 0.2, new(s.Width * 0.17, s.Ground), 0.84, Poses.Look, s.Who("nell"));
    }

    public static void TakesOver(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, Before(s), new(s.Width * 0.25, s.Ground), 0.96, new(Mood.Calm, 0.5, 0, new(0.8, 0.1), new(0.8, 0.1)), crowned: true, name: s.Who("old"));
        Bench(s.On, s.Width * 0.25);
        Post(s, s.Width * 0.6);
        Cast.Pip(s.On, s.VersionOr("new.version", 2), new(s.Width * 0.85, s.Ground), 1, new(Mood.Calm, -0.7, 0), s.Who("pip"));
    }

    /// <summary>The version before the newest; a Pom of another coat where there is none.</summary>
    private static int Before(Stage s) => s.VersionOr("new.version", 4) is > 1 and var version ? version - 1 : -4;
}
