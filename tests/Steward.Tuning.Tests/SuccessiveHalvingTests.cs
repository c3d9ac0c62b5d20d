namespace Steward.Tuning.Tests;

public class SuccessiveHalvingTests
{
    [Fact]
    public void Rungs_grow_by_the_factor_up_to_the_most()
    {
        Assert.Equal([2, 6, 18], new SuccessiveHalving(2, 18, 3).Rungs);
        Assert.Equal([1, 4, 16, 20], new SuccessiveHalving(1, 20, 4).Rungs);
        Assert.Equal([5], new SuccessiveHalving(5, 5, 2).Rungs);
        Assert.Throws<ArgumentException>(() => new SuccessiveHalving(5, 4, 2));
    }

    [Fact]
    public void A_trial_goes_on_while_it_is_in_the_best_part_of_those_that_came()
    {
        var halving = new SuccessiveHalving(1, 9, 3);
        // The first of a rung goes on; then the best third, at least one.
        Assert.Equal([true, false, true, false, false, true], new double[] { 5, 6, 4, 4.5, 9, 4.2 }.Select(loss => halving.GoesOn(1, loss)));
        Assert.False(halving.GoesOn(1, double.NaN));
        Assert.False(halving.GoesOn(9, 0));
    }

    /// <summary>Learning curves that fall to a floor of their own, at a speed of their own: a fourth of the work finds a floor as low as all of it.</summary>
    [Fact]
    public void Halving_spends_a_fraction_and_finds_as_much()
    {
        const int Trials = 200, Most = 81;
        var (full, halved) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < 20; seed++)
        {
            var (chance, halving, spent) = (new Random(seed), new SuccessiveHalving(3, Most, 3), 0);
            var (bestFull, bestHalved) = (double.MaxValue, double.MaxValue);
            for (var trial = 0; trial < Trials; trial++)
            {
                var (floor, speed) = (chance.NextDouble(), 0.05 + (0.15 * chance.NextDouble()));
                double At(int resource) => floor + Math.Exp(-speed * resource);
                bestFull = Math.Min(bestFull, At(Most));
                var used = 0;
                foreach (var rung in halving.Rungs)
                {
                    used = rung;
                    if (!halving.GoesOn(rung, At(rung)))
                        break;
                }
                spent += used;
                bestHalved = Math.Min(bestHalved, At(used));
            }
            Assert.InRange(spent, 0, Trials * Most / 4);
            full.Add(bestFull);
            halved.Add(bestHalved);
        }
        Assert.InRange(halved.Average(), full.Average(), full.Average() + 0.02);
    }
}
