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

    /// <summary>The same metric on what was held back to test on.</summary>
    public string OfTest => "test." + Primary.Metric[(Primary.Metric.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public static StudyPlan Of(TrainSection plan, TrainJob job) => new(job.Data, new("valid.f1_macro", Direction.Maximize), Texts(
        ("kinds", job.Labels.Count), ("pictures", job.Items.Count), ("filters", job.Filters), ("copies", job.Copies), ("seed", job.Seed)),
        [.. job.Tunes.Select(tune => (tune.Name, Texts(("l2", tune.L2), ("learning_rate", tune.LearningRate), ("epochs", tune.Epochs), ("hidden", tune.Hidden), ("dropout", tune.Dropout),
            ("filters", job.Filters), ("copies", job.Copies), ("seed", job.Seed), ("label_weight", plan.LabelWeight))))])
    {
        On = plan.RunOn,
        Parts = [.. job.Parts],
    };

    public static StudyPlan Of(TrainSection plan, string data)
    {
        var primary = plan.Task switch
        {
            TrainSection.Regression => new Primary("valid.rmse", Direction.Minimize),
            TrainSection.Recommendation => new Primary("valid.ndcg@10", Direction.Maximize),
            TrainSection.Forecasting => new Primary("valid.mase", Direction.Minimize),
            _ => new Primary("valid.f1_macro", Direction.Maximize),
        };
        var about = new Dictionary<string, string> { ["task"] = plan.Task, ["seed"] = Text(plan.Seed), ["repeats"] = Text(plan.Repeats) };
        foreach (var (key, said) in new[] { ("target", plan.Target), ("time", plan.Time), ("group", plan.Group), ("holdout", plan.Holdout) })
            if (said is not null)
                about[key] = said;
        return new(data, primary, about, [.. plan.Tried.Select(one => (one.Title, Texts([.. one.Params, ("seed", plan.Seed)]).Append(new("algorithm", one.Algorithm!)).ToDictionary() as IReadOnlyDictionary<string, string>))]);
    }

    private static IReadOnlyDictionary<string, string> Texts(params (string Key, IFormattable Value)[] values) => values.ToDictionary(one => one.Key, one => Text(one.Value));

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
