namespace Steward.Drawing;

/// <summary>What a reader would stumble over.</summary>
/// <param name="Rule">A short name that stays: "overflow", "overlap", "contrast".</param>
/// <param name="Where">"panel 3", "page".</param>
public sealed record Flaw(string Rule, string Where, string What)
{
    public override string ToString() => $"{Where}: {What} ({Rule})";
}
