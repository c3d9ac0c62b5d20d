namespace Steward.Statistics.Tests;

/// <summary>
/// Embeddings as a classifier makes them: five clouds, correlated dimensions and heavy tails, cut off at zero as after a ReLU.
/// </summary>
internal sealed class EmbeddingWorld
{
    private readonly int _dimensions;
    private readonly Random _random;
    private readonly float[][] _centres;
    private readonly float[][] _mixing;

    public EmbeddingWorld(int dimensions, int seed)
    {
        _dimensions = dimensions;
        _random = new Random(1000 + seed);
        _centres = [.. Enumerable.Range(0, 5).Select(_ => Noise(dimensions, 1.5))];
        _mixing = [.. Enumerable.Range(0, 6).Select(_ => Noise(dimensions, 0.8))];
    }

    public float[] Rows(int rows, float shift = 0, float stretch = 1, int? onlyClass = null)
    {
        var table = new float[rows * _dimensions];
        for (var r = 0; r < rows; r++)
        {
            var centre = _centres[onlyClass ?? _random.Next(5)];
            var hidden = Noise(_mixing.Length, 1);
            var tail = stretch * (_random.Next(20) == 0 ? 3f : 1f);
            var own = Noise(_dimensions, 1);
            for (var d = 0; d < _dimensions; d++)
            {
                var value = centre[d] + shift + tail * own[d];
                for (var h = 0; h < hidden.Length; h++) value += stretch * hidden[h] * _mixing[h][d];
                table[r * _dimensions + d] = Math.Max(value, 0);
            }
        }
        return table;
    }

    private float[] Noise(int length, double deviation)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        return values;
    }
}
