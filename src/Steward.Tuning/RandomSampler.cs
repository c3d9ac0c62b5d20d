namespace Steward.Tuning;

/// <summary>Random search (Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012).</summary>
public sealed class RandomSampler(IReadOnlyList<Parameter> space, int seed) : ISampler
{
    public double[] Next(int number, IReadOnlyList<Trial> told)
    {
        var chance = Chance.Of(seed, number);
        return [.. space.Select(parameter => parameter.Draw(chance))];
    }
}
