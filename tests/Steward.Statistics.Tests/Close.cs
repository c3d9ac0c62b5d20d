namespace Steward.Statistics.Tests;

internal static class Close
{
    /// <summary>Equal to a relative tolerance, which also means something for a p-value of 1e-41.</summary>
    public static void To(double expected, double actual, double relative = 1e-9) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), 1e-300), $"expected {expected:R}, got {actual:R}");
}
