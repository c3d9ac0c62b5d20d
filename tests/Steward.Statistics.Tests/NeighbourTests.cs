namespace Steward.Statistics.Tests;

/// <summary>Heaps that are no round clouds, and distances that ignore what does not matter.</summary>
public class NeighbourTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_rings_one_inside_the_other_come_apart_by_their_neighbours_and_not_by_their_middles()
    {
        var truth = Enumerable.Range(0, 60).Select(i => i % 2).ToArray();
        var rows = truth.Select((ring, i) => new[] { (1f + (3 * ring)) * MathF.Cos(i * 0.31f), (1f + (3 * ring)) * MathF.Sin(i * 0.31f) }).ToList();
        var placed = SpectralEmbedding.Of(rows, 2, 8, new Random(1), Stop);
        Assert.Equal(1, AdjustedRand.Index(truth, KMeans.Of([.. placed.SelectMany(row => row)], 2, 2, new Random(1)).Labels));
        Assert.InRange(AdjustedRand.Index(truth, KMeans.Of([.. rows.SelectMany(row => row)], 2, 2, new Random(1)).Labels), -1, 0.2);
    }

    [Fact]
    public void What_differs_between_views_of_the_same_thing_counts_little_afterwards()
    {
        var random = new Random(3);
        float Chance(float size) => (random.NextSingle() - 0.5f) * size;
        // The first number says which of two things it is, the second is loud and says nothing.
        var groups = Enumerable.Range(0, 60).Select(i => Enumerable.Range(0, 4).Select(_ => new[] { (i % 2) + Chance(0.2f), Chance(20) }).ToArray()).ToList();
        var whitening = WithinWhitening.Of(groups, 0.01);
        var truth = groups.SelectMany((group, i) => group.Select(_ => i % 2)).ToArray();
        int[] Found(Func<float[], float[]> seen) => KMeans.Of([.. groups.SelectMany(group => group).SelectMany(seen)], 2, 2, new Random(1)).Labels;
        Assert.InRange(AdjustedRand.Index(truth, Found(row => row)), -0.1, 0.1);
        Assert.InRange(AdjustedRand.Index(truth, Found(row => whitening.Whiten(row))), 0.9, 1);
    }

    [Fact]
    public void Short_rows_keep_the_distances_that_there_are()
    {
        // All lie in a plane of eight dimensions.
        var random = new Random(5);
        var rows = Enumerable.Range(0, 40).Select(_ => (A: random.NextSingle(), B: random.NextSingle())).Select(at => Enumerable.Range(0, 8).Select(d => (at.A * d) + (at.B * (d % 3))).ToArray()).ToList();
        var axes = PrincipalComponents.Of(rows, 5, new Random(1));
        Assert.Equal(2, axes.Dimensions);
        var (one, other) = (axes.Shorten(rows[0]), axes.Shorten(rows[1]));
        Close.To(Far(rows[0], rows[1]), Far(one, other), 1e-4);
    }

    [Fact]
    public void Rows_that_are_all_alike_do_no_harm()
    {
        var alike = Enumerable.Range(0, 5).Select(_ => new float[] { 1, 2, 3 }).ToList();
        Assert.Equal(1, PrincipalComponents.Of(alike, 3, new Random(1)).Dimensions);
        Assert.All(SpectralEmbedding.Of(alike, 3, 10, new Random(1), Stop), row => Assert.All(row, value => Assert.True(float.IsFinite(value))));
        Assert.All(WithinWhitening.Of([[.. alike]], 0.3).Whiten([1, 2, 3]), value => Assert.True(float.IsFinite(value)));
    }

    private static double Far(float[] one, float[] other) => Math.Sqrt(one.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum());
}
