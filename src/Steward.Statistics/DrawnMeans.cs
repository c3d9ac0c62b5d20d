namespace Steward.Statistics;

/// <summary>Means of several columns of one table, over the same draws of its rows: figures made of means, and differences of them, share what chance did.</summary>
public sealed class DrawnMeans
{
    private readonly double[] _points;
    private readonly double[][] _draws;

    private DrawnMeans(double[] points, double[][] draws) => (_points, _draws) = (points, draws);

    /// <summary>Draws as many rows as there are, with replacement, <paramref name="rounds"/> times.</summary>
    /// <param name="columns">Each with a value per row.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="rounds">Draws.</param>
    /// <exception cref="ArgumentException">There are no columns or no rows, or their lengths differ.</exception>
    public static DrawnMeans Of(IReadOnlyList<double[]> columns, Random random, int rounds = 1000)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        if (columns.Count == 0 || columns[0].Length == 0) throw new ArgumentException("There are no rows.", nameof(columns));
        foreach (var column in columns) Check.SameLength(columns[0].Length, column.Length);
        var rows = columns[0].Length;
        var draws = new double[rounds][];
        var drawn = new int[rows];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < rows; i++) drawn[i] = random.Next(rows);
            draws[round] = Means(columns, drawn);
        }
        for (var i = 0; i < rows; i++) drawn[i] = i;
        return new(Means(columns, drawn), draws);
    }

    /// <summary>Of a figure that is made of the columns' means, in their order.</summary>
    public Bootstrap Figure(Func<double[], double> figure) => Bootstrap.OfDraws(figure(_points), _draws.Select(figure));

    private static double[] Means(IReadOnlyList<double[]> columns, int[] rows)
    {
        var means = new double[columns.Count];
        for (var c = 0; c < means.Length; c++)
        {
            var (column, sum) = (columns[c], 0.0);
            foreach (var row in rows) sum += column[row];
            means[c] = sum / rows.Length;
        }
        return means;
    }
}
