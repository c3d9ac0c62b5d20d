using CsCheck;

namespace Steward.Statistics.Tests;

public class DriftLaws
{
    private static readonly Gen<(long[] A, long[] B)> Counts =
        Gen.Int[1, 12].SelectMany(k => Gen.Select(Gen.Long[0, 500].Array[k], Gen.Long[0, 500].Array[k]))
            .Where(pair => pair.Item1.Sum() > 0 && pair.Item2.Sum() > 0);

    private static readonly Gen<(double[] A, double[] B)> Samples = // few distinct values, so ties occur
        Gen.Select(Gen.Int[-9, 9].Select(i => i / 2.0).Array[1, 40], Gen.Int[-9, 12].Select(i => i / 2.0).Array[1, 40]);

    [Fact]
    public void Population_stability_is_never_negative_and_zero_on_equal_shares() => Counts.Sample((a, b) =>
        PopulationStability.Index(a, b) >= -1e-12 && Math.Abs(PopulationStability.Index(a, [.. a.Select(c => 3 * c)])) < 1e-12);

    [Fact]
    public void Jensen_Shannon_is_symmetric_and_at_most_ln_2() => Counts.Sample((a, b) =>
        JensenShannon.Divergence(a, b) is >= 0 and <= 0.6931471805599454
        && Math.Abs(JensenShannon.Divergence(a, b) - JensenShannon.Divergence(b, a)) < 1e-12);

    [Fact]
    public void Hellinger_lies_between_0_and_1() => Counts.Sample((a, b) => Hellinger.Distance(a, b) is >= 0 and <= 1);

    [Fact]
    public void P_values_are_probabilities() => Counts.Sample((a, b) =>
        ChiSquareTest.Of(a, b).PValue is >= 0 and <= 1
        && PopulationStability.PValue(a, b) is >= 0 and <= 1
        && JensenShannon.PValue(a, b) is >= 0 and <= 1);

    [Fact]
    public void Kolmogorov_Smirnov_is_symmetric() => Samples.Sample((a, b) =>
    {
        TestResult there = KolmogorovSmirnov.Of(a, b), back = KolmogorovSmirnov.Of(b, a);
        return there.Statistic == back.Statistic && Math.Abs(there.PValue - back.PValue) < 1e-12 && there.PValue is >= 0 and <= 1;
    });

    [Fact]
    public void F1_lies_between_0_and_1_and_equals_accuracy_where_all_is_right() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4]).Array[1, 60].Sample(rows =>
        {
            int[] truth = [.. rows.Select(r => r.Item1)], answers = [.. rows.Select(r => r.Item2)];
            return ConfusionMatrix.Of(truth, answers, 5).MacroF1 is >= 0 and <= 1
                && ConfusionMatrix.Of(truth, truth, 5) is { MacroF1: 1, Accuracy: 1 };
        });
}
