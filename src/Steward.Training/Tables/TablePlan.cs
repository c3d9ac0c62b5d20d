using System.Text.Json.Serialization;

namespace Steward.Training;

/// <summary>A way of learning from a table, one key of it said: <c>linear</c>, or <c>lightgbm: {trees: 300}</c>.</summary>
public sealed record TableAlgorithm
{
    /// <summary>What the tune is called; the algorithm's own name by default.</summary>
    public string? Name { get; init; }

    /// <summary>A weighted sum: ridge regression, or logistic regression for classes.</summary>
    public LinearPlan? Linear { get; init; }

    /// <summary>Boosted trees by LightGBM.</summary>
    [JsonPropertyName("lightgbm")]
    public TreesPlan? LightGbm { get; init; }

    /// <summary>Boosted trees by FastTree.</summary>
    [JsonPropertyName("fasttree")]
    public TreesPlan? FastTree { get; init; }

    /// <summary>Factors of users and items, by alternating least squares.</summary>
    public AlsPlan? Als { get; init; }

    /// <summary>What most people took; the baseline of recommenders.</summary>
    public PopularPlan? Popular { get; init; }

    /// <summary>As one season ago; the baseline of forecasts.</summary>
    public SeasonalNaivePlan? SeasonalNaive { get; init; }

    /// <summary>Always the mean, or the commonest class; the baseline of the rest.</summary>
    public MeanPlan? Mean { get; init; }

    /// <summary>The algorithm's key in the project file; null when none, or several, are said.</summary>
    internal string? Algorithm => Said is [var only] ? only : null;

    internal string Title => Name ?? Algorithm?.Replace('_', '-') ?? "";

    private string[] Said =>
    [
        .. new (string Key, object? Plan)[]
        {
            ("linear", Linear), ("lightgbm", LightGbm), ("fasttree", FastTree), ("als", Als), ("popular", Popular), ("seasonal_naive", SeasonalNaive), ("mean", Mean),
        }.Where(one => one.Plan is not null).Select(one => one.Key),
    ];

    /// <summary>What the run of it says of its settings.</summary>
    internal IEnumerable<(string Key, IFormattable Value)> Params => ((object?)Linear ?? (object?)LightGbm ?? (object?)FastTree ?? Als) switch
    {
        LinearPlan linear => [("l2", linear.L2)],
        TreesPlan trees => [("trees", trees.Trees), ("leaves", trees.Leaves), ("learning_rate", trees.LearningRate), ("min_rows", trees.MinRows), ("l2", trees.L2)],
        AlsPlan als => [("factors", als.Factors), ("rounds", als.Rounds), ("l2", als.L2), ("trust", als.Trust)],
        _ => [],
    };

    /// <summary>What can be given out bit by bit; null when it learns in one go.</summary>
    internal string? Resource => (LightGbm ?? FastTree) is not null ? "trees" : Als is not null ? "rounds" : null;

    /// <summary>An algorithm with some of its settings said; null when it has none, or is not known.</summary>
    internal static TableAlgorithm? Of(string algorithm, string name, IReadOnlyDictionary<string, double> values)
    {
        TreesPlan Trees(TreesPlan usual) => usual with
        {
            Trees = Whole("trees", usual.Trees), Leaves = Whole("leaves", usual.Leaves), LearningRate = Get("learning_rate", usual.LearningRate), MinRows = Whole("min_rows", usual.MinRows), L2 = Get("l2", usual.L2),
        };
        return algorithm switch
        {
            "linear" => new() { Name = name, Linear = new() { L2 = Get("l2", new LinearPlan().L2) } },
            "lightgbm" => new() { Name = name, LightGbm = Trees(new()) },
            "fasttree" => new() { Name = name, FastTree = Trees(new()) },
            "als" => new() { Name = name, Als = new AlsPlan() is var usual ? new() { Factors = Whole("factors", usual.Factors), Rounds = Whole("rounds", usual.Rounds), L2 = Get("l2", usual.L2), Trust = Get("trust", usual.Trust) } : null },
            _ => null,
        };

        double Get(string key, double usual) => values.GetValueOrDefault(key, usual);
        int Whole(string key, int usual) => (int)values.GetValueOrDefault(key, usual);
    }

    internal static string Tunable(string task) => task == TrainSection.Recommendation ? "als" : "linear, lightgbm or fasttree";

    internal string? Complaint(string task) => Algorithm switch
    {
        null => "say one algorithm, such as linear or lightgbm: {trees: 300}",
        "als" or "popular" when task != TrainSection.Recommendation => $"'{Algorithm}' recommends; for {task} write {Fitting(task)}",
        "seasonal_naive" when task != TrainSection.Forecasting => $"'{Algorithm}' forecasts; for {task} write {Fitting(task)}",
        "mean" when task is TrainSection.Recommendation or TrainSection.Forecasting => $"the baseline of {task} is {(task == TrainSection.Forecasting ? "seasonal_naive" : "popular")}",
        "linear" or "lightgbm" or "fasttree" when task == TrainSection.Recommendation => $"'{Algorithm}' cannot recommend; write als or popular",
        _ => Linear is { L2: not (>= 0 and <= 1e9) } ? "l2 is 0 to 1e9"
            : (LightGbm ?? FastTree) is { } trees && (trees.Trees is < 1 or > 5000 || trees.Leaves is < 2 or > 1024 || trees.MinRows < 1 || trees.LearningRate is not (> 0 and <= 1) || trees.L2 is not (>= 0 and <= 1e6))
                ? "trees is 1 to 5000, leaves 2 to 1024, min_rows at least 1, learning_rate above 0 and at most 1, l2 0 to 1e6"
            : Als is { } als && (als.Factors is < 2 or > 256 || als.Rounds is < 1 or > 200 || als.L2 is not (> 0 and <= 1e6) || als.Trust is not (> 0 and <= 1e6)) ? "factors is 2 to 256, rounds 1 to 200, l2 and trust above 0"
            : null,
    };

    internal static string Fitting(string task) => task switch
    {
        TrainSection.Recommendation => "als or popular",
        TrainSection.Forecasting => "linear, lightgbm, fasttree or seasonal_naive",
        _ => "linear, lightgbm, fasttree or mean",
    };

    internal static IReadOnlyList<TableAlgorithm> Usual(string task) => task switch
    {
        TrainSection.Recommendation => [new() { Als = new() }, new() { Popular = new() }],
        TrainSection.Forecasting => [new() { Linear = new() }, new() { LightGbm = new() }, new() { SeasonalNaive = new() }],
        _ => [new() { Linear = new() }, new() { LightGbm = new() }, new() { FastTree = new() }],
    };
}

public sealed record LinearPlan
{
    /// <summary>What weights cost: higher trusts single features less.</summary>
    public double L2 { get; init; } = 1;
}

public sealed record TreesPlan
{
    public int Trees { get; init; } = 200;

    /// <summary>The most leaves a tree has.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>How much of what is left each tree takes up.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The fewest rows in a leaf.</summary>
    public int MinRows { get; init; } = 20;

    /// <summary>What leaves cost; LightGBM only.</summary>
    public double L2 { get; init; }
}

public sealed record AlsPlan
{
    /// <summary>Numbers per user and per item.</summary>
    public int Factors { get; init; } = 32;

    /// <summary>Walks over users and items.</summary>
    public int Rounds { get; init; } = 15;

    /// <summary>What factors cost.</summary>
    public double L2 { get; init; } = 0.05;

    /// <summary>How much more a thing taken counts than one not taken, times how often it was; without ratings only.</summary>
    public double Trust { get; init; } = 20;
}

public sealed record PopularPlan;

public sealed record SeasonalNaivePlan;

public sealed record MeanPlan;

/// <summary>Who, what, and how many to recommend.</summary>
public sealed record RecommendPlan
{
    /// <summary>The column that says who.</summary>
    public string User { get; init; } = "";

    /// <summary>The column that says what.</summary>
    public string Item { get; init; } = "";

    /// <summary>How many each one is given, 1 to 1000.</summary>
    public int Top { get; init; } = 20;

    /// <summary>What was taken within this time is not recommended again: <c>30d</c>. Without it, taken things come back.</summary>
    public TimeSpan? ExcludeBought { get; init; }

    /// <summary>A column whose value says what kind of customer each is: who is new is given what is popular among them.</summary>
    public string? Segment { get; init; }

    /// <summary>The number that says how much of it, such as a quantity; each row counts once without it. Ratings go under <c>target</c> instead.</summary>
    public string? Weight { get; init; }
}

/// <summary>How far to look ahead.</summary>
public sealed record ForecastPlan
{
    /// <summary>Steps ahead, 1 to 366.</summary>
    public int Horizon { get; init; } = 14;

    /// <summary>Steps of one season: 7 for days with a weekly rhythm.</summary>
    public int Season { get; init; } = 7;

    /// <summary>Steps of the longer season that is looked back at, 364 for days in whole weeks of a year; 0 for none.</summary>
    public int LongSeason { get; init; } = 364;

    /// <summary>The column that tells several series apart.</summary>
    public string? Series { get; init; }
}
