namespace Steward.Statistics.Tests;

/// <summary>Expected values: closed forms (even degrees of freedom are sums of exp, odd ones use erfc) and C's lgamma.</summary>
public class DistributionTests
{
    [Theory]
    [InlineData(0.1, 2.2527126517342055)]
    [InlineData(0.5, 0.5723649429247004)]
    [InlineData(3.7, 1.4280723266653883)]
    [InlineData(100, 359.1342053695754)]
    [InlineData(1e5, 1051287.7089736566)]
    public void Log_gamma_equals_the_C_library(double x, double expected) => Close.To(expected, GammaFunction.Log(x), 1e-13);

    [Theory]
    [InlineData(10, 1, 0.0015654022580025488)]
    [InlineData(7.5, 3, 0.057558451972636406)]
    [InlineData(6, 6, 0.42319008112684353)]
    [InlineData(100, 2, 1.9287498479639178e-22)]
    [InlineData(200, 10, 1.6139305336977305e-37)]
    public void Chi_square_tails_equal_their_closed_forms(double x, double degrees, double expected) =>
        Close.To(expected, Tails.ChiSquare(x, degrees), 1e-12);

    [Fact]
    public void The_normal_point_of_two_and_a_half_percent_is_1_96()
    {
        Close.To(1.959963984540054, Tails.NormalPoint(0.025), 1e-12);
        Close.To(-1.959963984540054, Tails.NormalPoint(0.975), 1e-12);
    }
}
