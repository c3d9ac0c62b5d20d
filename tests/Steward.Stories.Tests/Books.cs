namespace Steward.Stories.Tests;

/// <summary>Facts as an ordinary project leaves them, for every kind of story.</summary>
internal static class Books
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 14, 12, 0, TimeSpan.Zero);

    public static readonly StoryKinds Kinds = new(null!, null!, null!, null!, null!, null!);

    public static IEnumerable<string> All => Kinds.All.Select(kind => kind.Name);

    public static FactBook Of(string kind) => kind switch
    {
        "release" => Release().Close(),
        "incident" => Incident().Close(),
        "run" or "tunes" => Run(kind).Close(),
        "data" => Data().Close(),
        "week" => Week().Close(),
        _ => DeploymentFacts.Example("fruit"),
    };

    public static Recorder Release()
    {
        var all = new Recorder("fruit", "release", "fruit@3");
        Version(all, "new", 3, 0.95).Count("gates", 7, From("gate"), At).Count("gates.passed", 7, From("gate"), At).Flag("gates-passed");
        return all.Number("signoff", 3, From("sign-off"), At).Count("parties", 3, From("sign-off"), At).Count("signers", 3, From("sign-off"), At).Moment("signed.at", At, From("sign-off"))
            .Name("seal.words", "knight-myrtle-shrub-lark-groove").Name("endpoint", "fruit").Flag("approved").Number("back.to", 2, From("promotion"), At);
    }

    public static Recorder Incident()
    {
        var all = new Recorder("fruit", "incident", "1");
        Version(Version(all, "old", 2, 0.94), "new", 3, 0.95);
        all.Name("endpoint", "fruit").Number("incident", 1, From("incident"), At).Moment("since", At, From("incident")).Moment("opened", At, From("incident")).Took("unnoticed", TimeSpan.FromSeconds(4), From("incident"), At)
            .Count("answers", 200, From("incident"), At).Count("alarms", 2, From("incident"), At).Flag("drift")
            .Line(new("watch", [1, 2, 3, 4], [0.7, 0.65, 0.9, 1.2], Unit.Ratio, false, From("window")))
            .Add(new("watch.limit", 1, Unit.Ratio, From("window"))).Add(new("watch.peak", 1.2, Unit.Ratio, From("window")) { N = 100 }).Count("window", 100, From("window"), At)
            .Flag("abstain").Share("abstain.under", 0.6, 0, From("incident"), At, "sure").Moment("acted", At, From("incident"))
            .Count("asked", 40, From("incident"), At).Count("asked.among", 200, From("incident"), At).Count("named", 40, From("incident"), At).Name("named.data", "pictures@2")
            .Share("old.told", 0.85, 100, From("endpoint"), At, "since:1").Count("old.told.n", 100, From("endpoint"), At)
            .Share("new.told", 0.92, 100, From("endpoint"), At, "since:1").Count("new.told.n", 100, From("endpoint"), At)
            .Moment("serves", At, From("incident")).Took("whole", TimeSpan.FromMinutes(3), From("incident"), At).Number("signoff", 3, From("sign-off"), At).Count("signers", 3, From("sign-off"), At);
        return all;
    }

    public static FactBook TakenBack(string kind, bool byHand)
    {
        var all = (kind, byHand) switch
        {
            ("release", _) => Release().Share("trial.first", 0.05, 0, From("endpoint"), At, "traffic").Count("trial.answers", 400, From("endpoint"), At).Count("trial.steps", 3, From("endpoint"), At).Count("trial.failed", 0, From("endpoint"), At).Number("trial.base", 2, From("endpoint"), At)
                .Moment("returned", At, From("promotion")).Number("returned.to", 2, From("promotion"), At).Number("returned.epoch", 9, From("promotion"), At).Flag("by-itself", !byHand),
            (_, true) => Incident().Flag("by-hand"),
            _ => Version(new Recorder("fruit", kind, "2"), "old", 3, 0.95).Name("endpoint", "fruit").Number("incident", 2, From("incident"), At).Moment("since", At, From("incident")).Moment("opened", At, From("incident"))
                .Flag(IncidentFacts.Stopped).Number("trial.base", 2, From("incident"), At).Share("trial.first", 0.05, 0, From("incident"), At, "traffic").Count("trial.answers", 60, From("incident"), At),
        };
        return (kind is "incident" ? all.Flag("back").Moment("acted", At, From("promotion")).Number("back.version", 2, From("promotion"), At) : all).Close();
    }

    public static Recorder Run(string kind)
    {
        var all = new Recorder("fruit", kind, "run1");
        foreach (var (fruit, i) in new[] { "apple", "banana", "kiwi" }.Select((fruit, i) => (fruit, i + 1)))
            all.Name($"kind.{i}", fruit);
        all.Name("run", "pictures@2, new labels").Name("data", "pictures@2").Moment("started", At, From("run")).Took("took", TimeSpan.FromSeconds(15), From("run"), At).Name("best", "hasty").Name("second", "strict").Name("last", "straight")
            .Count("learned", 3229, From("run"), At).Share("right", 0.95, 645, From("run"), At, "test:pictures@2").Count("tested", 645, From("run"), At)
            .Score("f1", 0.95, 645, From("run"), At, "test:pictures@2").Score("f1.low", 0.93, 645, From("run"), At, "test:pictures@2").Score("f1.high", 0.965, 645, From("run"), At, "test:pictures@2")
            .Count("kinds", 8, From("run"), At).Name("weakest", "orange").Share("weakest.found", 0.877, 81, From("run"), At, "kind:orange").Name("strongest", "kiwi").Share("strongest.found", 1, 81, From("run"), At, "kind:kiwi")
            .Line(new("curve", [0, 1, 2, 3, 4, 5], [0.89, 0.91, 0.945, 0.955, 0.966, 0.966], Unit.Share, false, From("run"))).Count("walks", 6, From("run"), At)
            .Share("first", 0.892, 406, From("run"), At, "aside").Share("last", 0.966, 406, From("run"), At, "aside")
            .Count("tunes", 6, From("run"), At).Count("tunes.tried", 5, From("run"), At)
            .Line(new("field", [0, 1, 2], [0.966, 0.964, 0.9], Unit.Score, false, From("run")) { Names = ["hasty", "strict", "straight"] })
            .Score("best.score", 0.966, 406, From("run"), At, "aside").Score("second.score", 0.964, 406, From("run"), At, "aside").Score("last.score", 0.9, 406, From("run"), At, "aside")
            .Share("best.right", 0.966, 406, From("run"), At, "aside").Share("second.right", 0.963, 406, From("run"), At, "aside");
        return all;
    }

    public static Recorder Data()
    {
        var all = new Recorder("fruit", "data", "pictures@2");
        Version(all, "new", 3, 0.95).Name("data", "pictures").Number("version", 2, From("snapshot"), At).Count("first", 4240, From("snapshot"), At).Count("items", 4280, From("snapshot"), At).Count("versions", 2, From("snapshot"), At)
            .Add(new("bytes", 39_216_804, Unit.Bytes, From("snapshot"))).Count("sources", 3, From("snapshot"), At).Name("digest", "f91f2acdd385")
            .Count("train", 3229, From("snapshot"), At).Count("valid", 406, From("snapshot"), At).Count("test", 645, From("snapshot"), At)
            .Count("kinds", 8, From("snapshot"), At).Name("most", "lemon").Count("most.items", 540, From("snapshot"), At).Name("fewest", "grapes").Count("fewest.items", 530, From("snapshot"), At)
            .Line(new("kinds.items", [0, 1, 2], [540, 535, 530], Unit.Count, false, From("snapshot")) { Names = ["lemon", "kiwi", "grapes"] })
            .Count("labelled", 40, From("snapshot"), At).Count("rounds", 1, From("snapshot"), At).Count("readers", 3, From("version"), At);
        return all;
    }

    public static Recorder Week()
    {
        var all = new Recorder("fruit", "week", "fruit");
        Version(all, "new", 3, 0.95).Name("endpoint", "fruit").Moment("from", At.AddDays(-6), From("endpoint")).Moment("until", At, From("endpoint"))
            .Count("answers", 800, From("endpoint"), At).Count("abstained", 12, From("endpoint"), At)
            .Line(new("days", [.. Enumerable.Range(0, 7).Select(day => (double)At.AddDays(day - 6).ToUnixTimeSeconds())], [0, 0, 40, 80, 30, 0, 650], Unit.Count, true, From("endpoint")))
            .Count("busy.days", 4, From("endpoint"), At).Count("best.day", 650, From("endpoint"), At).Moment("best.day.at", At, From("endpoint")).Share("sure", 0.957, 800, From("endpoint"), At, "week")
            .Count("incidents", 1, From("incident"), At).Count("incidents.open", 1, From("incident"), At).Flag("trouble").Share("told.right", 0.9, 200, From("endpoint"), At, "told").Count("told", 200, From("endpoint"), At);
        return all;
    }

    public static Recorder Version(Recorder all, string prefix, int version, double right)
    {
        foreach (var (fruit, i) in new[] { "apple", "banana", "kiwi" }.Select((fruit, i) => (fruit, i + 1)))
            all.Name($"kind.{i}", fruit);
        return all.Name("model", "fruit").Name($"{prefix}.data", "pictures@2").Number($"{prefix}.version", version, From("version"), At).Count($"{prefix}.learned", 3229, From("version"), At)
            .Share($"{prefix}.right", right, 645, From("version"), At, "test:pictures@2").Count($"{prefix}.tested", 645, From("version"), At)
            .Score($"{prefix}.f1", right, 645, From("version"), At, "test:pictures@2").Score($"{prefix}.f1.low", right - 0.02, 645, From("version"), At, "test:pictures@2").Score($"{prefix}.f1.high", right + 0.015, 645, From("version"), At, "test:pictures@2")
            .Score($"{prefix}.ece", 0.01, 645, From("version"), At, "test:pictures@2").Count($"{prefix}.kinds", 8, From("version"), At)
            .Name($"{prefix}.weakest", "orange").Share($"{prefix}.weakest.found", 0.877, 81, From("version"), At, "kind:orange").Count($"{prefix}.weakest.n", 81, From("version"), At);
    }

    public static Source From(string kind) => new(kind, kind, $"/projects/fruit/{kind}");
}
