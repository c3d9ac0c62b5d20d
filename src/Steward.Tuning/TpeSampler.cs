namespace Steward.Tuning;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", 2011):
/// of some points drawn from a density of the good trials, the one where that is largest against the density of the rest. The
/// densities are over all parameters at once (Falkner, Klein and Hutter, "BOHB", 2018), so that what belongs together is found together.
/// </summary>
public sealed class TpeSampler(IReadOnlyList<Parameter> space, int seed) : ISampler
{
    /// <summary>Trials by chance before anything is learned from.</summary>
    public const int Startup = 10;

    // One in ten is good, 25 at most; of 24 candidates the best is tried. The usual settings of hyperopt and Optuna.
    private const double Good = 0.1;

    private const int MostGood = 25, Candidates = 24;

    private readonly RandomSampler _random = new(space, seed);

    public double[] Next(int number, IReadOnlyList<Trial> told)
    {
        if (told.Count < Startup)
            return _random.Next(number, told);
        var order = Enumerable.Range(0, told.Count).OrderBy(i => double.IsNaN(told[i].Loss) ? double.PositiveInfinity : told[i].Loss).ToList();
        var good = order.Take(Math.Min(MostGood, (int)Math.Ceiling(Good * told.Count))).ToHashSet();
        Parzen Density(bool ofGood) => new(space, [.. told.Where((_, i) => good.Contains(i) == ofGood).Select(trial => trial.Point)]);
        var (likely, rest) = (Density(true), Density(false));
        var chance = Chance.Of(seed, number);
        return Enumerable.Range(0, Candidates).Select(_ => likely.Draw(chance)).MaxBy(point => likely.LogDensity(point) - rest.LogDensity(point))!;
    }
}
