using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Panels where people do something: name, read, sign.</summary>
internal static partial class Scenes
{
    /// <summary>A person at a table gives names to pictures; the model looks on.</summary>
    public static void Ask(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        var (left, right) = (s.Width * 0.31, s.Width - 94);
        Cast.Pom(s.On, s.VersionOr("old.version"), new(s.Width * 0.165, s.Ground), 0.88, Poses.Think with { LookX = 0.8, LookY = 0.2 }, name: s.Who("pom"));
        Cast.Person(s.On, People.Juno, new(s.Width - 56, s.Ground), 0.94, new(Mood.Happy, -0.8, 0.3, Hand.At(-44, -74), new(1, 0.1)), s.Who("juno"));
        var top = Props.Table(s.On, left, right - left);
        for (var i = 0; i < 2; i++)
        {
            var at = new Point(left + ((right - left) * (i == 0 ? 0.27 : 0.72)), top);
            Props.Item(s.On.Middle, s.Kinds[i], at, 1, Odd(s));
            s.On.Prop("picture", new(at.X - 24, top - 44, 48, 44));
        }
    }

    /// <summary>People read a paper before they decide; the model waits.</summary>
    public static void Asks(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.62);
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.17, s.Ground), 0.84, Poses.Look, name: s.Who("pom"));
        Pair(s, s.Width * 0.52, s.Width * 0.82, signatures: 0, new(Mood.Thinking, 0.6, 0.4, Right: Hand.At(34, -58)), new(Mood.Calm, -0.6, 0.4, Hand.At(-34, -58)));
    }

    /// <summary>People hold the paper that they signed; the model stands beside it under its crown. Nothing is thrown: a yes is no feat.</summary>
    public static void Signed(Stage s)
    {
        Sets.Room(s.On, s.Tone);
        Sets.Rays(s.On, new(s.Width * 0.22, s.Ground - 60), s.Tone);
        var count = s.Counted("signers").Count;
        Cast.Pom(s.On, s.VersionOr("new.version"), new(s.Width * 0.22, s.Ground), 0.96, Poses.Wave.Feeling(Mood.Proud), crowned: true, name: s.Who("pom"));
        var paper = Pair(s, s.Width * 0.6, s.Width * 0.88, count, new(Mood.Happy, 0.6, 0, Right: Hand.At(36, -60)), new(Mood.Calm, -0.6, 0, Hand.At(-36, -60)));
        s.Mark("signers", Math.Min(count, 3), new(count <= 3 ? paper.Right + 2 : paper.Center.X, paper.Bottom + (count <= 3 ? 4 : 14)));
    }

    /// <summary>The model holds up a question to a person.</summary>
    public static void Doubt(Stage s)
    {
        Sets.EveningWindow(s.On, s.Tone, s.Width * 0.5);
        Cast.Pom(s.On, s.VersionOr("old.version"), new(s.Width * 0.24, s.Ground), 0.94, new(Mood.Worried, 0.8, -0.1, new(1, 0.1), new(1.12, 0.5)), name: s.Who("pom"));
        var card = new Point(s.Width * 0.46, s.Ground - 46);
        Props.Item(s.On.Middle, s.Kinds[0], card, 0.95, Odd(s));
        s.On.Prop("picture", new(card.X - 22, card.Y - 44, 44, 46));
        Cast.Person(s.On, People.Juno, new(s.Width * 0.78, s.Ground), 0.96, new(Mood.Happy, -0.8, 0.1, Hand.At(-42, -78), new(1, 0.1)), s.Who("juno"));
    }

    /// <summary>Two people with a paper between them, which carries as many signatures as there are.</summary>
    private static Box Pair(Stage s, double left, double right, int signatures, Pose one, Pose other)
    {
        Cast.Person(s.On, People.Juno, new(left, s.Ground), 0.9, one, s.Who("juno"));
        Cast.Person(s.On, People.Omar, new(right, s.Ground), 0.9, other, s.Who("omar"));
        return Props.Paper(s.On, new((left + right) / 2, s.Ground - 60), signatures);
    }
}
