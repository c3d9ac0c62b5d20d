namespace Steward.Drawing.Tests.Comics;

/// <summary>A comic of six panels that uses most of what the library can draw: the fruit sorter and the orange lamp.</summary>
internal static class LampComic
{
    private static readonly (string Light, double Share) Lit = ("#FF9A1F", 0.72);

    public static Comic English { get; } = Of("en", "Pom and the Orange Lamp", "A true story from fruit-sorter, 12 May 2026", new()
    {
        ["this"] = Phrase.Of(new("This is Pom 3, a model. It learned from "), new("600", "a", "/runs/r3"), new(" fruits.")),
        ["guess"] = "I guess each fruit by its colour.",
        ["right3"] = Phrase.Of(new("19 out of 20", "b", "/runs/r3"), new(" right")),
        ["papaya"] = "papaya", ["mango"] = "mango", ["mango?"] = "mango?",
        ["lamp"] = Phrase.Of(new("At "), new("1 o’clock", "c", "/alarms/1"), new(", a new lamp came on.")),
        ["ohno"] = "Oh no! The fruit looks orange now!",
        ["checks"] = "Nell checks how sure Pom 3 is, all day long.",
        ["sure"] = Phrase.Of(new("Sure guesses out of 20"), new("", "d", "/alarms/1")),
        ["limit"] = Phrase.Of(new("limit "), new("16", "e", "/alarms/1")),
        ["stop"] = Phrase.Of(new("Stop! Only "), new("14", "f", "/alarms/1"), new(" are sure!")),
        ["am"] = "9 am", ["new"] = "new lamp",
        ["back"] = Phrase.Of(new("At "), new("2 o’clock", "g", "/releases/7"), new(", good old Pom 2 came back. In this light, Pom 3 got just "), new("11", "h", "/releases/7"), new(" out of 20 right.")),
        ["shape"] = Phrase.Of(new("I look at shape. "), new("18 out of 20", "k", "/runs/r2"), new(" right!")),
        ["fell"] = Phrase.Of(new("No", "m", "/releases/7"), new(" fruit fell!")),
        ["named"] = Phrase.Of(new("Juno named the "), new("40", "n", "/labels/2"), new(" fruits that were hardest to guess.")),
        ["what"] = "What is this one?", ["long"] = "A papaya. See how long it is!",
        ["four"] = "New Pom 4 looks at colour and shape.",
        ["right4"] = Phrase.Of(new("19 out of 20", "p", "/runs/r4"), new(" right")),
        ["two"] = Phrase.Of(new("Two", "q", "/signoffs/4"), new(" of us checked it and signed.")),
        ["moral"] = "Watch. Step back. Ask. Learn.", ["unchecked"] = "Not checked yet: blue light.", ["sources"] = "Where the numbers come from",
    });

    public static Comic German { get; } = Of("de", "Pom und die orange Lampe", "Eine wahre Geschichte aus fruit-sorter, 12. Mai 2026", new()
    {
        ["this"] = Phrase.Of(new("Das ist Pom 3, ein Modell. Es hat an "), new("600", "a", "/runs/r3"), new(" Früchten gelernt.")),
        ["guess"] = "Ich rate jede Frucht nach ihrer Farbe.",
        ["right3"] = Phrase.Of(new("19 von 20", "b", "/runs/r3"), new(" richtig")),
        ["papaya"] = "Papaya", ["mango"] = "Mango", ["mango?"] = "Mango?",
        ["lamp"] = Phrase.Of(new("Um "), new("13 Uhr", "c", "/alarms/1"), new(" ging eine neue Lampe an.")),
        ["ohno"] = "Oh nein! Das Obst sieht jetzt orange aus!",
        ["checks"] = "Nell prüft den ganzen Tag, wie sicher Pom 3 ist.",
        ["sure"] = Phrase.Of(new("Sichere Tipps von 20"), new("", "d", "/alarms/1")),
        ["limit"] = Phrase.Of(new("Grenze "), new("16", "e", "/alarms/1")),
        ["stop"] = Phrase.Of(new("Halt! Nur "), new("14", "f", "/alarms/1"), new(" sind sicher!")),
        ["am"] = "9 Uhr", ["new"] = "neue Lampe",
        ["back"] = Phrase.Of(new("Um "), new("14 Uhr", "g", "/releases/7"), new(" kam der gute alte Pom 2 zurück. In dem Licht hatte Pom 3 nur "), new("11", "h", "/releases/7"), new(" von 20 richtig.")),
        ["shape"] = Phrase.Of(new("Ich sehe die Form. "), new("18 von 20", "k", "/runs/r2"), new(" richtig!")),
        ["fell"] = Phrase.Of(new("Keine", "m", "/releases/7"), new(" Frucht fiel!")),
        ["named"] = Phrase.Of(new("Juno benannte die "), new("40", "n", "/labels/2"), new(" Früchte, die am schwersten zu raten waren.")),
        ["what"] = "Was ist das hier?", ["long"] = "Eine Papaya. Sieh, wie lang sie ist!",
        ["four"] = "Der neue Pom 4 schaut auf Farbe und Form.",
        ["right4"] = Phrase.Of(new("19 von 20", "p", "/runs/r4"), new(" richtig")),
        ["two"] = Phrase.Of(new("Zwei", "q", "/signoffs/4"), new(" von uns haben es geprüft und unterschrieben.")),
        ["moral"] = "Hinsehen. Zurückgehen. Fragen. Lernen.", ["unchecked"] = "Noch nicht geprüft: blaues Licht.", ["sources"] = "Woher die Zahlen kommen",
    });

    public static Comic Of(string language, string title, string subtitle, Dictionary<string, Phrase> say) => new(title, subtitle, language,
        [panel => Setting(panel, say), panel => Problem(panel, say), panel => Notice(panel, say), panel => Try(panel, say), panel => Learn(panel, say), panel => Result(panel, say)],
        say["moral"], say["unchecked"], say["sources"].Plain, Sources)
    {
        Emblem = (sketch, at) => Props.Lamp(sketch, at, 0.86),
    };

    private static IReadOnlyList<SourceLine> Sources =>
    [
        new("a", "fruits Pom 3 learned from: 600", "/runs/r3"), new("b", "version 3 right, old light, 400 fruits: 96 %", "/runs/r3"), new("c", "hour of the lamp change: 13:00", "/alarms/1"),
        new("d", "points in the chart, one each half hour: 10", "/alarms/1"), new("e", "least share of sure guesses allowed: 80 %", "/alarms/1"), new("f", "share of sure guesses when the alarm rang: 70 %", "/alarms/1"),
        new("g", "hour of the rollback: 14:00", "/releases/7"), new("h", "version 3 right, new lamp, 200 fruits checked later: 54.5 %", "/releases/7"), new("j", "rooms (replicas) kept open: 2", "/releases/7"),
        new("k", "version 2 right, new lamp, 400 fruits: 92.5 %", "/runs/r2"), new("m", "failed answers during the swap: 0", "/releases/7"), new("n", "fruits sent for a name: 40", "/labels/2"),
        new("p", "version 4 right, new lamp, 400 fruits: 97.5 %", "/runs/r4"), new("q", "people who signed for version 4: 2", "/signoffs/4"),
    ];

    private static void Setting(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["this"]);
        Sets.Room(panel, Beat.Setting);
        panel.Alt = "Pom 3 stands at a fruit belt by a score board, smiling.";
        Signs.ScoreBoard(panel, new(panel.Width - 190, panel.CaptionBottom + 12, 176, 80), 19, 20, say["right3"]);
        Fruits(panel, say, ["papaya", "mango", "papaya"], null);
        Cast.Pom(panel, 3, new(panel.Width * 0.21, panel.Ground), 1, Poses.Point with { Right = Hand.At(66, -58), LookX = 0.8, LookY = 0.25 });
        panel.Say(("Pom 3", say["guess"]));
    }

    private static void Problem(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["lamp"]);
        Sets.Room(panel, Beat.Problem);
        panel.Alt = "A new orange lamp lights the room. Mangoes and papayas all look orange. Pom 3 is worried.";
        Props.LampLight(panel, panel.Width * 0.62, 1.12, panel.Palette[Beat.Problem].Light);
        Fruits(panel, say, ["mango?", "mango?", "mango?"], Lit);
        Cast.Pom(panel, 3, new(panel.Width * 0.21, panel.Ground), 1, Poses.Worry);
        panel.Say(("Pom 3", say["ohno"]));
    }

    private static void Fruits(Panel panel, Dictionary<string, Phrase> say, string[] guesses, (string, double)? light)
    {
        var pitch = panel.Width * 0.188;
        var left = panel.Width * 0.39;
        var top = Props.Conveyor(panel, left, panel.Width - left + 14);
        string[] kinds = ["papaya", "mango", "papaya"];
        for (var i = 0; i < 3; i++)
        {
            var x = left + (pitch * (i + 0.54));
            Props.Item(panel.Middle, kinds[i], new(x, top), 1.1, light);
            Signs.TagOver(panel, say[guesses[i]], new(x, panel.Ground - 92), 12.5);
        }
        panel.Prop("fruit", new(left, panel.Ground - 76, panel.Width - left, 44));
    }

    private static void Notice(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["checks"]);
        Sets.Room(panel, Beat.Notice);
        panel.Alt = "Nell points at a chart. The line of sure guesses drops under the red limit after the new lamp.";
        panel.Chart(Sure(say), new(14, panel.CaptionBottom + 14, Math.Min(330, panel.Width * 0.575), panel.Ground - 36 - panel.CaptionBottom), say["sure"]);
        Cast.Nell(panel, 0.8, new(panel.Width - Math.Max(69, panel.Width * 0.2), panel.Ground), 0.98, Poses.Stop.Mirrored() with { Left = Hand.At(-58, -52), Right = Hand.At(54, -40) });
        panel.Say(("Nell", say["stop"]));
    }

    private static LineChart Sure(Dictionary<string, Phrase> say) => new()
    {
        Title = say["sure"].Plain,
        Series = [new(say["sure"].Plain, [(0, 17.4), (1, 17.4), (2, 18.4), (3, 18.2), (4, 17.6), (5, 18.2), (6, 18), (7, 18.2), (8, 13), (9, 14)]) { Noted = new HashSet<double> { 8, 9 } }],
        Y = AxisReading.Whole,
        Limits = [new(16, say["limit"].Plain) { Facts = say["limit"], Below = true }],
        Shades = [new(7.5, 9, "")],
        XWords = [(0, say["am"].Plain), (8, say["new"].Plain)],
    };

    private static void Try(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["back"]);
        Sets.Sky(panel);
        panel.Alt = "Tuck, a lunch box, carries Pom 2 to Terrace, a house with two lit rooms.";
        var x = panel.Width - Math.Max(108, panel.Width * 0.28);
        Cast.Terrace(panel, 2, 2, new(x, panel.Ground), 0.93, Poses.Wave.Looking(-0.7, 0.25));
        Signs.CountMark(panel, "j", new(x + 84, panel.Ground - 82), "/releases/7");
        Cast.Tuck(panel, new(Math.Max(72, panel.Width * 0.2), panel.Ground), 0.9, Poses.Offer.Looking(0.8), new(2, Poses.Cheer.Feeling(Mood.Happy).Looking(0.6, 0.1)));
        panel.Say(("Pom 2", say["shape"]), ("Terrace", say["fell"]));
    }

    private static void Learn(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["named"]);
        Sets.Room(panel, Beat.Learn);
        panel.Alt = "Juno holds a name tag over a long fruit on a table. Pom 3 looks on.";
        Cast.Pom(panel, 3, new(panel.Width * 0.166, panel.Ground), 0.92, Poses.Think.Looking(0.8, 0.1));
        Cast.Person(panel, People.Juno, new(panel.Width * 0.834, panel.Ground), 0.98, new(Mood.Happy, -0.8, 0.3, Hand.At(-48, -76), Hand.At(36, -48)));
        var (left, width) = ((panel.Width * 0.166) + 56, (panel.Width * 0.668) - 88);
        var top = Props.Table(panel, left, width);
        Props.Item(panel.Middle, "mango", new(left + 38, top), 1.05, ("#FF9A1F", 0.45));
        Props.Item(panel.Middle, "papaya", new(left + width - 42, top), 1.12, ("#FF9A1F", 0.45));
        panel.Prop("fruit", new(left + 10, top - 36, width - 20, 36));
        Signs.TagOver(panel, say["mango"], new(left + 44, top + 31), 13);
        Signs.TagOver(panel, say["papaya"], new(left + width - 46, top + 31), 13);
        panel.Say(("Pom 3", say["what"]), ("Juno", say["long"]));
    }

    private static void Result(Panel panel, Dictionary<string, Phrase> say)
    {
        panel.Caption(say["four"]);
        Sets.Room(panel, Beat.Result);
        Sets.Rays(panel, new(panel.Width * 0.236, panel.Ground - 60));
        panel.Alt = "Pom 4 beams with a gold crown beside a score board. Juno and Omar hold a signed paper.";
        Signs.ScoreBoard(panel, new(12, panel.CaptionBottom + 12, 158, 74), 19, 20, say["right4"]);
        Props.Confetti(panel.Back, new((panel.Width * 0.236) - 76, panel.Ground - 146, 176, 70), 10);
        Cast.Pom(panel, 4, new(panel.Width * 0.236, panel.Ground), 1, Poses.Cheer, crowned: true);
        var omar = panel.Width - Math.Max(48, panel.Width * 0.16);
        var juno = omar - 98;
        Cast.Person(panel, People.Juno, new(juno, panel.Ground), 0.9, new(Mood.Happy, 0.6, 0, Hand.At(-32, -50), Hand.At(38, -62)));
        Cast.Person(panel, People.Omar, new(omar, panel.Ground), 0.9, new(Mood.Calm, -0.6, 0, Hand.At(-38, -62), Hand.At(32, -50)));
        Props.Paper(panel, new((juno + omar) / 2, panel.Ground - 60), 2);
        panel.Say(("Omar", say["two"]));
    }
}
