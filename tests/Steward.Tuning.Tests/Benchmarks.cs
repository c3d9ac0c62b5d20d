namespace Steward.Tuning.Tests;

/// <summary>Functions that searches are measured on (Surjanovic and Bingham, Virtual Library of Simulation Experiments): a space, and how far above the least value a point is.</summary>
internal sealed record Benchmark(string Name, IReadOnlyList<Parameter> Space, Func<double[], Random, double> Regret)
{
    private static readonly double[,] HartmannA =
    {
        { 10, 3, 17, 3.5, 1.7, 8 }, { 0.05, 10, 17, 0.1, 8, 14 }, { 3, 3.5, 1.7, 10, 17, 8 }, { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] HartmannP =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 }, { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 }, { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    private static readonly double[] HartmannC = [1, 1.2, 3, 3.2];

    public static Benchmark Sphere { get; } = new("sphere", Cube(5, -5, 5), (x, _) => x.Sum(v => v * v));

    public static Benchmark Rosenbrock { get; } = new("rosenbrock", Cube(2, -2, 2), (x, _) => (100 * Math.Pow(x[1] - (x[0] * x[0]), 2)) + Math.Pow(1 - x[0], 2));

    public static Benchmark Branin { get; } = new("branin", [new Between("x", -5, 10), new Between("y", 0, 15)], (x, _) => BraninAt(x[0], x[1]) - 0.397887);

    public static Benchmark Hartmann { get; } = new("hartmann6", Cube(6, 0, 1), (x, _) => 3.32237 - Enumerable.Range(0, 4).Sum(i => HartmannC[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => HartmannA[i, j] * Math.Pow(x[j] - HartmannP[i, j], 2)))));

    /// <summary>The sphere seen through noise as large as a step of the last parameter; told is what was seen.</summary>
    public static Benchmark Noisy { get; } = new("noisy sphere", Cube(3, -5, 5), (x, chance) => x.Sum(v => v * v) + (2 * chance.NextDouble()));

    /// <summary>As searches of trainers are: a rate by factors, whole numbers, a choice.</summary>
    public static Benchmark Mixed { get; } = new("mixed",
        [new Between("rate", 1e-5, 1, Log: true), new Between("leaves", 2, 512, Whole: true, Log: true), new Between("depth", 1, 12, Whole: true), new Choice("kind", [0, 1, 2, 3])],
        (x, _) => Math.Pow(Math.Log10(x[0]) + 2, 2) + Math.Pow(Math.Log2(x[1]) - 5, 2) + (0.2 * Math.Pow(x[2] - 6, 2)) + (x[3] == 2 ? 0 : 2));

    public static IReadOnlyList<Benchmark> All { get; } = [Sphere, Rosenbrock, Branin, Hartmann, Noisy, Mixed];

    /// <summary>What is the best after some trials.</summary>
    public double Best(ISampler sampler, int trials, int seed)
    {
        var (told, chance) = (new List<Trial>(), new Random(seed));
        for (var number = 0; number < trials; number++)
        {
            var point = sampler.Next(number, told);
            told.Add(new(point, Regret(point, chance)));
        }
        return told.Min(trial => trial.Loss);
    }

    private static double BraninAt(double x, double y) => Math.Pow(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6, 2) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;

    private static IReadOnlyList<Parameter> Cube(int dimensions, double low, double high) => [.. Enumerable.Range(0, dimensions).Select(i => new Between($"x{i}", low, high))];
}
