namespace Steward;

/// <summary>How long to wait before the next try: 1 s, doubled with every try up to 5 min, less up to a quarter by chance so that many do not come back at once.</summary>
public sealed class Backoff(Random chance)
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);
    private readonly Lock _one = new();

    /// <param name="tries">How many have failed, from 1.</param>
    public TimeSpan After(int tries)
    {
        var whole = TimeSpan.FromSeconds(Math.Min(Most.TotalSeconds, Math.Pow(2, Math.Clamp(tries, 1, 20) - 1)));
        lock (_one)
            return whole * (1 - chance.NextDouble() / 4);
    }
}
