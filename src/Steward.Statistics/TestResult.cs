namespace Steward.Statistics;

/// <summary>What a test of "both samples come from the same distribution" found.</summary>
/// <param name="Statistic">The test's own measure of how far they are apart.</param>
/// <param name="PValue">How probable a statistic at least as large is when nothing changed, 0..1.</param>
public readonly record struct TestResult(double Statistic, double PValue);
