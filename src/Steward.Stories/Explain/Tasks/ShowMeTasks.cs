using Steward.Drawing;

namespace Steward.Stories;

/// <summary>Deals the tasks of every topic.</summary>
internal static class ShowMeTasks
{
    /// <summary>The seats of the small boards.</summary>
    private const int Twenty = 20, Ten = 10;

    public static ShowMe For(Topic topic, FactBook book, Catalogue language, int seed, RealPicture? real = null)
    {
        var deal = new Deal(topic, book, language, seed);
        return topic.Key switch
        {
            "supervised" => Name(deal, real),
            "unsupervised" => Sort(deal, topic),
            "overfitting" => ByHeart(deal),
            "confidence" => Promise(deal),
            "active-learning" => Question(deal),
            "drift" => Ring(deal),
            "sign-off" => Paper(deal),
            "canary" => Small(deal),
            "container" => Pack(deal),
            _ => House(deal),
        };
    }

    /// <summary>Name what has no tag.</summary>
    private static ShowMe Name(Deal deal, RealPicture? real)
    {
        string[] kinds = real is null ? Drawn(deal.Book) : [.. Enumerable.Range(1, 3).Select(i => deal.Book.Names[$"kind.{i}"])];
        var right = real?.Label ?? kinds[deal.Variant(3)];
        string[] names = [right, .. deal.Shuffled(kinds.Where(kind => kind != right)).Take(2)];
        return deal.Task(deal.Say("ask"), "look", [.. names.Select(name => new Choice(name, panel => Tag(panel, name), name == right))]) with
        {
            Real = real,
            Shown = real is null ? new(deal.Say("shown"), panel => Props.Item(panel.Middle, right, new(panel.Width / 2, panel.Ground), 2.2)) : null,
        };
    }

    /// <summary>Nine things without tags.</summary>
    private static ShowMe Sort(Deal deal, Topic topic)
    {
        int[][] counts = [[3, 3, 3], [4, 3, 2], [2, 4, 3]];
        var sizes = counts[deal.Variant(counts.Length)];
        var shapes = deal.Shuffled(sizes.SelectMany((count, shape) => Enumerable.Repeat(shape, count)));
        var coats = shapes.Select(_ => deal.Between(0, 4)).ToArray();
        string[] names = [deal.Say("spiky"), deal.Say("smooth"), deal.Say("star")];
        return new(topic.Key, deal.Seed, deal.Say("ask"), [.. shapes.Select((shape, i) => new Choice(names[shape], panel => StrangeFruit.Draw(panel.Middle, shape, coats[i], new(panel.Width / 2, panel.Ground), 2.3)))], "heaps") { Heaps = shapes };
    }

    private static ShowMe ByHeart(Deal deal)
    {
        (int Book, int New) heart = (deal.Between(18, 19), deal.Between(6, 10)), clever = (deal.Between(17, 18), deal.Between(16, 17)), weak = (deal.Between(7, 9), deal.Between(6, 8));
        Choice Of((int Book, int New) marks, bool right) => new(
            deal.Say("choice", ("book", deal.Number(marks.Book)), ("new", deal.Number(marks.New)), ("n", deal.Number(Twenty))),
            panel => Boards(panel, (deal.Say("book"), marks.Book), (deal.Say("new"), marks.New)), right);
        return deal.Task(deal.Say("ask"), "new", Of(heart, true), Of(clever, false), Of(weak, false));
    }

    private static ShowMe Promise(Deal deal)
    {
        var said = (int[])[9, 8, 7];
        var right = said[deal.Variant(3)];
        Choice Of(int promised, int kept, bool isRight) => new(
            deal.Say("choice", ("said", deal.Number(promised)), ("right", deal.Number(kept)), ("n", deal.Number(Ten))),
            panel => Boards(panel, (deal.Say("said"), promised), (deal.Say("right"), kept), Ten), isRight);
        return deal.Task(deal.Say("ask"), "name", Of(right, right, true), Of(10, deal.Between(4, 6), false), Of(9, deal.Between(3, 5), false));
    }

    private static ShowMe Question(Deal deal)
    {
        var kinds = Drawn(deal.Book);
        var (a, b) = (kinds[deal.Variant(3)], kinds[(deal.Variant(3) + 1) % 3]);
        Choice Sure(string kind, double how) => new(deal.Say("sure", ("kind", kind)), panel => Meters(panel, kind, null, how));
        return deal.Task(deal.Say("ask"), "ask",
            new Choice(deal.Say("unsure", ("one", a), ("other", b)), panel => Meters(panel, a, ("#8E7CC3", 0.55), 0.46), true), Sure(a, 0.9), Sure(b, 0.84));
    }

    private static ShowMe Ring(Deal deal)
    {
        double[] Line(double by, Func<int, double> at) => [.. Enumerable.Range(0, 14).Select(i => Math.Clamp(at(i) + deal.Wobble(by), 0.06, 0.94))];
        var changed = deal.Variant(3) switch
        {
            0 => Line(0.04, i => i < 9 ? 0.26 : 0.84),
            1 => Line(0.03, i => i < 5 ? 0.24 : 0.24 + (0.07 * (i - 4))),
            _ => Line(0.04, i => i < 6 ? 0.3 : 0.8),
        };
        var (calm, noisy) = (Line(0.025, _ => 0.28), Line(0.17, _ => 0.34));
        return deal.Task(deal.Say("ask"), "needle",
            new Choice(deal.Say("changed"), panel => Trace(panel, changed, deal.Say("limit")), true), new(deal.Say("calm"), panel => Trace(panel, calm, deal.Say("limit"))), new(deal.Say("noisy"), panel => Trace(panel, noisy, deal.Say("limit"))));
    }

    /// <summary>Three lines belong on the paper: how good, where it fails, the way back.</summary>
    private static ShowMe Paper(Deal deal)
    {
        string[] lines = [deal.Say("good"), deal.Say("fails"), deal.Say("back")];
        var gone = (int[][])[[0, 1], [1, 2], [2, 0]];
        Choice Without(int? line) => new(
            line is null ? deal.Say("whole", ("lines", string.Join(", ", lines))) : deal.Say("without", ("line", lines[line.Value])),
            panel => Sheet(panel, lines, line), line is null);
        return deal.Task(deal.Say("ask"), "paper", Without(null), Without(gone[deal.Variant(3)][0]), Without(gone[deal.Variant(3)][1]));
    }

    private static ShowMe Small(Deal deal)
    {
        var own = deal.Book.Facts.TryGetValue("share", out var share) ? Math.Clamp((int)Math.Round(share.Value * Twenty), 1, (Twenty / 2) - 1) : 1;
        var first = deal.Variant(3) switch { 0 => own, 1 => own == 2 ? 1 : 2, _ => own == 3 ? 1 : 3 };
        Choice Get(int k, bool right) => new(deal.Say("choice", ("k", deal.Number(k)), ("n", deal.Number(Twenty))), panel =>
        {
            Cast.Pip(panel, 2, new(34, panel.Ground + 6), 0.62, Poses.Stand.Feeling(Mood.Happy));
            Boards(panel, (deal.Say("choice", ("k", deal.Number(k)), ("n", deal.Number(Twenty))), k), null, Twenty, 64);
        }, right);
        return deal.Task(deal.Say("ask"), "share", Get(first, true), Get(deal.Between(9, 11), false), Get(Twenty, false));
    }

    private static ShowMe Pack(Deal deal)
    {
        string[] all = [deal.Say("bowl"), deal.Say("spoon"), deal.Say("bottle")];
        var (a, b) = deal.Variant(3) switch { 0 => (1, 3), 1 => (2, 1), _ => (3, 2) };
        Choice Without(int gone) => new(
            gone == 0 ? deal.Say("whole", ("things", string.Join(", ", all))) : gone == 3 ? deal.Say("tiny", ("things", string.Join(", ", all.Skip(1)))) : deal.Say("without", ("thing", all[gone])),
            panel => Packed(panel, gone), gone == 0);
        return deal.Task(deal.Say("ask", ("things", string.Join(", ", all))), "pack", Without(0), Without(a), Without(b));
    }

    private static ShowMe House(Deal deal)
    {
        var own = deal.Book.Facts.TryGetValue("rooms", out var fact) ? (int)Math.Clamp(fact.Value, 2, 4) : 3;
        var rooms = deal.Variant(3) switch { 0 => own, 1 => own == 2 ? 3 : 2, _ => own == 4 ? 3 : 4 };
        Choice Rooms(int of, int lit, bool right) => new(deal.Say("choice", ("lit", deal.Number(lit)), ("dark", deal.Number(of - lit))), panel =>
            Cast.Terrace(panel, of, lit, new(panel.Width / 2, panel.Ground + 6), Math.Min(0.7, (panel.Width - 16) / Cast.TerraceWidth(of)), Poses.Stand.Feeling(lit == of ? Mood.Happy : Mood.Calm)), right);
        return deal.Task(deal.Say("ask", ("n", deal.Number(rooms))), "fresh", Rooms(rooms, rooms, true), Rooms(rooms, rooms - 1, false), Rooms(rooms, deal.Variant(2) == 0 ? 0 : Math.Max(0, rooms - 2), false));
    }

    /// <summary>Kinds that can be drawn: the project's own if they can, else fruit.</summary>
    private static string[] Drawn(FactBook book)
    {
        var own = Enumerable.Range(1, 3).Select(i => book.Names.GetValueOrDefault($"kind.{i}", "")).ToArray();
        return own.All(Fruit.Known.Contains) ? own : ["mango", "papaya", "kiwi"];
    }

    private static void Tag(Panel panel, string name)
    {
        var box = new Box(16, 44, 168, 58);
        panel.Middle.Path(PathBuilder.Polygon(new(box.X, box.Center.Y), new(box.X + 22, box.Y), new(box.Right, box.Y), new(box.Right, box.Bottom), new(box.X + 22, box.Bottom)), panel.Palette.Paper, Hues.Ink, Hues.Outline).Circle(box.X + 22, box.Center.Y, 4.4, Hues.Ink);
        panel.Label(panel.Middle, Lettering.Name(name), new(box.X + 34, box.Y + 6, box.Width - 42, box.Height - 12), 21);
    }

    /// <summary>One or two boards with seats and a word above each.</summary>
    private static void Boards(Panel panel, (string Words, int K) one, (string Words, int K)? other, int of = Twenty, double left = 8)
    {
        var height = other is null ? 92 : 66.0;
        var boards = other is { } second ? [one, second] : new[] { one };
        foreach (var (board, i) in boards.Select((board, i) => (board, i)))
        {
            var box = new Box(left, 8 + (i * (height + 4)), panel.Width - left - 8, height);
            panel.Middle.Rounded(box, 6, panel.Palette.Paper, Hues.Ink, 2.2);
            panel.Label(panel.Middle, board.Words, new(box.X + 6, box.Y + 3, box.Width - 12, 22), 14.5);
            Signs.Seats(panel, panel.Middle, new(box.X + 6, box.Y + 26, box.Width - 12, box.Height - 32), board.K, of, i == 0 ? Hues.Green : Hues.Blue);
        }
    }

    private static void Meters(Panel panel, string kind, (string Light, double Share)? light, double sure)
    {
        Props.Item(panel.Middle, kind, new(54, panel.Ground + 2), 1.55, light);
        Scenes.Meter(panel.Middle, new(147, panel.Ground - 8), 0.86, sure);
    }

    /// <summary>A line over days with a dashed limit.</summary>
    private static void Trace(Panel panel, double[] values, string limit)
    {
        var box = new Box(8, 8, panel.Width - 16, panel.Height - 16);
        panel.Middle.Rounded(box, 6, panel.Palette.Paper, Hues.Ink, 2.2);
        var plot = box.Grow(-14);
        double Y(double value) => plot.Bottom - (value * plot.Height);
        panel.Middle.Line(plot.X, plot.Bottom, plot.Right, plot.Bottom, Hues.Ink, 2).Line(plot.X, plot.Y, plot.X, plot.Bottom, Hues.Ink, 2)
            .Line(plot.X, Y(0.64), plot.Right, Y(0.64), Hues.Fact, 2.4, "7 6");
        panel.Label(panel.Middle, limit, new(plot.X + 4, Y(0.64) - 22, 70, 20), 13.5, Align.Start);
        var path = new PathBuilder();
        foreach (var (value, i) in values.Select((value, i) => (value, i)))
        {
            var x = plot.X + 4 + ((plot.Width - 8) * i / (values.Length - 1));
            _ = i == 0 ? path.Move(x, Y(value)) : path.Line(x, Y(value));
        }

        panel.Middle.Path(path, null, Hues.Blue, 3.4);
    }

    private static void Sheet(Panel panel, string[] lines, int? gone)
    {
        var box = new Box(16, 8, panel.Width - 32, panel.Height - 16);
        panel.Middle.Rounded(box, 4, panel.Palette.Paper, Hues.Ink, Hues.Outline);
        for (var i = 0; i < lines.Length; i++)
        {
            var row = new Box(box.X + 10, box.Y + 8 + (i * 40), box.Width - 20, 36);
            if (i == gone)
            {
                panel.Middle.Path(PathBuilder.Rounded(row.Grow(-4), 4), null, Hues.Shade, 2, dash: "5 5");
                continue;
            }

            panel.Middle.Circle(row.X + 13, row.Center.Y, 11, i switch { 0 => Hues.Green, 1 => Hues.Yellow, _ => Hues.Blue }, Hues.Ink, 2);
            panel.Middle.Path(i switch
            {
                0 => new PathBuilder().Move(row.X + 8, row.Center.Y).Line(row.X + 12, row.Center.Y + 5).Line(row.X + 19, row.Center.Y - 5),
                1 => new PathBuilder().Move(row.X + 13, row.Center.Y - 6).Line(row.X + 13, row.Center.Y + 1).Move(row.X + 13, row.Center.Y + 6).Line(row.X + 13, row.Center.Y + 6.2),
                _ => new PathBuilder().Move(row.X + 19, row.Center.Y).Line(row.X + 7, row.Center.Y).Line(row.X + 12, row.Center.Y - 5).Move(row.X + 7, row.Center.Y).Line(row.X + 12, row.Center.Y + 5),
            }, null, i == 1 ? Hues.Ink : Hues.White, 3);
            panel.Label(panel.Middle, lines[i], new(row.X + 30, row.Y, row.Width - 30, row.Height), 14.5, Align.Start);
        }
    }

    /// <summary>An open box; 1 without the spoon, 2 without the bottle, 3 with a bowl that is too small.</summary>
    private static void Packed(Panel panel, int gone)
    {
        var box = new Box(14, 76, panel.Width - 28, 54);
        if (gone != 1)
            Scenes.Spoon(panel.Middle, new(104, box.Y + 10), 1.2);
        if (gone != 2)
            panel.Middle.Add(new Sketch().Rounded(new(-13, -36, 26, 36), 4, "#8FC7E8", Hues.Ink, 2.4).Rounded(new(-8, -45, 16, 11), 3, Hues.Blue, Hues.Ink, 2.2).Group(new(152, box.Y + 10), 1.1));
        Scenes.Bowl(panel.Middle, new(54, box.Y + (gone == 3 ? 4 : 2)), gone == 3 ? 0.42 : 1.1, fruit: false);
        panel.Middle.Rounded(box, 9, Hues.Teal, Hues.Ink, Hues.Outline).Rounded(new(box.Center.X - 11, box.Y - 4, 22, 14), 4, Hues.Yellow, Hues.Ink, 2.2)
            .Path(new PathBuilder().Move(box.X + 8, box.Y + 11).Line(box.X + 34, box.Y + 11), null, "#6CC4BA", 4);
    }
}
