namespace Steward.Kubernetes;

/// <summary>Something about a manifest, with its place.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Line">From 1.</param>
/// <param name="Subject">What it is about: <c>Deployment fruit</c>; empty when the file could not be read that far.</param>
/// <param name="Path">From the document's root: <c>spec.template.spec.containers[0].image</c>.</param>
/// <param name="Code">Stable, for programs: <c>unknown_field</c>.</param>
public sealed record Finding(string File, int Line, string Subject, string Path, string Code, Level Level, string Why, string? Try = null)
{
    private const int Longest = 80;

    /// <summary>Text from a file, short and without characters that would do something to a terminal.</summary>
    internal static string Shown(string text)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= Longest ? clean : clean[..Longest] + "…";
    }
}

public enum Level
{
    /// <summary>A cluster would refuse it, or it would not do what it says.</summary>
    Wrong,

    /// <summary>It would run, and one should know.</summary>
    Advice,
}
