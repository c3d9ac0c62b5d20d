namespace Steward.Statistics.Tests;

public class ProbabilityScoresTests
{
    // Four rows of three classes; the shares are exact in binary, so the fractions below are exact too.
    private static readonly int[] Truth = [0, 1, 2, 1];
    private static readonly float[] Probabilities =
    [
        0.5f, 0.25f, 0.25f,
        0.125f, 0.75f, 0.125f,
        0.5f, 0.25f, 0.25f,
        0.25f, 0.75f, 0,
    ];

    [Fact]
    public void Log_loss_is_the_mean_surprise_in_nats() =>
        Close.To((Math.Log(2) + 2 * Math.Log(4 / 3.0) + Math.Log(4)) / 4, ProbabilityScores.LogLoss(Truth, Probabilities, 3));

    [Fact]
    public void A_confident_mistake_costs_a_clipped_amount() =>
        Close.To(23 * Math.Log(2), ProbabilityScores.LogLoss([1], [1, 0], 2));

    [Fact]
    public void Brier_adds_squared_misses_over_classes() => // 3/8, 3/32, 7/8 and 1/8
        Close.To((3 / 8.0 + 3 / 32.0 + 7 / 8.0 + 1 / 8.0) / 4, ProbabilityScores.Brier(Truth, Probabilities, 3));

    [Fact]
    public void Calibration_error_weighs_each_bins_gap() => // bin of 0.5: 1 of 2 right, gap 0; bin of 0.75: 2 of 2 right, gap 1/4
        Close.To(1 / 8.0, ProbabilityScores.CalibrationError(Truth, Probabilities, 3));

    [Fact]
    public void A_confidence_on_an_edge_belongs_to_the_bin_below()
    {
        // 0.5 and 0.375 with two bins share the lower one, where surplus and deficit cancel: |(1-0.5) + (0-0.375)| / 2.
        float[] shares = [0.5f, 0.25f, 0.25f, 0.375f, 0.3125f, 0.3125f];
        Close.To(0.0625, ProbabilityScores.CalibrationError([0, 1], shares, 3, bins: 2));
        Close.To(0.4375, ProbabilityScores.CalibrationError([0, 1], shares, 3, bins: 10));
    }

    [Fact]
    public void A_tie_is_answered_with_the_lowest_class() => Assert.Equal(1, ProbabilityScores.Answer([0.2f, 0.4f, 0.4f]));
}
