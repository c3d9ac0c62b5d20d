namespace Steward.Statistics;

/// <summary>A symmetric positive matrix as L·Lᵀ, to measure lengths in its own units.</summary>
internal sealed class Cholesky
{
    private readonly double[][] _lower;

    /// <summary>Factors matrix + ridge·I; the ridge keeps a feature that never varies from dividing by zero.</summary>
    public Cholesky(double[][] matrix, double ridge)
    {
        _lower = new double[matrix.Length][];
        for (var i = 0; i < matrix.Length; i++)
        {
            _lower[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i][j] + (i == j ? ridge : 0);
                for (var k = 0; k < j; k++) sum -= _lower[i][k] * _lower[j][k];
                _lower[i][j] = i == j ? Math.Sqrt(Math.Max(sum, ridge * 1e-3)) : sum / _lower[j][j];
            }
        }
    }

    /// <summary>Replaces v by L⁻¹v; its squared length is then vᵀ·matrix⁻¹·v.</summary>
    public void Whiten(Span<double> v)
    {
        for (var i = 0; i < v.Length; i++)
        {
            for (var k = 0; k < i; k++) v[i] -= _lower[i][k] * v[k];
            v[i] /= _lower[i][i];
        }
    }
}
