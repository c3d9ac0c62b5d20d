namespace Steward.Stories.Tests;

/// <summary>Records of facts as records could give them: numbers drawn from a seed, valid by the rules of what they count.</summary>
internal static class Records
{
    public static readonly StoryKinds Kinds = new(null!, null!, null!, null!, null!, null!);

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 7, 30, 0, TimeSpan.Zero);
    private static readonly string[] Fruit = ["apple", "banana", "fig", "kiwi", "lemon", "mango", "pear", "plum"];

    public static readonly string[] All = ["release", "incident", "run", "tunes", "data", "week", "deployment"];

    public static IEnumerable<Catalogue> Languages => Catalogue.All;

    public static Story Tell(FactBook book, Catalogue? language = null, Level level = Level.Child) => Storyteller.Tell(Kinds.Of(book.Kind), book, language ?? Catalogue.English, level);

    public static FactBook Of(string kind, int seed) => kind switch
    {
        "release" => Release(seed),
        "incident" => Incident(seed),
        "run" or "tunes" => Run(kind, seed),
        "data" => Data(seed),
        "week" => Week(seed),
        _ => DeploymentFacts.Example("fruit"),
    };

    /// <summary>A version on its way: first of its model or not, before or after the votes, with a trial or without.</summary>
    public static FactBook Release(int seed, bool? first = null)
    {
        var chance = new Random(seed);
        var all = new Recorder("fruit", "release", "fruit@4");
        var alone = first ?? chance.Next(4) == 0;
        Version(all, "new", alone ? 1 : chance.Next(2, 9), chance);
        if (!alone)
        {
            Version(all, "old", 1, chance);
            all.Flag("same-test", chance.Next(2) == 0).Number("back.to", 1, Source("promotion"), Start);
        }

        all.Flag("alone", alone);
        var gates = chance.Next(1, 10);
        all.Count("gates", gates, Source("gate"), Start).Count("gates.passed", chance.Next(3) == 0 ? chance.Next(0, gates + 1) : gates, Source("gate"), Start);
        Votes(all, chance);
        if (chance.Next(2) == 0)
            all.Share("trial.first", chance.Next(1, 6) / 20.0, 0, Source("endpoint"), Start, "traffic").Count("trial.steps", chance.Next(1, 5), Source("endpoint"), Start)
                .Count("trial.answers", chance.Next(50, 4000), Source("endpoint"), Start).Count("trial.failed", chance.Next(0, 3), Source("endpoint"), Start).Name("endpoint", "fruit");
        all.Name("endpoint", "fruit");
        if (seed % 5 == 4 && !alone)
            all.Moment("returned", Start.AddHours(5), Source("promotion")).Number("returned.to", 1, Source("promotion"), Start).Number("returned.epoch", 9, Source("promotion"), Start).Flag("by-itself", seed % 2 == 0);
        return all.Close();
    }

    /// <summary>An incident: gone back or asking, healed or still open.</summary>
    public static FactBook Incident(int seed)
    {
        var chance = new Random(seed);
        var all = new Recorder("fruit", "incident", "1");
        var source = Source("incident");
        all.Name("endpoint", "fruit").Name("model", "fruit").Number("incident", 1, source, Start);
        Version(all, "old", 2, chance);
        var (since, opened) = (Start.AddMinutes(chance.Next(60)), Start.AddMinutes(chance.Next(61, 300)));
        all.Moment("since", since, source).Moment("opened", opened, source).Took("unnoticed", opened - since, source, opened).Count("answers", chance.Next(50, 900), source, opened).Count("alarms", chance.Next(1, 9), source, opened);
        all.Flag(((string[])["drift", "doubt", "kinds", "mistakes"])[chance.Next(4)]);
        var watch = Enumerable.Range(0, 12).Select(step => step < 8 ? 0.3 + (chance.NextDouble() / 3) : 1.2 + chance.NextDouble()).ToList();
        all.Line(new FactSeries("watch", [.. Enumerable.Range(1, 12).Select(x => (double)x)], watch, Unit.Ratio, Moments: false, source)).Add(new("watch.limit", 1, Unit.Ratio, source) { At = opened })
            .Add(new("watch.peak", watch.Max(), Unit.Ratio, source) { At = opened, N = 50 }).Count("window", chance.Next(20, 90), source, opened);
        var acted = opened.AddMinutes(chance.Next(1, 30));
        switch (chance.Next(3))
        {
            case 0:
                all.Flag("back").Moment("acted", acted, source).Number("back.version", 1, source, acted);
                break;
            case 1:
                all.Flag("abstain").Moment("acted", acted, source).Share("abstain.under", chance.Next(5, 9) / 10.0, 0, source, acted, "sure");
                break;
        }

        if (chance.Next(4) > 0)
            all.Name("named.data", "pictures@2").Count("named", chance.Next(4, 60), source, acted).Count("asked.among", chance.Next(60, 400), source, acted);
        if (chance.Next(4) > 0)
        {
            Version(all, "new", 3, chance);
            var (told, later) = (chance.Next(20, 200), chance.Next(20, 200));
            all.Moment("serves", acted.AddMinutes(chance.Next(1, 90)), source).Took("whole", TimeSpan.FromMinutes(chance.Next(30, 300)), source, acted)
                .Share("old.told", chance.Next(told) / (double)told, told, source, acted, "since:1").Count("old.told.n", told, source, acted)
                .Share("new.told", chance.Next(later) / (double)later, later, source, acted, "since:1").Count("new.told.n", later, source, acted);
            Votes(all, chance);
        }

        return all.Close();
    }

    private static void Votes(Recorder all, Random chance)
    {
        if (chance.Next(4) == 0)
            return;
        var source = Source("sign-off");
        all.Number("signoff", 7, source, Start).Count("parties", chance.Next(1, 5), source, Start).Name("seal.words", "apple-bird-cloud-door-egg").Moment("asked.at", Start, source);
        if (chance.Next(2) == 0)
            all.Flag("not-approved");
        else
            all.Flag("approved").Count("signers", chance.Next(1, 6), source, Start).Moment("signed.at", Start.AddHours(2), source);
    }

    private static void Version(Recorder all, string prefix, int number, Random chance)
    {
        var (source, n, weak) = (new Source("version", $"fruit@{number}", $"/projects/fruit/models/fruit/{number}"), chance.Next(60, 400), chance.Next(8, 40));
        var right = chance.Next(n * 2 / 3, n + 1) / (double)n;
        var kinds = chance.Next(2, 9);
        all.Number($"{prefix}.version", number, source, Start).Name("model", "fruit").Name($"{prefix}.data", "pictures@1").Count($"{prefix}.learned", chance.Next(200, 4000), source, Start)
            .Share($"{prefix}.right", right, n, source, Start, "test:pictures@1").Count($"{prefix}.tested", n, source, Start)
            .Score($"{prefix}.f1", right, n, source, Start, "test:pictures@1").Score($"{prefix}.f1.low", right - 0.03, n, source, Start, "test:pictures@1").Score($"{prefix}.f1.high", Math.Min(1, right + 0.02), n, source, Start, "test:pictures@1")
            .Score($"{prefix}.ece", chance.NextDouble() / 10, n, source, Start, "test:pictures@1");
        foreach (var place in Enumerable.Range(0, Math.Min(3, kinds)))
            all.Name($"kind.{place + 1}", Fruit[place]);
        all.Count($"{prefix}.kinds", kinds, source, Start).Name($"{prefix}.weakest", Fruit[chance.Next(kinds)]).Share($"{prefix}.weakest.found", chance.Next(weak) / (double)weak * right, weak, source, Start, "kind").Count($"{prefix}.weakest.n", weak, source, Start);
    }

    private static FactBook Run(string kind, int seed)
    {
        var chance = new Random(seed);
        var all = new Recorder("fruit", kind, "r1");
        var (source, n) = (Source("run"), chance.Next(60, 400));
        var right = chance.Next(n / 2, n + 1) / (double)n;
        string[] names = ["slow", "quick", "steady"];
        chance.Shuffle(names);
        all.Name("run", "three rates").Name("data", "pictures@1").Moment("started", Start, source).Took("took", TimeSpan.FromSeconds(chance.Next(5, 900)), source, Start).Name("best", names[0]).Name("second", names[1]).Name("last", names[2])
            .Count("learned", chance.Next(200, 4000), source, Start).Share("right", right, n, source, Start, "test").Count("tested", n, source, Start)
            .Score("f1", right, n, source, Start, "test").Score("f1.low", right - 0.02, n, source, Start, "test").Score("f1.high", Math.Min(1, right + 0.02), n, source, Start, "test")
            .Name("kind.1", "apple").Name("kind.2", "banana").Name("kind.3", "fig").Count("kinds", chance.Next(3, 9), source, Start)
            .Name("weakest", Fruit[chance.Next(3)]).Share("weakest.found", chance.NextDouble() * right, 30, source, Start, "kind").Name("strongest", "plum").Share("strongest.found", right, 30, source, Start, "kind")
            .Count("walks", chance.Next(3, 40), source, Start).Share("first", chance.Next(5, 60) / 100.0, 200, source, Start, "aside").Share("last", chance.Next(61, 99) / 100.0, 200, source, Start, "aside")
            .Line(new FactSeries("curve", [1, 2, 3], [0.3, 0.6, 0.8], Unit.Share, Moments: false, source)).Count("tunes", chance.Next(3, 12), source, Start).Count("tunes.tried", chance.Next(1, 5), source, Start)
            .Line(new FactSeries("field", [0, 1, 2], [0.9, 0.8, 0.7], Unit.Score, Moments: false, source) { Names = names });
        var best = chance.Next(60, 100) / 100.0;
        var second = best - (chance.Next(0, 30) / 100.0);
        return all.Score("best.score", best, 200, source, Start, "aside").Score("second.score", second, 200, source, Start, "aside").Score("last.score", second / 2, 200, source, Start, "aside")
            .Share("best.right", best, 200, source, Start, "aside").Share("second.right", second, 200, source, Start, "aside").Close();
    }

    private static FactBook Data(int seed)
    {
        var chance = new Random(seed);
        var (all, source) = (new Recorder("fruit", "data", "pictures@2"), Source("snapshot"));
        var (train, valid, test) = (chance.Next(200, 3000), chance.Next(30, 400), chance.Next(30, 400));
        all.Name("data", "pictures").Number("version", 2, source, Start).Count("first", chance.Next(100, train), source, Start).Count("items", train + valid + test, source, Start).Count("versions", chance.Next(1, 6), source, Start)
            .Add(new("bytes", 1e6 * chance.Next(1, 90), Unit.Bytes, source) { At = Start }).Count("sources", chance.Next(1, 4), source, Start).Name("digest", "0123456789ab")
            .Count("train", train, source, Start).Count("valid", valid, source, Start).Count("test", test, source, Start)
            .Count("kinds", chance.Next(3, 9), source, Start).Name("most", "apple").Count("most.items", chance.Next(100, 300), source, Start).Name("fewest", "fig").Count("fewest.items", chance.Next(5, 90), source, Start)
            .Line(new FactSeries("kinds.items", [0, 1, 2], [120, 90, 30], Unit.Count, Moments: false, source) { Names = ["apple", "banana", "fig"] });
        if (chance.Next(2) == 0)
            all.Count("labelled", chance.Next(10, 90), source, Start).Count("rounds", chance.Next(1, 4), source, Start);
        Version(all, "new", chance.Next(1, 4), chance);
        return all.Count("readers", chance.Next(1, 5), source, Start).Close();
    }

    private static FactBook Week(int seed)
    {
        var chance = new Random(seed);
        var (all, source) = (new Recorder("fruit", "week", "fruit"), Source("endpoint"));
        var days = Enumerable.Range(0, 7).Select(_ => (double)chance.Next(0, 400)).ToList();
        days[chance.Next(7)] = 500 + chance.Next(100);
        all.Name("endpoint", "fruit").Name("model", "fruit").Moment("from", Start, source).Moment("until", Start.AddDays(6), source).Count("answers", (long)days.Sum(), source, Start).Count("abstained", chance.Next(0, 40), source, Start)
            .Line(new FactSeries("days", [.. Enumerable.Range(0, 7).Select(day => (double)Start.AddDays(day).ToUnixTimeSeconds())], days, Unit.Count, Moments: true, source))
            .Count("busy.days", days.Count(day => day > 0), source, Start).Count("best.day", (long)days.Max(), source, Start).Moment("best.day.at", Start.AddDays(days.IndexOf(days.Max())), source)
            .Share("sure", chance.Next(50, 99) / 100.0, 900, source, Start, "week");
        var trouble = chance.Next(0, 3);
        all.Count("incidents", trouble, source, Start).Count("incidents.open", chance.Next(0, trouble + 1), source, Start).Flag("trouble", trouble > 0).Flag("no-trouble", trouble == 0);
        if (chance.Next(2) == 0)
            all.Share("told.right", chance.Next(50, 99) / 100.0, 80, source, Start, "told").Count("told", chance.Next(20, 300), source, Start);
        return all.Close();
    }

    private static Source Source(string kind) => new(kind, $"{kind} 1", $"/projects/fruit/{kind}");
}
