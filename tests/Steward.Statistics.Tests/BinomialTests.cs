namespace Steward.Statistics.Tests;

/// <summary>Expected values: the sum of terms in Python's exact fractions.</summary>
public class BinomialTests
{
    [Theory]
    [InlineData(3, 100, 0.01, 0.07937320225218034)]
    [InlineData(12, 40, 0.1, 0.00038083426673634236)]
    [InlineData(1, 3, 0.5, 0.875)]
    [InlineData(60, 100, 0.5, 0.028443966820490395)]
    [InlineData(1100, 2000, 0.5, 4.228544767751963e-06)]
    public void The_tail_is_the_sum_of_its_terms(int hits, int trials, double chance, double expected) =>
        Close.To(expected, Binomial.AtLeast(hits, trials, chance));

    [Fact]
    public void Its_ends_are_certain()
    {
        Assert.Equal(1, Binomial.AtLeast(0, 10, 0.3));
        Assert.Equal(1, Binomial.AtLeast(0, 0, 0));
        Assert.Equal(0, Binomial.AtLeast(1, 10, 0));
        Assert.Equal(1, Binomial.AtLeast(10, 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.AtLeast(11, 10, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.AtLeast(1, 10, double.NaN));
    }
}
