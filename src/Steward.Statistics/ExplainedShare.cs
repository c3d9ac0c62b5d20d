namespace Steward.Statistics;

/// <summary>How much of a number's spread goes with a grouping: 0 is none of it, 1 all of it.</summary>
public static class ExplainedShare
{
    /// <summary>
    /// Epsilon squared (Kelley 1935): the correlation ratio less what as many groups would explain by chance, so that a
    /// grouping that says nothing is near 0 however few values there are; at least 0.
    /// </summary>
    /// <param name="groups">The group of each value.</param>
    /// <param name="values">Finite numbers, as many as groups.</param>
    /// <returns>NaN when every value is a group of its own or all values are equal: nothing can be said then.</returns>
    public static double Of<TGroup>(IReadOnlyList<TGroup> groups, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(values);
        if (groups.Count != values.Count)
            throw new ArgumentException($"{groups.Count} groups do not fit {values.Count} values.", nameof(groups));
        var means = groups.Zip(values).GroupBy(pair => pair.First, pair => pair.Second).Select(group => (Mean: group.Average(), Values: group.ToList())).ToList();
        if (means.Count == values.Count)
            return double.NaN;
        var mean = values.Average();
        var total = values.Sum(value => (value - mean) * (value - mean));
        var within = means.Sum(group => group.Values.Sum(value => (value - group.Mean) * (value - group.Mean)));
        return total > 0 ? Math.Max(0, 1 - (within / (values.Count - means.Count) / (total / (values.Count - 1)))) : double.NaN;
    }
}
