namespace Steward.Training;

/// <summary>Finds columns that tell the target by themselves: mostly the target under another name, or something known only afterwards.</summary>
internal static class LeakCheck
{
    // Fewer rows agree by chance.
    private const int Fewest = 30;

    private const double Nearly = 0.9999;

    /// <summary>Why the column is too good to be true; null when it is not.</summary>
    public static string? Of(Column column, double[] target) => column switch
    {
        NumberColumn number => Correlation(number.Values, target) is > Nearly and var r ? $"goes along with it in {r:P2} of its variation" : null,
        TextColumn text => Explained(text, target) is > Nearly and var share ? $"explains {share:P2} of its variation, word by word" : null,
        _ => null,
    };

    /// <param name="kinds">One class per row.</param>
    /// <param name="count">How many classes there are.</param>
    public static string? Of(Column column, int[] kinds, int count) => column switch
    {
        NumberColumn number => Separates(number.Values, kinds, count) ? "separates its classes without one overlap" : null,
        TextColumn text => Purity(text, kinds) is > Nearly and var share ? $"names its class in {share:P2} of the rows" : null,
        _ => null,
    };

    /// <summary>r² over the rows where both are known.</summary>
    private static double Correlation(double[] x, double[] y)
    {
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(row => double.IsFinite(x[row]))];
        if (rows.Length < Fewest)
            return 0;
        var (mx, my) = (rows.Average(row => x[row]), rows.Average(row => y[row]));
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        foreach (var row in rows)
            (xx, yy, xy) = (xx + ((x[row] - mx) * (x[row] - mx)), yy + ((y[row] - my) * (y[row] - my)), xy + ((x[row] - mx) * (y[row] - my)));
        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    }

    private static double Explained(TextColumn text, double[] target)
    {
        if (!SaysKinds(text))
            return 0;
        var mean = target.Average();
        var groups = Enumerable.Range(0, text.Count).GroupBy(row => text.Codes[row]).Select(group => group.Select(row => target[row]).ToArray()).ToList();
        var total = target.Sum(y => (y - mean) * (y - mean));
        return total > 0 ? groups.Sum(group => group.Length * (group.Average() - mean) * (group.Average() - mean)) / total : 0;
    }

    private static double Purity(TextColumn text, int[] kinds) => SaysKinds(text)
        ? Enumerable.Range(0, text.Count).GroupBy(row => text.Codes[row]).Sum(group => group.CountBy(row => kinds[row]).Max(kind => kind.Value)) / (double)text.Count
        : 0;

    /// <summary>A word that is there once or twice agrees with anything.</summary>
    private static bool SaysKinds(TextColumn text) => text.Count >= Fewest && text.Codes.Distinct().Count() * 5 <= text.Count;

    private static bool Separates(double[] x, int[] kinds, int count)
    {
        int[] rows = [.. Enumerable.Range(0, x.Length).Where(row => double.IsFinite(x[row])).OrderBy(row => x[row])];
        if (rows.Length < Fewest || rows.Length < Nearly * x.Length || rows.DistinctBy(row => kinds[row]).Count() < Math.Max(2, count))
            return false;
        var runs = 1;
        for (var i = 1; i < rows.Length; i++)
            if (kinds[rows[i]] != kinds[rows[i - 1]])
                // Equal values of two classes overlap.
                if (x[rows[i]] == x[rows[i - 1]] || ++runs > count)
                    return false;
        return true;
    }
}
