namespace Steward.Statistics;

/// <summary>
/// How often each true class was answered with each class, and the scores that follow from it. The definitions,
/// and 0 where a quotient has no denominator, are scikit-learn's (precision_recall_fscore_support, zero_division=0).
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    private ConfusionMatrix(int classes) => (Classes, _counts) = (classes, new long[classes * classes]);

    /// <summary>How many classes there are; classes are numbered from 0.</summary>
    public int Classes { get; }

    /// <summary>How many rows were counted.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows whose true class is <paramref name="truth"/> and whose answer was <paramref name="predicted"/>.</summary>
    public long this[int truth, int predicted] => _counts[truth * Classes + predicted];

    /// <summary>Counts all rows: one true and one predicted class number per row.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a class number is outside 0..classes-1.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, int classes)
    {
        Check.SameLength(truth.Length, predicted.Length);
        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < truth.Length; i++) matrix.Count(truth[i], predicted[i]);
        return matrix;
    }

    /// <summary>The same over chosen rows, each as often as it is named: what a bootstrap needs.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a class number is outside 0..classes-1.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, int classes, ReadOnlySpan<int> rows)
    {
        Check.SameLength(truth.Length, predicted.Length);
        var matrix = new ConfusionMatrix(classes);
        foreach (var row in rows) matrix.Count(truth[row], predicted[row]);
        return matrix;
    }

    /// <summary>Share of rows on the diagonal, 0..1; 0 without rows.</summary>
    public double Accuracy
    {
        get
        {
            long hits = 0;
            for (var c = 0; c < Classes; c++) hits += this[c, c];
            return Share(hits, Rows);
        }
    }

    /// <summary>Rows whose true class this is.</summary>
    public long Support(int c)
    {
        long sum = 0;
        for (var p = 0; p < Classes; p++) sum += this[c, p];
        return sum;
    }

    /// <summary>Rows that were answered with this class.</summary>
    public long Predicted(int c)
    {
        long sum = 0;
        for (var t = 0; t < Classes; t++) sum += this[t, c];
        return sum;
    }

    /// <summary>Of the rows answered with this class, the share that is of it; 0 when it was never answered.</summary>
    public double Precision(int c) => Share(this[c, c], Predicted(c));

    /// <summary>Of the rows of this class, the share that was answered with it; 0 when there is no such row.</summary>
    public double Recall(int c) => Share(this[c, c], Support(c));

    /// <summary>2·hits / (true + answered), the harmonic mean of precision and recall; 0 when the class never occurs.</summary>
    public double F1(int c) => Share(2 * this[c, c], Support(c) + Predicted(c));

    /// <summary>Mean precision over the classes that occur in truth or answer (scikit-learn's labels=None).</summary>
    public double MacroPrecision => Macro(Precision);

    /// <summary>Mean recall over the classes that occur in truth or answer.</summary>
    public double MacroRecall => Macro(Recall);

    /// <summary>Mean F1 over the classes that occur in truth or answer; a class that never occurs is left out.</summary>
    public double MacroF1 => Macro(F1);

    /// <summary>Precision of each class, weighted by how many rows are of it.</summary>
    public double WeightedPrecision => Weighted(Precision);

    /// <summary>Recall of each class, weighted by how many rows are of it: the accuracy.</summary>
    public double WeightedRecall => Weighted(Recall);

    /// <summary>F1 of each class, weighted by how many rows are of it.</summary>
    public double WeightedF1 => Weighted(F1);

    private double Weighted(Func<int, double> score) => Rows == 0 ? 0 : Enumerable.Range(0, Classes).Sum(c => Support(c) * score(c)) / Rows;

    private double Macro(Func<int, double> score)
    {
        var present = Enumerable.Range(0, Classes).Where(c => Support(c) + Predicted(c) > 0).ToArray();
        return present.Length == 0 ? 0 : present.Average(score);
    }

    private void Count(int truth, int predicted)
    {
        if ((uint)truth >= (uint)Classes || (uint)predicted >= (uint)Classes)
            throw new ArgumentException($"A class number is outside 0..{Classes - 1}: true {truth}, predicted {predicted}.");
        _counts[truth * Classes + predicted]++;
        Rows++;
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
