using System.Globalization;

namespace Steward.Models;

/// <summary>Names of usual metrics in words, so that people who do not train can read them. Others keep their own name.</summary>
internal static class MetricWords
{
    /// <summary><c>F1 over all kinds</c> for <c>test.f1_macro</c>; of another split than <c>test</c> it says so.</summary>
    public static string Of(string metric)
    {
        var dot = metric.IndexOf('.', StringComparison.Ordinal);
        var (split, name) = dot < 0 ? ("", metric) : (metric[..dot], metric[(dot + 1)..]);
        var words = name switch
        {
            "f1_macro" => "F1 over all kinds",
            "f1" => "F1",
            "accuracy" => "share of right answers",
            "ece" => "calibration error",
            "log_loss" => "log loss",
            "sure_share" => "share of sure answers",
            "set_coverage" => "share of sets that hold the truth",
            "set_size" => "kinds in a set",
            "set_margin" => "how far around a number the truth lies",
            "rmse" => "root mean squared error",
            "mae" => "mean absolute error",
            "mape" => "mean error as a share",
            "r2" => "share of the variation explained",
            "mase" => "error against as one season ago (MASE)",
            "smape" => "symmetric error as a share",
            "ndcg@10" => "worth of the first ten (NDCG)",
            "map@10" => "precision of the first ten (MAP)",
            "recall@10" => "share of what was wanted among the first ten",
            "coverage" => "share of all things ever shown",
            "novelty" => "how little known what is shown is",
            _ => null,
        };
        return words is null ? metric : split is "test" or "" ? words : $"{words} ({split})";
    }

    /// <summary>What is asked, for people who would not know the metric by its name.</summary>
    public static string Title(string metric, Comparison asked)
        => (metric.EndsWith(".ece", StringComparison.Ordinal) ? "how honest the confidence is: " : "") + $"{Of(metric)} {asked.Words}";

    /// <summary>One more sentence about a value, where the bare number tells little.</summary>
    public static string? Explain(string metric, double value) => metric.EndsWith(".ece", StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"How sure an answer says it is differs from how often it is right by {value * 100:0.#} percentage points on average.")
        : null;
}
