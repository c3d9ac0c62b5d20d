using CsCheck;

namespace Steward.Stories.Tests;

public class NaturalFrequencyTests
{
    private static readonly Gen<Better> Directions = Gen.OneOf<Better>(Better.Higher, Better.Lower);
    private static readonly Gen<double> Shares = Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 400].Select(right => right / 400.0), Gen.Double[0, 0.003], Gen.Double[0.997, 1]);

    [Theory]
    [InlineData(10, "0.9 0.8", "9 8")]
    [InlineData(10, "0.92 0.5", "9 5")]
    [InlineData(20, "0.96 0.545 0.925", "19 11 18")]
    [InlineData(20, "0.8 0.65", "16 13")]
    [InlineData(100, "0.99 0.5", "99 50")]
    [InlineData(100, "0.001", "1")]
    [InlineData(10, "1 0 0.5", "10 0 5")]
    public void Shares_that_are_compared_get_the_smallest_number_that_tells_them_all(int of, string shares, string counts)
    {
        var told = NaturalFrequency.Tell([.. shares.Split(' ').Select(Double)], Better.Higher);
        Assert.Equal((of, counts), (told.Of, string.Join(' ', told.Counts)));
    }

    [Fact]
    public void Each_count_is_within_two_and_a_half_points_and_all_have_one_number_below() => Gen.Select(Shares.List[1, 5], Directions).Sample((shares, better) =>
    {
        var told = NaturalFrequency.Tell(shares, better);
        Assert.Contains(told.Of, (int[])[10, 20, 100, 1000]);
        Assert.Equal(shares.Count, told.Counts.Count);
        Assert.All(shares.Zip(told.Counts), pair => Assert.InRange(((double)pair.Second / told.Of) - pair.First, -0.0251, 0.0251));
    });

    [Fact]
    public void No_smaller_number_would_have_served() => Gen.Select(Shares.List[1, 4], Directions).Sample((shares, better) =>
    {
        var told = NaturalFrequency.Tell(shares, better);
        if (told.Of > 10)
            Assert.Throws<ToldTooRoughlyException>(() => NaturalFrequency.Tell(shares, better, told.Of - 1));
    });

    [Fact]
    public void All_and_none_are_said_only_of_all_and_none() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 1_000_000], Directions).Sample((rows, some, better) =>
    {
        var right = some % (rows + 1);
        var told = NaturalFrequency.Tell([(double)right / rows], better);
        Assert.Equal((right == 0, right == rows), (told.Counts[0] == 0, told.Counts[0] == told.Of));
    });

    [Theory]
    [InlineData(0.525, Better.Higher, 10)]
    [InlineData(0.525, Better.Lower, 11)]
    [InlineData(0.5251, Better.Higher, 11)]
    [InlineData(0.5249, Better.Lower, 10)]
    [InlineData(0.925, Better.Higher, 18)]
    [InlineData(0.025, Better.Higher, 1)]
    [InlineData(0.975, Better.Lower, 19)]
    public void A_half_falls_against_the_good_news(double share, Better better, int of20) => Assert.Equal(of20, NaturalFrequency.Nearest(share, 20, better));

    [Fact]
    public void A_higher_share_is_never_told_as_a_lower_count() => Gen.Select(Shares, Shares, Directions, Gen.OneOf<int>(10, 20, 100, 1000)).Sample((one, other, better, of) =>
        Assert.True(Math.Sign(one.CompareTo(other)) * Math.Sign(NaturalFrequency.Nearest(one, of, better) - NaturalFrequency.Nearest(other, of, better)) >= 0));

    [Theory]
    [InlineData(0.993, "A share of 99.3 % cannot be told out of 20: 19 out of 20 is 4.3 points off, and 20 out of 20 would say all.")]
    [InlineData(0.004, "A share of 0.4 % cannot be told out of 20: 1 out of 20 is 4.6 points off, and 0 out of 20 would say none.")]
    public void A_share_too_near_to_all_or_none_is_refused_with_the_reason(double share, string why)
        => Assert.Equal(why, Assert.Throws<ToldTooRoughlyException>(() => NaturalFrequency.Tell([0.5, share], Better.Higher, atMost: 20)).Message);

    [Theory]
    [InlineData(63)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void What_is_no_share_is_not_told(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => NaturalFrequency.Tell([0.5, value], Better.Higher));

    private static double Double(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
