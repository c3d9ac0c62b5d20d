namespace Steward.Packaging;

/// <summary>What a version of a package needs.</summary>
/// <param name="Range">As its world writes it; empty when any version will do.</param>
public sealed record Need(World World, string Name, string Range, VersionSet Allowed, IReadOnlyList<string> Extras, Marker? When)
{
    /// <summary><c>numpy&gt;=1.21</c>, <c>numpy &gt;=1.21,&lt;2.0a0</c>, <c>rlang (&gt;= 1.0)</c>, <c>JSON 0.21</c>, <c>Newtonsoft.Json [13.0.1, )</c>: each world in its own words.</summary>
    public static Need Parse(World world, string text)
    {
        if (world is World.Pip)
        {
            var read = PipRequirement.Parse(text);
            return new(world, read.Name, read.Range, read.Allowed, read.Extras, read.When);
        }

        if (world is World.Conda)
        {
            var spec = CondaSpec.Parse(text);
            return new(world, spec.Name, spec.Range, spec.Allowed, [], null);
        }

        var plain = text.Trim();
        var at = plain.AsSpan().IndexOfAny(" (");
        var (name, range) = at < 0 ? (plain, "") : (plain[..at], plain[at..].Trim());
        if (world is World.R)
            range = range.Trim('(', ')').Trim();
        return new(world, name == "R" && world is World.R ? "r" : PackageName.Check(world, name), range, world.Scheme().Range(range), [], null);
    }
}
