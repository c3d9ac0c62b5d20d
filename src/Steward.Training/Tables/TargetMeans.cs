namespace Steward.Training;

/// <summary>What is to be learned, row by row, as numbers: one per row, or one per class but the last (1 for the row's class).</summary>
/// <param name="Values">Rows times <paramref name="Width"/>.</param>
public sealed record Target(float[] Values, int Width)
{
    public int Rows => Values.Length / Width;
}

/// <summary>Means of the target per word. While training, a row's mean is of rows of other folds: its own target must not stand in its features.</summary>
internal static class TargetMeans
{
    private const int Folds = 5;

    /// <param name="seen">The words (as codes of the column) to keep.</param>
    public static MeansFeature Learn(TextColumn column, int[] seen, Target target)
    {
        var means = Of(column, target, _ => true);
        return new(column.Name, [.. seen.Select(code => column.Words[code])], [.. seen.Select(code => means[code])], means[^1]);
    }

    /// <summary>Writes into the features of the rows that are trained on what the other folds say.</summary>
    /// <param name="matrix">Features of the same rows.</param>
    /// <param name="first">The first column of the feature.</param>
    public static void OutOfFold(TextColumn column, Target target, Matrix matrix, int first, int seed)
    {
        var chance = new Random(seed);
        var folds = new int[column.Count];
        for (var row = 0; row < folds.Length; row++)
            folds[row] = chance.Next(Folds);
        for (var fold = 0; fold < Folds; fold++)
        {
            var means = Of(column, target, row => folds[row] != fold);
            for (var row = 0; row < folds.Length; row++)
                if (folds[row] == fold)
                    means[column.Codes[row] < 0 ? ^1 : column.Codes[row]].CopyTo(matrix.Row(row)[first..]);
        }
    }

    /// <summary>A row per word, and the mean of all as the last.</summary>
    private static float[][] Of(TextColumn column, Target target, Func<int, bool> counts)
    {
        var (width, words) = (target.Width, column.Words.Count);
        var (sums, rows, all, total) = (new double[words * width], new int[words], new double[width], 0);
        for (var row = 0; row < column.Count; row++)
        {
            if (!counts(row))
                continue;
            total++;
            if (column.Codes[row] >= 0)
                rows[column.Codes[row]]++;
            for (var k = 0; k < width; k++)
            {
                all[k] += target.Values[(row * width) + k];
                if (column.Codes[row] >= 0)
                    sums[(column.Codes[row] * width) + k] += target.Values[(row * width) + k];
            }
        }
        var means = new float[words + 1][];
        for (var word = 0; word <= words; word++)
            means[word] = [.. Enumerable.Range(0, width).Select(k =>
            {
                var overall = all[k] / Math.Max(1, total);
                return (float)(word == words ? overall : (sums[(word * width) + k] + (MeansFeature.Prior * overall)) / (rows[word] + MeansFeature.Prior));
            })];
        return means;
    }
}
