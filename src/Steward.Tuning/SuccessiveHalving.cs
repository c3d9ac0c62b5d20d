namespace Steward.Tuning;

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016; the brackets of Hyperband, Li et al. 2018) in the asynchronous form (ASHA, Li
/// et al., "A system for massively parallel hyperparameter tuning", 2020) that stops trials instead of waiting with them: after each
/// rung a trial goes on while it is in the best 1/factor of all that came so far.
/// </summary>
public sealed class SuccessiveHalving
{
    private readonly int _factor;
    private readonly Dictionary<int, List<double>> _came = [];

    /// <param name="least">What every trial may spend: epochs, trees.</param>
    /// <param name="most">What the best may spend.</param>
    /// <param name="factor">How many times more each rung is than the one before.</param>
    public SuccessiveHalving(int least, int most, int factor)
    {
        if (least < 1 || most < least || factor < 2)
            throw new ArgumentException("The least is at least 1, the most at least as much, the factor at least 2.");
        _factor = factor;
        var rungs = new List<int>();
        for (long rung = least; rung < most; rung *= factor)
            rungs.Add((int)rung);
        Rungs = [.. rungs, most];
    }

    /// <summary>What is spent in all after each rung; the last is the most.</summary>
    public IReadOnlyList<int> Rungs { get; }

    /// <summary>Notes what a trial came to at a rung, and says whether it goes on.</summary>
    /// <param name="loss">Less is better; NaN never goes on.</param>
    public bool GoesOn(int rung, double loss)
    {
        if (!Rungs.Contains(rung))
            throw new ArgumentException($"{rung} is no rung.", nameof(rung));
        if (double.IsNaN(loss))
            return false;
        var came = _came.TryGetValue(rung, out var others) ? others : _came[rung] = [];
        came.Add(loss);
        return rung != Rungs[^1] && loss <= came.Order().ElementAt(Math.Max(1, came.Count / _factor) - 1);
    }
}
