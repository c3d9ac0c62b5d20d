using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Who says yes, and what they read before.</summary>
internal static partial class Scenes
{
    /// <summary>A closed gate before somebody who would like to begin.</summary>
    public static void Ready(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.28, s.Ground), 1, Poses.Wave, name: s.Who("pom"));
        BigGate(s, s.Width * 0.76, open: false);
    }

    public static void Reads(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.36);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.2, s.Ground), 0.88, Poses.Look, name: s.Who("pom"));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.72, s.Ground), 1, new(Mood.Thinking, -0.5, 0.6, Hand.At(-38, -62), new(1, 0.1)), s.Who("juno"));
        Props.Paper(s.On, new((s.Width * 0.72) - 62, s.Ground - 66), 0, 1.2);
    }

    /// <summary>One person for each group that must agree.</summary>
    public static void Groups(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var (groups, mark) = s.Counted("parties");
        var step = Math.Min(104, (s.Width - 70) / groups);
        var scale = Math.Min(0.92, step / 92);
        PersonLook[] people = [People.Juno, People.Omar, People.Mei, People.Kofi, People.Noor, People.Lars];
        var from = (s.Width - (step * groups)) / 2;
        for (var i = 0; i < groups; i++)
            Cast.Person(s.On, people[i], new(from + (step * (i + 0.5)), s.Ground), scale, new(i % 2 == 0 ? Mood.Thinking : Mood.Calm, i < groups / 2 ? 0.5 : -0.5, 0.1), i == 0 ? s.Who("juno") : people[i].Name);
        Signs.CountMark(s.On, mark, new(Math.Min(s.Width - 16, from + (step * groups) + 4), s.Ground - (120 * scale)));
    }

    public static void SaysNo(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.17, s.Ground), 0.84, Poses.Think, name: s.Who("pom"));
        Cast.Person(s.On, People.Omar, new(s.Width * 0.48, s.Ground), 0.98, new(Mood.Worried, -0.6, 0, Hand.At(-46, -98), new(1, 0.1)), s.Who("omar"));
        BigGate(s, s.Width * 0.82, open: false);
    }

    public static void SaysYes(Stage s)
    {
        Sets.Sky(s.On, s.Tone);
        Sets.Rays(s.On, new(s.Width * 0.2, s.Ground - 60), s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.18, s.Ground), 0.9, Poses.Cheer, name: s.Who("pom"));
        Pair(s, s.Width * 0.48, s.Width * 0.8, signatures: 2, new(Mood.Happy, -0.4, 0, Right: Hand.At(36, -60)), new(Mood.Happy, -0.6, 0, Hand.At(-36, -60)));
    }

    /// <summary>Something changed, so the paper is read again.</summary>
    public static void LooksAgain(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Cast.Pom(s.On, s.VersionOr("new.version", 3) + (s.Book.Has("new.version") ? 1 : 0), new(s.Width * 0.24, s.Ground), 0.96, new(Mood.Surprised, 0.7, 0, new(1.2, 0.42), new(1.2, 0.42)), name: s.Who("pom"));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.78, s.Ground), 0.98, new(Mood.Thinking, -0.8, 0.1, Hand.At(-38, -60), new(1, 0.1)), s.Who("juno"));
        Props.Paper(s.On, new((s.Width * 0.78) - 60, s.Ground - 62), 2, 1.05);
        Props.Magnifier(s.On.Middle, new((s.Width * 0.78) - 60, s.Ground - 66), 0.8);
    }

    /// <summary>A gate of wood in a wall of stone.</summary>
    private static void BigGate(Stage s, double x, bool open)
    {
        Gate(s.On.Middle, new(x - 46, s.Ground + 4), 92, 124, open);
        s.On.Prop("gate", new(x - 48, s.Ground - 136, 96, 140));
        s.On.Distinct("gate", Hues.Green, Hues.Red, byShape: true);
    }
}
