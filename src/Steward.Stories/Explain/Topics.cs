namespace Steward.Stories;

/// <summary>Everything that is explained, in the order in which one builds on the other.</summary>
internal sealed class Topics(OwnFigures own)
{
    public IReadOnlyList<Topic> All { get; } =
    [
        new("supervised", own.Gather,
        [
            new("tags", Tone.Setting, Scenes.Tagged),
            new("look", Tone.Learn, Scenes.Study, "named"),
            new("off", Tone.Notice, Scenes.TagsOff),
            new("new", Tone.Try, Scenes.Newcomer),
            new("wrong", Tone.Problem, Scenes.WrongTag),
            new("name", Tone.Result, Scenes.Taught),
        ]),
        new("unsupervised", own.Gather,
        [
            new("heap", Tone.Setting, Scenes.Untagged, "pictures"),
            new("alike", Tone.Notice, Scenes.Alike),
            new("heaps", Tone.Result, Scenes.Sorted, "heaps") { Shows = ["heaps"] },
            new("between", Tone.Problem, Scenes.Between),
            new("named", Tone.Learn, Scenes.NamedHeap),
            new("name", Tone.Limits, Scenes.TwoWays),
        ]),
        new("overfitting", own.Gather,
        [
            new("book", Tone.Setting, Scenes.Cram),
            new("old", Tone.Result, Scenes.KnownTest, "train") { Shows = ["train"] },
            new("new", Tone.Problem, Scenes.NewTest, "test") { Shows = ["test"] },
            new("why", Tone.Notice, Scenes.Spots),
            new("better", Tone.Learn, Scenes.Shapes),
            new("name", Tone.Limits, Scenes.FreshTest),
        ]),
        new("confidence", own.Gather,
        [
            new("sure", Tone.Setting, Scenes.Certain),
            new("weather", Tone.Try, Scenes.Forecast),
            new("count", Tone.Result, Scenes.CountedRight, "right") { Shows = ["right"] },
            new("unsure", Tone.Problem, Scenes.Uncertain),
            new("own", Tone.Notice, Scenes.HowOftenSure, "sure") { Shows = ["sure"] },
            new("name", Tone.Limits, Scenes.Trusted),
        ]),
        new("active-learning", own.Gather,
        [
            new("heap", Tone.Setting, Scenes.TooMany),
            new("easy", Tone.Result, Scenes.Easy),
            new("hard", Tone.Problem, Scenes.Hard),
            new("ask", Tone.Notice, Scenes.AsksForHard, "asked"),
            new("learn", Tone.Learn, Scenes.Ask),
            new("name", Tone.Try, Scenes.Understood),
        ]),
        new("drift", own.Gather,
        [
            new("setting", Tone.Setting, Scenes.WhiteLight),
            new("lamp", Tone.Problem, Scenes.OrangeLight),
            new("same", Tone.Limits, Scenes.BothLights),
            new("needle", Tone.Notice, Scenes.Rings, "limit", "window") { Shows = ["limit"], Parts = ["limit", "window"] },
            new("help", Tone.Try, Scenes.OldHelps),
            new("name", Tone.Learn, Scenes.WorldMoves),
        ]),
        new("sign-off", own.Gather,
        [
            new("ready", Tone.Setting, Scenes.Ready),
            new("paper", Tone.Notice, Scenes.Reads),
            new("groups", Tone.Try, Scenes.Groups, "parties") { Shows = ["parties"] },
            new("no", Tone.Problem, Scenes.SaysNo),
            new("yes", Tone.Result, Scenes.SaysYes),
            new("name", Tone.Learn, Scenes.LooksAgain),
        ]),
        new("canary", own.Gather,
        [
            new("old", Tone.Setting, Scenes.OldServes),
            new("pip", Tone.Notice, Scenes.PipAsks),
            new("share", Tone.Try, Scenes.SmallShare, "share") { Shows = ["share"] },
            new("watch", Tone.Learn, Scenes.Watches),
            new("more", Tone.Result, Scenes.StepByStep),
            new("back", Tone.Limits, Scenes.TakesOver),
        ]),
        new("container", own.Gather,
        [
            new("home", Tone.Setting, Scenes.AtHome),
            new("moved", Tone.Problem, Scenes.Lost),
            new("tuck", Tone.Notice, Scenes.LunchBox),
            new("pack", Tone.Learn, Scenes.Packing, "things") { Shows = ["things"] },
            new("there", Tone.Result, Scenes.Unpacked),
            new("name", Tone.Try, Scenes.HereAndThere),
        ]),
        new("kubernetes", own.Gather,
        [
            new("stay", Tone.Setting, Scenes.Stay, "rooms", "left") { Shows = ["rooms", "left"], Parts = ["rooms", "left"] },
            new("pod", Tone.Learn, Scenes.Lodger),
            new("note", Tone.Try, Scenes.Noted, "rooms") { Shows = ["rooms"] },
            new("dark", Tone.Problem, Scenes.Dark, "rooms", "left") { Shows = ["rooms", "left"], Parts = ["rooms", "left"] },
            new("fresh", Tone.Notice, Scenes.Moves, "rooms") { Shows = ["rooms"] },
            new("name", Tone.Result, Scenes.AllLit, "rooms") { Shows = ["rooms"] },
        ])
        {
            Aliases = ["pod", "pods", "k8s"],
        },
    ];

    /// <summary>The topic of a name; <c>topic_unknown</c> otherwise.</summary>
    public Topic Of(string? name)
    {
        var said = (name ?? "").Trim().ToLowerInvariant().Replace(' ', '-').Replace('_', '-');
        return All.FirstOrDefault(topic => topic.Key == said || topic.Aliases.Contains(said))
            ?? throw ProblemException.Invalid("topic_unknown", $"Nothing explains '{Names.Shorten(name ?? "")}' yet.", $"Choose one of: {string.Join(", ", All.Select(topic => topic.Key))}.");
    }
}
