namespace Steward.Packaging;

/// <summary>A line of a file, for people to find it.</summary>
public sealed record Place(string File, int Line)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}" : File;
}

/// <summary>What stands wrong in a file, and what to write instead.</summary>
public sealed record FileComplaint(Place At, string Why, string? Try = null);

/// <summary>A package that a file asks for.</summary>
/// <param name="Name">In the one spelling of its world.</param>
/// <param name="Range">As the file writes it; empty when any version will do.</param>
/// <param name="Allowed">What that allows, in the order of <see cref="World"/>.</param>
public sealed record Wanted(World World, string Name, string Range, VersionSet Allowed, Place At)
{
    public IReadOnlyList<string> Extras { get; init; } = [];

    /// <summary>The condition under which it is asked for, as PEP 508 writes it.</summary>
    public Marker? When { get; init; }

    /// <summary>The package's name as its own world spells it, where that is another one.</summary>
    public string? Spelled { get; init; }

    /// <summary>Conda's build, with stars; null for any.</summary>
    public string? Build { get; init; }

    /// <summary><c>sha256:…</c>, as the file gives them.</summary>
    public IReadOnlyList<string> Hashes { get; init; } = [];

    /// <summary>Limits the version when something asks for the package, and asks for nothing itself.</summary>
    public bool IsLimit { get; init; }

    /// <summary>The interpreter itself.</summary>
    public bool IsInterpreter { get; init; }

    /// <summary><c>numpy==1.21</c>, <c>python=3.9</c>, <c>rlang &gt;= 1.0</c>: close to what the person wrote.</summary>
    public string Text => Range.Length == 0 ? (Spelled ?? Name) + Extra : $"{Spelled ?? Name}{Extra}{(char.IsAsciiLetterOrDigit(Range[0]) || World is World.R or World.Julia or World.NuGet ? " " : "")}{Range}";

    private string Extra => Extras.Count == 0 ? "" : $"[{string.Join(',', Extras)}]";
}
