namespace Steward.Statistics;

/// <summary>How far two ways of naming the same things agree beyond chance.</summary>
public static class CohensKappa
{
    /// <summary>
    /// Cohen's kappa (1960): 1 for full agreement, 0 for what chance would give with the same shares. Where chance alone agrees
    /// fully (both always say the same one name), 1.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or nothing is named.</exception>
    public static double Of<T>(IReadOnlyList<T> first, IReadOnlyList<T> second) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Check.SameLength(first.Count, second.Count);
        if (first.Count == 0)
            throw new ArgumentException("Nothing is named.");
        double n = first.Count;
        var agreed = first.Zip(second).Count(pair => EqualityComparer<T>.Default.Equals(pair.First, pair.Second)) / n;
        var shares = second.CountBy(name => name).ToDictionary(share => share.Key, share => share.Value / n);
        var chance = first.CountBy(name => name).Sum(share => share.Value / n * shares.GetValueOrDefault(share.Key));
        return chance >= 1 ? 1 : (agreed - chance) / (1 - chance);
    }
}
