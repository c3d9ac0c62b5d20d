namespace Steward.Stories;

/// <summary>What may be asked about one kind of story. Which of it is asked follows from the panels that one telling shows.</summary>
/// <param name="Values">Numbers and moments: one is shown, and asked is what it is.</param>
/// <param name="Names">Names on record: asked is to which of them something applies.</param>
/// <param name="Said">What a telling says in words: one option is so in this story, the others are told elsewhere in it or are so in other stories.</param>
/// <param name="Pair">Three shares whose gaps are compared; empty when there are none.</param>
/// <param name="Fewest">So many items a bank must have, so that another try can draw others.</param>
/// <param name="Signed">Whether people sign for what this kind of story tells: then the way back must be known.</param>
internal sealed record QuizPlan(
    IReadOnlyList<AskedValue> Values, IReadOnlyList<AskedName> Names, IReadOnlyList<AskedSaid> Said, IReadOnlyList<string> Pair, int Fewest, bool Signed)
{
    public const string Moment = "moment";
    private const string Many = "many", Few = "few", Share = "share", Score = "score";

    private static readonly Dictionary<string, QuizPlan> All = new(StringComparer.Ordinal)
    {
        ["release"] = new(
            [
                new("new.learned", Many), new("new.tested", Many), new("trial.answers", Many), new("new.weakest.n", Many),
                new("new.kinds", Few) { Also = Many }, new("gates", Few) { Kind = QuizKind.Cause, Also = Many }, new("parties", Few) { Kind = QuizKind.Next, Also = Many }, new("trial.steps", Few),
                new("new.right", Share), new("old.right", Share), new("new.weakest.found", Share) { Kind = QuizKind.Limit, Must = true },
                new("trial.first", Share) { Kind = QuizKind.Next }, new("gates.passed", Share) { OnlyBeside = true },
                new("new.f1", Score), new("new.f1.low", Score), new("new.f1.high", Score), new("new.ece", Score) { Kind = QuizKind.Limit },
            ],
            [new("hardest", QuizKind.Limit, "weak", "new.weakest", ["kind.1", "kind.2", "kind.3"]) { Must = true }],
            [
                new("unknown", QuizKind.Limit, "limits", [new("seen", "result"), new("hard", "weak")]) { Must = true },
                new("back", QuizKind.WayBack, "back", [new("gates", "gates"), new("test", "result"), new("learn", "learn")]) { Must = true },
                new("back", QuizKind.WayBack, "returned", [new("gates", "gates"), new("test", "result"), new("learn", "learn")]) { Must = true },
                new("alone", QuizKind.WayBack, "limits", [new("gates", "gates"), new("people", "asks"), new("test", "result")]) { Must = true, Needs = ["alone"] },
            ],
            ["new.right", "old.right", "new.weakest.found"], 7, Signed: true),
        ["incident"] = new(
            [
                new("old.learned", Many), new("old.tested", Many), new("window", Many), new("named", Many) { Kind = QuizKind.Next }, new("asked.among", Many), new("old.told.n", Many), new("new.told.n", Many),
                new("old.right", Share), new("old.told", Share), new("new.told", Share), new("abstain.under", Share) { OnlyBeside = true },
                new("old.f1", Score), new("new.f1", Score),
                new("since", Moment) { Kind = QuizKind.Cause }, new("opened", Moment), new("acted", Moment) { Kind = QuizKind.Next }, new("serves", Moment) { Kind = QuizKind.Next },
            ],
            [],
            [
                new("drift", QuizKind.Cause, "notice", [new("doubt", "notice"), new("mistakes", "notice")]) { Needs = ["drift"], OnlyChild = true },
                new("doubt", QuizKind.Cause, "notice", [new("drift", "notice"), new("mistakes", "notice")]) { Needs = ["doubt"], OnlyChild = true },
                new("back", QuizKind.WayBack, "back", [new("ask", "back"), new("on", "notice")]) { Must = true },
                new("ask", QuizKind.WayBack, "doubt", [new("back", "doubt"), new("on", "notice")]) { Must = true },
                new("unknown", QuizKind.Limit, "limits", [new("look", "result"), new("unsure", "learn"), new("before", "setting")]) { Must = true },
            ],
            ["old.right", "old.told", "new.told"], 7, Signed: true),
        ["run"] = new(
            [
                new("learned", Many), new("tested", Many), new("kinds", Few) { Also = Many }, new("tunes", Few), new("walks", Few),
                new("first", Share), new("last", Share), new("right", Share), new("weakest.found", Share) { Kind = QuizKind.Limit, Must = true },
                new("f1", Score), new("f1.low", Score), new("f1.high", Score),
            ],
            [new("hardest", QuizKind.Limit, "weak", "weakest", ["kind.1", "kind.2", "kind.3"]) { Must = true }],
            [new("unknown", QuizKind.Limit, "limits", [new("seen", "result"), new("hard", "weak")]) { Must = true }],
            ["first", "last", "right"], 7, Signed: false),
        ["tunes"] = new(
            [
                new("tunes", Few), new("tunes.tried", Few), new("tested", Few),
                new("best.right", Share), new("second.right", Share), new("right", Share),
                new("best.score", Score), new("second.score", Score), new("last.score", Score), new("f1", Score), new("f1.low", Score), new("f1.high", Score),
            ],
            [
                new("winner", QuizKind.Comparison, "best", "best", ["second", "last"]) { Must = true, Gap = ("best.right", "second.right") },
                new("runner", QuizKind.Comparison, "best", "second", ["best", "last"]) { Gap = ("best.right", "second.right") },
            ],
            [new("unknown", QuizKind.Limit, "limits", [new("second", "best"), new("winner", "best"), new("winner", "result")]) { Must = true }],
            ["best.right", "second.right", "right"], 7, Signed: false),
        ["data"] = new(
            [
                new("first", Many), new("train", Many), new("valid", Many), new("test", Many), new("items", Many), new("labelled", Many), new("most.items", Many), new("fewest.items", Many),
                new("kinds", Few) { Also = Many }, new("versions", Few) { Kind = QuizKind.WayBack, Must = true, Also = Many }, new("readers", Few), new("rounds", Few), new("sources", Few),
            ],
            [],
            [new("unknown", QuizKind.Limit, "limits", [new("split", "split"), new("kept", "kept"), new("count", "setting")]) { Must = true }],
            [], 6, Signed: false),
        ["week"] = new(
            [
                new("answers", Many), new("best.day", Many), new("told", Many) { Kind = QuizKind.Limit, Must = true }, new("abstained", Many), new("incidents", Few) { Also = Many }, new("incidents.open", Few), new("busy.days", Few) { Also = Many },
                new("sure", Share), new("told.right", Share),
            ],
            [new("busiest", QuizKind.Comparison, "days", "best.day.at", ["from", "until"])],
            [new("unknown", QuizKind.Limit, "limits", [new("busy", "days"), new("sure", "sure"), new("told", "told")]) { Must = true }],
            [], 6, Signed: false),
        ["deployment"] = new(
            [new("rooms", Few), new("lit", Few), new("lit.after", Few), new("lit.again", Few) { Kind = QuizKind.WayBack, Must = true }],
            [],
            [new("unknown", QuizKind.Limit, "limits", [new("room", "problem"), new("start", "rooms"), new("count", "notice")]) { Must = true }],
            [], 6, Signed: false),
    };

    public static QuizPlan Of(string kind) => All[kind];
}

/// <param name="Family">What it may be confused with: things of one family and unit, and of about one size.</param>
internal sealed record AskedValue(string Fact, string Family)
{
    public string Kind { get; init; } = QuizKind.Number;

    public bool Must { get; init; }

    /// <summary>Another family that it may stand beside when that has too few of its own.</summary>
    public string? Also { get; init; }

    /// <summary>Stands as an answer beside others and is not asked for.</summary>
    public bool OnlyBeside { get; init; }
}

/// <param name="Right">The placeholder of the right name; the others are true of something else.</param>
internal sealed record AskedName(string Id, string Kind, string Beat, string Right, IReadOnlyList<string> Others)
{
    public bool Must { get; init; }

    /// <summary>Asked only when these two shares differ by more than rounding can hide.</summary>
    public (string One, string Other)? Gap { get; init; }
}

/// <param name="Id">Also the key of the right answer's text.</param>
/// <param name="Beat">The panel that answers it; <c>limits</c> for the band under the panels where a kind has no such panel.</param>
internal sealed record AskedSaid(string Id, string Kind, string Beat, IReadOnlyList<SaidOption> Wrong)
{
    public bool Must { get; init; }

    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Only this level's panel says it.</summary>
    public bool OnlyChild { get; init; }
}

/// <param name="Beat">The panel that shows why it is not the answer; offered only when that panel is told.</param>
internal sealed record SaidOption(string Key, string Beat);
