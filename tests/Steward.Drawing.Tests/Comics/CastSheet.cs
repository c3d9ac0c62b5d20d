using System.Globalization;

namespace Steward.Drawing.Tests.Comics;

/// <summary>Everybody, every mood, every pose, every thing: what a person looks at before a picture is approved.</summary>
internal static class CastSheet
{
    public const double Width = 1240, Height = 1500;

    public static GroupNode Draw(Palette palette)
    {
        var sketch = new Sketch().Rounded(new(0, 0, Width, Height), 0, palette.Page);
        Cast(sketch, palette);
        Moods(sketch, palette);
        Poses(sketch, palette);
        People(sketch, palette);
        Things(sketch, palette);
        return sketch.Group();
    }

    private static void Cast(Sketch sketch, Palette palette)
    {
        Heading(sketch, palette, "The cast", 44);
        const double y = 220;
        (string Name, double X, Action<Point> Draw)[] cast =
        [
            ("Pom", 70, at => Drawing.Cast.Pom(sketch, 3, at, 0.9, Drawing.Poses.Stand.Feeling(Mood.Happy).Looking(0.3), crowned: true)),
            ("Pip", 170, at => Drawing.Cast.Pip(sketch, 4, at, 1, Drawing.Poses.Stand.Feeling(Mood.Happy))),
            ("Rill", 258, at => Drawing.Cast.Rill(sketch, at, 1, Drawing.Poses.Stand, [(0.3, "#E9A23B"), (0.25, "#63A35B"), (0.45, "#3F9BD8")])),
            ("Tuck", 372, at => Drawing.Cast.Tuck(sketch, at, 0.95, Drawing.Poses.Stand.Feeling(Mood.Happy))),
            ("Nell", 500, at => Drawing.Cast.Nell(sketch, 0.25, at, 0.95, Drawing.Poses.Stand)),
            ("Terrace", 676, at => Drawing.Cast.Terrace(sketch, 4, 3, at, 0.66, Drawing.Poses.Wave)),
            ("Shelf", 848, at => Drawing.Cast.Shelf(sketch, [1, 2, 3, 4, 5], 4, at, 0.84, Drawing.Poses.Stand.Feeling(Mood.Happy))),
            ("Belt", 966, at => Drawing.Cast.Belt(sketch, 90, 2, 4, at, 0.9, Drawing.Poses.Point)),
            ("Hatch", 1150, at => Drawing.Cast.Hatch(sketch, at, 0.92, Drawing.Poses.Offer)),
        ];
        foreach (var (name, x, draw) in cast)
        {
            draw(new(x, y));
            Name(sketch, palette, name, x, y + 28);
        }
    }

    private static void Moods(Sketch sketch, Palette palette)
    {
        Heading(sketch, palette, "One face, eight moods; six coats in turn, the badge always", 300);
        foreach (var (mood, i) in Enum.GetValues<Mood>().Select((mood, i) => (mood, i)))
        {
            var x = 84 + (i * 152.0);
            Drawing.Cast.Pom(sketch, i + 1, new(x, 460), 0.92, Drawing.Poses.Stand.Feeling(mood).Looking(i % 2 == 0 ? 0.5 : -0.4), crowned: mood == Mood.Proud);
            Name(sketch, palette, mood.ToString().ToLower(CultureInfo.InvariantCulture), x, 488);
        }
    }

    private static void Poses(Sketch sketch, Palette palette)
    {
        Heading(sketch, palette, "Poses", 548);
        foreach (var ((name, pose), i) in Drawing.Poses.All.Select((pose, i) => (pose, i)))
        {
            var x = 60 + (i * 92.5);
            if (i % 3 == 0)
                Drawing.Cast.Person(sketch, Drawing.People.Roster[i % 8], new(x, 690), 0.72, pose);
            else if (i % 3 == 1)
                Drawing.Cast.Pom(sketch, i, new(x, 690), 0.62, pose);
            else
                Drawing.Cast.Tuck(sketch, new(x, 690), 0.62, pose);
            Name(sketch, palette, name, x, 716, 14);
        }
    }

    private static void People(Sketch sketch, Palette palette)
    {
        Heading(sketch, palette, "People, by role", 770);
        foreach (var (look, i) in Drawing.People.Roster.Select((look, i) => (look, i)))
        {
            var x = 80 + (i * 152.0);
            Drawing.Cast.Person(sketch, look, new(x, 950), 1, (i % 4) switch { 0 => Drawing.Poses.Wave, 1 => Drawing.Poses.Stand, 2 => Drawing.Poses.Point, _ => Drawing.Poses.Stand.Feeling(Mood.Happy) });
            Name(sketch, palette, look.Name, x, 978);
        }
    }

    private static void Things(Sketch sketch, Palette palette)
    {
        Heading(sketch, palette, "Things", 1036);
        string[] kinds = ["apple", "banana", "cherries", "grapes", "kiwi", "lemon", "orange", "strawberry", "mango", "papaya", "pineapple", "watermelon", "card"];
        foreach (var (kind, i) in kinds.Select((kind, i) => (kind, i)))
        {
            Props.Item(sketch, kind, new(60 + (i * 93), 1120), 1.2);
            Name(sketch, palette, kind, 60 + (i * 93), 1144, 14);
        }
        (string Name, Action<Point> Draw)[] things =
        [
            ("lamp", at => Props.Lamp(sketch, at with { Y = at.Y - 62 }, 1)), ("lunch", at => Props.Lunch(sketch, at, 1.1)), ("steps", at => Props.Steps(sketch, at with { X = at.X - 40 }, 3)),
            ("magnifier", at => Props.Magnifier(sketch, at with { Y = at.Y - 40 }, 1)), ("balance", at => Props.Balance(sketch, at, 0.9, 0.6)), ("envelope", at => Props.Envelope(sketch, at, 1.1)),
            ("stamp", at => Props.Stamp(sketch, at, 1.2)), ("paper", at => Props.Paper(sketch, at with { Y = at.Y - 28 }, 2, 1)), ("confetti", at => Props.Confetti(sketch, new(at.X - 40, at.Y - 60, 80, 50), 9)),
        ];
        foreach (var ((name, draw), i) in things.Select((thing, i) => (thing, i)))
        {
            var at = new Point(76 + (i * 136.0), 1260);
            draw(at);
            Name(sketch, palette, name, at.X, 1290, 14);
        }
        Board(sketch, palette);
    }

    /// <summary>Things with words stand in panels, because their words are measured there.</summary>
    private static void Board(Sketch sketch, Palette palette)
    {
        var panel = new Panel(1, 1200, 180, 16, palette);
        Sets.Workshop(panel, Beat.Limits);
        Signs.ScoreBoard(panel, new(20, 30, 176, 84), 17, 20, "17 of 20 right");
        Signs.TagOver(panel, "papaya", new(260, 60));
        Signs.Signpost(panel, "way back", new(400, panel.Ground));
        Signs.Signpost(panel, "to everybody", new(560, panel.Ground), back: false);
        Signs.Note(panel, new(660, 26, 150, 96), ["Keep 3 rooms lit.", "Tell Nell."]);
        Signs.Calendar(panel, new(840, 32, 84, 92), "May", "12");
        Signs.CountMark(panel, "b", new(960, 60));
        Props.Table(panel, 990, 180);
        Props.Stamp(panel.Middle, new(1040, panel.Ground - 52));
        Props.Envelope(panel.Middle, new(1110, panel.Ground - 52));
        sketch.Add(panel.Finish(new(20, 1306)));
    }

    private static void Heading(Sketch sketch, Palette palette, string words, double y) => sketch.Text(new(28, y), words, 24, palette.Ink);

    private static void Name(Sketch sketch, Palette palette, string words, double x, double y, double size = 17) => sketch.Text(new(x, y), words, size, palette.Ink, Align.Middle);
}
