using System.Globalization;
using Steward.Tracking;

namespace Steward.Training;

/// <summary>What a study says of itself before its training begins.</summary>
/// <param name="Data">What it learns from: <c>pictures@1</c>, <c>silver.orders@12</c>.</param>
/// <param name="Primary">The metric that chooses the best tune, of the rows or pictures held back to choose by.</param>
/// <param name="Params">Of the study.</param>
/// <param name="Tunes">Each with its own settings.</param>
internal sealed record StudyPlan(string Data, Primary Primary, IReadOnlyDictionary<string, string> Params, IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Params)> Tunes)
{
    /// <summary>The revision of the project file that asks for it.</summary>
    public int? ProjectFile { get; init; }

    /// <summary>The engine that runs the tunes; null when this server trains them in one process.</summary>
    public string? On { get; init; }

    /// <summary>The processes that do it, as <see cref="TrainJob.Parts"/> names them.</summary>
    public IReadOnlyList<int?> Parts { get; init; } = [null];

    /// <summary>What a trial's run says of its settings beside those that vary; null when nothing is searched.</summary>
    public IReadOnlyDictionary<string, string>? OfTrials { get; init; }

    /// <summary>A search goes on where an earlier attempt at the same plan was cut off: its digest.</summary>
    public string? GoesOn { get; init; }

    /// <summary>The same metric on what was held back to test on.</summary>
    public string OfTest => "test." + Primary.Metric[(Primary.Metric.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public static StudyPlan Of(TrainSection plan, TrainJob job) => new(job.Data, OfPictures, About(Texts(
        ("kinds", job.Labels.Count), ("pictures", job.Items.Count), ("filters", job.Filters), ("copies", job.Copies), ("seed", job.Seed)), plan),
        [.. job.Tunes.Select(tune => (tune.Name, OfTune(tune, job, plan)))])
    {
        On = plan.RunOn,
        Parts = [.. job.Parts],
        OfTrials = plan.Search is { } search ? OfTune(new TunePlan().With(search.Fixed("epochs")), job, plan) : null,
        GoesOn = Mark(plan, job.Data),
    };

    public static Primary OfPictures { get; } = new("valid.f1_macro", Direction.Maximize);

    public static Primary OfTable(string task) => task switch
    {
        TrainSection.Regression => new("valid.rmse", Direction.Minimize),
        TrainSection.Recommendation => new("valid.ndcg@10", Direction.Maximize),
        TrainSection.Forecasting => new("valid.mase", Direction.Minimize),
        _ => new("valid.f1_macro", Direction.Maximize),
    };

    public static StudyPlan Of(TrainSection plan, string data)
    {
        var about = new Dictionary<string, string> { ["task"] = plan.Task, ["seed"] = Text(plan.Seed), ["repeats"] = Text(plan.Repeats) };
        foreach (var (key, said) in new[] { ("target", plan.Target), ("time", plan.Time), ("group", plan.Group), ("holdout", plan.Holdout) })
            if (said is not null)
                about[key] = said;
        return new(data, OfTable(plan.Task), About(about, plan), [.. plan.Tried.Select(one => (one.Title, OfAlgorithm(one, plan)))])
        {
            OfTrials = plan.Search is null ? null : OfAlgorithm(plan.Trial("search", new Dictionary<string, double>()), plan),
            GoesOn = Mark(plan, data),
        };
    }

    private static IReadOnlyDictionary<string, string> OfTune(TunePlan tune, TrainJob job, TrainSection plan) => Texts(
        ("l2", tune.L2), ("learning_rate", tune.LearningRate), ("epochs", tune.Epochs), ("hidden", tune.Hidden), ("dropout", tune.Dropout),
        ("filters", job.Filters), ("copies", job.Copies), ("seed", job.Seed), ("label_weight", plan.LabelWeight));

    private static IReadOnlyDictionary<string, string> OfAlgorithm(TableAlgorithm one, TrainSection plan)
        => new Dictionary<string, string>(Texts([.. one.Params, ("seed", plan.Seed)])) { ["algorithm"] = one.Algorithm! };

    private static IReadOnlyDictionary<string, string> About(IReadOnlyDictionary<string, string> about, TrainSection plan) => plan.Search is not { } search ? about
        : new Dictionary<string, string>(about) { ["search"] = search.Method.ToString().ToLowerInvariant(), ["search.trials"] = Text(search.Trials), ["search.seed"] = Text(search.Seed) };

    private static string? Mark(TrainSection plan, string data) => plan.Search is null ? null : Digest.Of(Json.Write(new { plan = plan with { RunOn = null }, data })).Hex;

    private static IReadOnlyDictionary<string, string> Texts(params (string Key, IFormattable Value)[] values) => values.ToDictionary(one => one.Key, one => Text(one.Value));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
