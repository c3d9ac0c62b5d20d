using Steward.Statistics;

namespace Steward.Training;

/// <summary>
/// How an answer is widened until it holds the truth nine times of ten: fitted on what was held back to choose by, kept in the model's
/// file under <c>coverage</c>, measured on what was held back to test on.
/// </summary>
/// <param name="Level">How often the truth is held.</param>
internal sealed record Coverage(double Level)
{
    public const string Entry = "coverage";

    private const double Wanted = 0.9;

    /// <summary>How probable each kind must be to belong to an answer's set.</summary>
    public IReadOnlyList<float>? Least { get; init; }

    /// <summary>How far around a predicted number.</summary>
    public double? Margin { get; init; }

    public static Coverage OfKinds(int[] truth, float[] probabilities, int kinds) => new(Wanted) { Least = Conformal.LeastProbabilities(truth, probabilities, kinds, Wanted) };

    /// <param name="errors">Of the rows held back to choose by. Of too few nothing can be said.</param>
    public static Coverage? OfNumbers(double[] errors) => Conformal.Margin(errors, Wanted) is var margin && double.IsFinite(margin) ? new(Wanted) { Margin = margin } : null;
}
