namespace Steward.Statistics;

/// <summary>Row count, mean and scatter Σ (x - mean)(x - mean)ᵀ of a table of features; two of them can be joined.</summary>
internal sealed record Moments(int Rows, double[] Mean, double[][] Scatter)
{
    public static Moments Of(double[][] rows)
    {
        var width = rows[0].Length;
        var mean = new double[width];
        foreach (var row in rows)
            for (var i = 0; i < width; i++) mean[i] += row[i] / rows.Length;
        var scatter = Enumerable.Range(0, width).Select(_ => new double[width]).ToArray();
        var off = new double[width];
        foreach (var row in rows)
        {
            for (var i = 0; i < width; i++) off[i] = row[i] - mean[i];
            for (var i = 0; i < width; i++)
                for (var j = 0; j < width; j++) scatter[i][j] += off[i] * off[j];
        }
        return new(rows.Length, mean, scatter);
    }

    /// <summary>
    /// Hotelling's two-sample measure with the covariance of both samples together: nm/(n+m) · dᵀ S⁻¹ d, d being the
    /// difference of means. Against the usual within-covariance it is a monotone change of scale, but its mean under
    /// relabelling is exactly the number of features, however few rows there are.
    /// </summary>
    public double Shift(Moments other)
    {
        double n = Rows, m = other.Rows, weight = n * m / (n + m);
        var difference = Mean.Zip(other.Mean, (a, b) => a - b).ToArray();
        var joint = new double[Mean.Length][];
        for (var i = 0; i < joint.Length; i++)
        {
            joint[i] = new double[Mean.Length];
            for (var j = 0; j < joint.Length; j++)
                joint[i][j] = (Scatter[i][j] + other.Scatter[i][j] + weight * difference[i] * difference[j]) / (n + m - 1);
        }
        Root(joint).Whiten(difference);
        return weight * difference.Sum(v => v * v);
    }

    public Cholesky Root() => Root([.. Scatter.Select(row => row.Select(v => v / (Rows - 1)).ToArray())]);

    // Features are in units of about one standard deviation; the root of this is far below what a float embedding resolves.
    private static Cholesky Root(double[][] covariance) => new(covariance, 1e-10);
}
