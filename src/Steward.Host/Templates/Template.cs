namespace Steward.Host.Templates;

/// <summary>Projects to begin with, as <c>steward new</c> writes them.</summary>
internal static class Template
{
    public const string Fruit = "fruit", Offers = "offers", Forecast = "forecast";

    public static IReadOnlyList<string> Names { get; } = [Fruit, Offers, Forecast];

    public static ProblemException Unknown(string name) => ProblemException.NotFound("template", Steward.Names.Shorten(name), $"There is: {string.Join(", ", Names)}.");

    public static ProblemException WantsNoPictures(string name) => ProblemException.Invalid("images_not_wanted", $"'{name}' learns from tables, not from pictures.", $"Leave --images away, or choose {Fruit}.");

    /// <summary>The steward.yaml of a template.</summary>
    public static string File(string name)
    {
        using var reader = new StreamReader(typeof(Template).Assembly.GetManifestResourceStream($"template/{name}/steward.yaml") ?? throw Unknown(name));
        return reader.ReadToEnd();
    }

    /// <summary>A file that comes with a template.</summary>
    public static Stream Open(string file) => typeof(Template).Assembly.GetManifestResourceStream($"template/{file}")!;

    /// <summary>Writes where a template's data are from, and under which licence, into the folder of a project.</summary>
    public static void Credit(string name, string folder)
    {
        foreach (var file in (string[])["SOURCE.md", "LICENSE.txt"])
        {
            using var from = Open($"{name}/{file}");
            using var to = System.IO.File.Create(Path.Combine(folder, file));
            from.CopyTo(to);
        }
    }
}
