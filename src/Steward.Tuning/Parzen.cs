namespace Steward.Tuning;

/// <summary>
/// A density made of a bump around each point and one wide bump over everything, so that nothing is ever ruled out. Widths shrink
/// with the number of points as n^(-1/(d+4)) (Scott 1992), from a fifth of the range, and never below a hundredth of it.
/// </summary>
internal sealed class Parzen
{
    private const double Widest = 0.2;

    // The newest of so many points count in full, older ones ever less.
    private const int Fresh = 25;

    private readonly IReadOnlyList<Parameter> _space;
    private readonly IReadOnlyList<double[]> _points;
    private readonly double[] _weights;

    public Parzen(IReadOnlyList<Parameter> space, IReadOnlyList<double[]> points)
    {
        (_space, _points) = (space, points);
        var old = Math.Max(0, points.Count - Fresh);
        double[] raw = [.. Enumerable.Range(0, points.Count).Select(i => i >= old ? 1 : old == 1 ? 1.0 / points.Count : (1.0 / points.Count) + ((1 - (1.0 / points.Count)) * i / (old - 1))), 1];
        var sum = raw.Sum();
        _weights = [.. raw.Select(weight => weight / sum)];
    }

    private double Share => Math.Max(Widest * Math.Pow(Math.Max(1, _points.Count), -1.0 / (_space.Count + 4)), 1.0 / Math.Min(100, 1 + _points.Count));

    public double[] Draw(Random chance)
    {
        var (left, bump) = (chance.NextDouble(), 0);
        while (bump < _points.Count && (left -= _weights[bump]) > 0)
            bump++;
        return [.. _space.Select((parameter, d) => parameter switch
        {
            Between between => DrawBetween(between, bump, d, chance),
            Choice choice => DrawChoice(choice, bump, d, chance),
            _ => throw new NotSupportedException(),
        })];
    }

    public double LogDensity(double[] point)
    {
        Span<double> logs = stackalloc double[_weights.Length];
        for (var bump = 0; bump < logs.Length; bump++)
        {
            logs[bump] = Math.Log(_weights[bump]);
            for (var d = 0; d < _space.Count; d++)
                logs[bump] += _space[d] switch
                {
                    Between between => LogBetween(between, bump, d, point[d]),
                    Choice choice => Math.Log(Chances(choice, bump, d)[choice.Place(point[d])]),
                    _ => throw new NotSupportedException(),
                };
        }
        var (most, sum) = (double.NegativeInfinity, 0.0);
        foreach (var log in logs)
            most = Math.Max(most, log);
        foreach (var log in logs)
            sum += Math.Exp(log - most);
        return most + Math.Log(sum);
    }

    private (double Middle, double Width) Bump(Between between, int bump, int d) => bump == _points.Count
        ? ((between.From + between.To) / 2, between.To - between.From)
        : (between.Scaled(_points[bump][d]), Share * (between.To - between.From));

    private double DrawBetween(Between between, int bump, int d, Random chance)
    {
        var (middle, width) = Bump(between, bump, d);
        // The middle lies between the ends, so at least one in three lands there, too.
        double at;
        do
            at = middle + (width * Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble()));
        while (at < between.From || at > between.To);
        return between.Back(at);
    }

    private double LogBetween(Between between, int bump, int d, double value)
    {
        var (middle, width) = Bump(between, bump, d);
        var z = (between.Scaled(value) - middle) / width;
        return (-0.5 * z * z) - Math.Log(width) - Math.Log(Below((between.To - middle) / width) - Below((between.From - middle) / width));
    }

    private double DrawChoice(Choice choice, int bump, int d, Random chance)
    {
        var (chances, left, place) = (Chances(choice, bump, d), chance.NextDouble(), 0);
        while (place < chances.Length - 1 && (left -= chances[place]) > 0)
            place++;
        return choice.Values[place];
    }

    private double[] Chances(Choice choice, int bump, int d)
    {
        var chances = new double[choice.Values.Count];
        if (bump == _points.Count)
        {
            Array.Fill(chances, 1.0 / chances.Length);
            return chances;
        }
        var each = 1.0 / _weights.Length;
        Array.Fill(chances, each / (1 + (each * chances.Length)));
        chances[choice.Place(_points[bump][d])] += 1 / (1 + (each * chances.Length));
        return chances;
    }

    /// <summary>The share of a normal distribution below a value, right to 1e-7 (Abramowitz and Stegun 26.2.17).</summary>
    private static double Below(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z >= 0 ? 1 - tail : tail;
    }
}
