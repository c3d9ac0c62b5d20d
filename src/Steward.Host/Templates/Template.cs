namespace Steward.Host.Templates;

/// <summary>Projects to begin with, as <c>steward new</c> writes them.</summary>
internal static class Template
{
    public static IReadOnlyList<string> Names { get; } = ["fruit"];

    public static ProblemException Unknown(string name) => ProblemException.NotFound("template", Steward.Names.Shorten(name), $"There is: {string.Join(", ", Names)}.");

    /// <summary>The steward.yaml of a template.</summary>
    public static string File(string name)
    {
        using var stream = typeof(Template).Assembly.GetManifestResourceStream($"template/{name}/steward.yaml")
            ?? throw Unknown(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
