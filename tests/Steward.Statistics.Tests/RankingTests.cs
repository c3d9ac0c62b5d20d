namespace Steward.Statistics.Tests;

/// <summary>What ranked lists are worth, on cases small enough to work out by hand.</summary>
public class RankingTests
{
    private static readonly double[] Gains = [0, 1, 0, 1, 0];

    [Fact]
    public void The_precision_at_each_hit_is_averaged_over_the_hits_there_could_be()
        => Assert.Equal(((1 / 2.0) + (2 / 4.0)) / 3, RankingScores.AveragePrecision(Gains, wanted: 3, k: 5), 1e-12);

    [Fact]
    public void Of_more_wanted_things_than_places_only_the_places_count()
        => Assert.Equal(1 / 2.0 / 2, RankingScores.AveragePrecision(Gains, wanted: 3, k: 2), 1e-12);

    [Fact]
    public void Recall_counts_what_is_found_among_what_is_wanted() => Assert.Equal(1 / 4.0, RankingScores.Recall(Gains, wanted: 4, k: 3));

    [Fact]
    public void Coverage_counts_each_thing_once() => Assert.Equal(3 / 10.0, RankingScores.Coverage([[1, 2, 9], [2, 1, 8], [3, 1, 7]], things: 10, k: 2));

    [Fact]
    public void What_half_of_the_people_know_is_one_bit_of_news_and_what_nobody_knew_counts_as_known_to_one()
        => Assert.Equal((1.0 + 3.0) / 2, RankingScores.Novelty([0, 1, 2], [4, 0, 8], people: 8, k: 2), 1e-12);

    [Fact]
    public void A_list_of_nothing_wanted_is_worth_nothing()
    {
        Assert.Equal(0, RankingScores.Ndcg([0, 0], [0, 0], 2));
        Assert.Equal(0, RankingScores.AveragePrecision([0, 0], 0, 2));
        Assert.Equal(0, RankingScores.Recall([0, 0], 0, 2));
    }

    [Fact]
    public void A_series_within_its_first_season_has_nothing_to_be_compared_with()
        => Assert.Throws<ArgumentException>(() => ForecastScores.SeasonalScale([1, 2, 3], 3));
}
