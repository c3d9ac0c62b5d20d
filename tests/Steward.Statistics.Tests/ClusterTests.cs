using CsCheck;

namespace Steward.Statistics.Tests;

public class ClusterTests
{
    [Fact]
    public void Separate_clouds_are_found_again()
    {
        var random = new Random(5);
        float[][] centres = [[0, 0, 0], [8, 0, 0], [0, 8, 0], [0, 0, 8]];
        var truth = Enumerable.Range(0, 200).Select(i => i % 4).ToArray();
        var rows = truth.SelectMany(c => centres[c].Select(v => v + (float)random.NextDouble())).ToArray();
        var found = KMeans.Of(rows, 3, 4, new Random(1));
        Assert.Equal(1, AdjustedRand.Index(truth, found.Labels));
        Assert.Equal([0, 1, 2, 3], found.Medoids.Select(m => found.Labels[m]));
    }

    [Fact]
    public void The_medoid_has_the_least_squared_distance_to_its_cluster()
    {
        float[] rows = [0, 1, 2, 10, 100, 101, 105];
        var found = KMeans.Of(rows, 1, 2, new Random(2));
        // 0, 1, 2, 10 have their mean at 3.25 and 100, 101, 105 at 102.
        Assert.Equal([2, 101], found.Medoids.Select(m => rows[m]).Order());
        Assert.Equal([3.25f, 102f], found.Centres.Select(c => c[0]).Order());
        Close.To(62.75 + 14, found.Inertia, 1e-6);
    }

    [Fact]
    public void A_heavy_row_pulls_its_centre()
    {
        var found = KMeans.Of([0, 4], 1, 1, new Random(1), weights: [3, 1]);
        Assert.Equal(1f, found.Centres[0][0]);
    }

    [Fact]
    public void Fewer_different_rows_give_fewer_clusters() =>
        Assert.Equal(2, KMeans.Of([1, 1, 1, 5, 5], 1, 4, new Random(1)).Centres.Length);

    [Fact]
    public void The_adjusted_Rand_index_equals_the_value_by_hand() =>
        // cells 2,1 | 0,3: pairs 1+3 = 4; rows 3+3 = 6, columns 1+6 = 7, all 15: (4 - 42/15) / (6.5 - 42/15)
        Close.To(1.2 / 3.7, AdjustedRand.Index([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]));

    [Fact]
    public void Renaming_clusters_changes_nothing() => Gen.Int[0, 5].Array[1, 50].Sample(labels =>
        AdjustedRand.Index(labels, [.. labels.Select(l => 7 - 3 * l)]) == 1);
}
