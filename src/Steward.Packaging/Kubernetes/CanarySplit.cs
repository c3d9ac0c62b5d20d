namespace Steward.Packaging.Kubernetes;

/// <summary>How many pods run the one and the other version, so that the share of the canary is as near as pods allow.</summary>
internal sealed record CanarySplit(int Stable, int Canary)
{
    public int All => Stable + Canary;

    /// <summary>What the canary really gets.</summary>
    public double Percent => 100.0 * Canary / All;

    /// <summary>The smallest number of pods between the two bounds that comes nearest; each version has at least one.</summary>
    public static CanarySplit Of(int percent, int least, int most)
        => Enumerable.Range(Math.Max(2, least), Math.Max(1, most - Math.Max(2, least) + 1))
            .Select(all => (All: all, Canary: Math.Clamp((int)Math.Round(all * percent / 100.0, MidpointRounding.AwayFromZero), 1, all - 1)))
            .Select(pods => new CanarySplit(pods.All - pods.Canary, pods.Canary))
            .MinBy(split => Math.Round(Math.Abs(split.Percent - percent), 9))!;
}
