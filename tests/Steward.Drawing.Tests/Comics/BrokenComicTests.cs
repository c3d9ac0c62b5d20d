namespace Steward.Drawing.Tests.Comics;

/// <summary>Every check must catch the comic that it is there for, and say where.</summary>
public class BrokenComicTests
{
    private static readonly DrawnComic Whole = ComicPress.Draw(LampComic.English, PageForm.Page, Palette.Day);

    private static readonly Dictionary<string, (string Rule, Func<DrawnComic> Comic)> Broken = new()
    {
        ["words longer than their bubble"] = ("overflow", () => With(ItemKind.Bubble, item => item with { Lines = [item.Lines[0] with { Width = item.Lines[0].Width + 40 }] })),
        ["a sign's words wider than the sign"] = ("overflow", () => With(ItemKind.Label, item => item with { Inner = item.Inner!.Value.Grow(-12) })),
        ["a bubble out of the picture"] = ("outside", () => With(ItemKind.Bubble, item => item with { Box = item.Box with { X = -20 } })),
        ["two bubbles over each other"] = ("overlap", () => Panel(4, (items, kinds) => kinds(ItemKind.Bubble) is [var one, var other] ? Replace(items, other, other with { Box = one.Box.Move(4, 4) }) : items)),
        ["a bubble over a face"] = ("hides", () => With(ItemKind.Bubble, item => item with { Box = Whole.Items.First(other => other.Panel == item.Panel && other.Kind == ItemKind.Figure).Box })),
        ["a caption over a lamp"] = ("hides", () => Panel(2, (items, kinds) => Replace(items, kinds(ItemKind.Caption)[0], kinds(ItemKind.Caption)[0] with { Box = kinds(ItemKind.Prop)[0].Box }))),
        ["a figure before a sign"] = ("covered", () => Drawn(panel =>
        {
            Signs.ScoreBoard(panel, new(20, panel.Ground - 90, 176, 80), 3, 20, "3 out of 20");
            Cast.Pom(panel, 1, new(100, panel.Ground), 0.8, Poses.Stand);
        })),
        ["two figures in one place"] = ("crowded", () => Drawn(panel =>
        {
            Cast.Pom(panel, 1, new(100, panel.Ground), 1, Poses.Stand);
            Cast.Nell(panel, 0.2, new(140, panel.Ground), 1, Poses.Stand);
        })),
        ["a figure cut by the frame"] = ("cut", () => Drawn(panel => Cast.Pom(panel, 1, new(20, panel.Ground), 1, Poses.Stand))),
        ["the second bubble above the first"] = ("order", () => Panel(4, (items, kinds) => kinds(ItemKind.Bubble) is [var one, var other] ? Replace(items, one, one with { Box = one.Box with { Y = other.Box.Bottom + 30 } }) : items)),
        ["pale words"] = ("contrast", () => With(ItemKind.Caption, item => item with { Inks = ["#B9A97A"] })),
        ["a pale line in a chart"] = ("line-contrast", () => Whole with { Meanings = [new(3, "chart limit", "#F2C063", "#FFFDF7")] }),
        ["states that differ by hue alone"] = ("hue-alone", () => Drawn(panel => panel.Distinct("lamp", "#3E9B5B", "#C8332F"))),
        ["words too small"] = ("too-small", () => Drawn(panel => panel.Label(panel.Middle, "small words", new(20, 80, 200, 30), 15).ToString(), panel => Shrink(panel.Middle))),
        ["words that nobody looks after"] = ("unknown-text", () => Drawn(panel => panel.Front.Text(new(60, 200), "wild words", 16, Hues.Ink))),
        ["a picture without words for it"] = ("alt-missing", () => Drawn(panel => panel.Alt = "")),
        ["a transcript that lacks a sentence"] = ("transcript", () => Whole with { Transcript = Whole.Transcript.Replace("Stop! Only 14 are sure!", "", StringComparison.Ordinal) }),
        ["a transcript that lacks the limits"] = ("transcript", () => Whole with { Transcript = Whole.Transcript.Replace("Not checked yet: blue light.", "", StringComparison.Ordinal) }),
        ["a drawing that takes long to load"] = ("too-large", () => Whole with { Root = new([.. Whole.Root.Nodes, .. Enumerable.Range(0, 3000).Select(i => new EllipseNode(new(i, i), 3, 3, new("#FFFFFF")))]) }),
    };

    public static TheoryData<string> All => [.. Broken.Keys];

    [Theory, MemberData(nameof(All))]
    public void A_broken_comic_is_caught(string how)
    {
        var (rule, comic) = Broken[how];
        Assert.Contains(ComicChecks.Of(comic()), flaw => flaw.Rule == rule);
    }

    [Fact]
    public void The_whole_one_has_no_flaw() => Assert.Empty(ComicChecks.Of(Whole));

    [Fact]
    public void Foreign_elements_and_broken_markup_are_caught()
    {
        Assert.Equal("it holds a script element", ComicChecks.Broken("<svg><script/></svg>"));
        Assert.StartsWith("it is not well-formed", ComicChecks.Broken("<svg><g></svg>"), StringComparison.Ordinal);
        Assert.Null(ComicChecks.Broken("<svg><g/></svg>"));
    }

    [Fact]
    public void A_flaw_says_where_and_what() => Assert.Equal(
        "panel 1: Pom 1 is cut by the frame (cut)",
        Assert.Single(ComicChecks.Of(Broken["a figure cut by the frame"].Comic())).ToString());

    private static DrawnComic With(ItemKind kind, Func<DrawnItem, DrawnItem> change)
    {
        var one = Whole.Items.First(item => item.Kind == kind);
        return Whole with { Items = Replace(Whole.Items, one, change(one)) };
    }

    private static DrawnComic Panel(int number, Func<IReadOnlyList<DrawnItem>, Func<ItemKind, List<DrawnItem>>, IReadOnlyList<DrawnItem>> change)
        => Whole with { Items = change(Whole.Items, kind => [.. Whole.Items.Where(item => item.Panel == number && item.Kind == kind)]) };

    private static IReadOnlyList<DrawnItem> Replace(IReadOnlyList<DrawnItem> items, DrawnItem one, DrawnItem other) => [.. items.Select(item => ReferenceEquals(item, one) ? other : item)];

    /// <summary>A panel alone that is fine but for what is drawn into it.</summary>
    private static DrawnComic Drawn(Action<Panel> draw, Action<Panel>? after = null) => ComicPress.Draw(LampComic.English with
    {
        Panels =
        [
            panel =>
            {
                panel.Caption("Something is wrong here.");
                Sets.Room(panel, Beat.Problem);
                panel.Alt = "A room in which something is wrong.";
                draw(panel);
                after?.Invoke(panel);
            },
        ],
    }, PageForm.Page, Palette.Day);

    /// <summary>Draws the letters again at half their size.</summary>
    private static void Shrink(Sketch sketch) => sketch.Add(new GroupNode([.. sketch.Nodes.OfType<TextNode>()]) { ScaleX = 0.5, ScaleY = 0.5, At = new(20, 80) });
}
