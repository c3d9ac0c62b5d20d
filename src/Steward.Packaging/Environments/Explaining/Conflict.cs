namespace Steward.Packaging;

/// <summary>Somebody demands a range of a package.</summary>
/// <param name="By">A file's line, or a package with its versions: <c>pandas 2.0.0 to 2.2.3</c>.</param>
/// <param name="Range">What is demanded, as its world writes it: <c>numpy&gt;=1.22.4</c>.</param>
/// <param name="Through">How the package came in, from what a file asks for; empty when a file demands it itself.</param>
public sealed record Demand(string By, string Range, IReadOnlyList<string> Through);

/// <summary>A package of which no version pleases everybody.</summary>
/// <param name="Nothing">What is known of it, when a single demand is already one too many.</param>
public sealed record Clash(string Package, IReadOnlyList<Demand> Demands, string? Nothing = null);

/// <summary>A line to write instead of another.</summary>
/// <param name="Size">How much that is: <c>patch</c>, <c>minor</c>, <c>major</c>, by the first number that differs.</param>
/// <param name="Version">What is installed then.</param>
public sealed record Change(string At, string From, string To, string Version, string Size);

/// <summary>Some lines that cannot all be right, why, and what to write instead. Leave any of them out, and the rest fit.</summary>
/// <param name="Lines">As their files have them.</param>
/// <param name="Ways">Each of them mends it, the smallest first; a way may need more than one change.</param>
public sealed record Conflict(IReadOnlyList<string> Lines, IReadOnlyList<Clash> Clashes, IReadOnlyList<IReadOnlyList<Change>> Ways);
