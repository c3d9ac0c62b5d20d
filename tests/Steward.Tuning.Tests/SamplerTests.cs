namespace Steward.Tuning.Tests;

/// <summary>Searches with a budget of 100 trials, over 20 seeds.</summary>
public class SamplerTests
{
    private const int Trials = 100;

    private static readonly int[] Seeds = [.. Enumerable.Range(0, 20)];

    /// <param name="most">How much of what random search leaves above the least value TPE may leave, by the medians over the seeds.</param>
    [Theory]
    [InlineData("sphere", 0.25)]
    [InlineData("rosenbrock", 0.6)]
    [InlineData("branin", 0.4)]
    [InlineData("hartmann6", 0.5)]
    [InlineData("noisy sphere", 0.4)]
    [InlineData("mixed", 0.2)]
    public void Tpe_comes_nearer_to_the_least_value_than_chance(string function, double most)
    {
        var benchmark = Benchmark.All.Single(one => one.Name == function);
        var (random, tpe) = (Median(benchmark, seed => new RandomSampler(benchmark.Space, seed)), Median(benchmark, seed => new TpeSampler(benchmark.Space, seed)));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{function}: random {random:0.####}, tpe {tpe:0.####}"));
        Assert.InRange(tpe, 0, most * random);
    }

    [Fact]
    public void The_least_values_are_where_the_literature_says()
    {
        var chance = new Random(1);
        Assert.Equal(0, Benchmark.Rosenbrock.Regret([1, 1], chance), 1e-12);
        Assert.Equal(0, Benchmark.Branin.Regret([Math.PI, 2.275], chance), 1e-5);
        Assert.Equal(0, Benchmark.Hartmann.Regret([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573], chance), 1e-5);
    }

    [Fact]
    public void The_same_seed_asks_for_the_same_points_also_after_a_stop()
    {
        var (space, whole) = (Benchmark.Mixed.Space, new List<Trial>());
        for (var number = 0; number < 40; number++)
            whole.Add(Tried(new TpeSampler(space, 7).Next(number, whole)));
        var again = whole.Take(25).ToList();
        for (var number = 25; number < 40; number++)
            again.Add(Tried(new TpeSampler(space, 7).Next(number, again)));
        Assert.Equal(whole.Select(trial => trial.Point), again.Select(trial => trial.Point));
        Assert.NotEqual(whole[0].Point, new TpeSampler(space, 8).Next(0, []));

        static Trial Tried(double[] point) => new(point, Benchmark.Mixed.Regret(point, new Random(1)));
    }

    [Fact]
    public void Every_point_lies_within_its_space()
    {
        foreach (var benchmark in Benchmark.All)
            foreach (ISampler sampler in new ISampler[] { new RandomSampler(benchmark.Space, 3), new TpeSampler(benchmark.Space, 3) })
            {
                var told = new List<Trial>();
                for (var number = 0; number < 50; number++)
                {
                    var point = sampler.Next(number, told);
                    Assert.All(benchmark.Space.Zip(point), one => Assert.True(one.First.Has(one.Second), $"{one.First} {one.Second}"));
                    // One in five comes to no number at all, and is learned from as the worst.
                    told.Add(new(point, number % 5 == 0 ? double.NaN : number));
                }
            }
    }

    [Fact]
    public void Random_search_spends_as_much_on_each_factor_of_ten()
    {
        var sampler = new RandomSampler([new Between("rate", 1e-4, 1, Log: true), new Between("n", 1, 4, Whole: true)], 5);
        var points = Enumerable.Range(0, 4000).Select(number => sampler.Next(number, [])).ToList();
        Assert.All(Enumerable.Range(-4, 4), power => Assert.InRange(points.Count(point => point[0] >= Math.Pow(10, power) && point[0] < Math.Pow(10, power + 1)), 900, 1100));
        Assert.All(Enumerable.Range(1, 4), n => Assert.InRange(points.Count(point => point[1] == n), 900, 1100));
    }

    private static double Median(Benchmark benchmark, Func<int, ISampler> sampler) => Seeds.Select(seed => benchmark.Best(sampler(seed), Trials, seed)).Order().ElementAt(Seeds.Length / 2);
}
