using Steward.Projects;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Steward.Packaging;

/// <summary>The key <c>environment</c> of steward.yaml: which files say what the project needs.</summary>
public sealed record EnvironmentSection
{
    public static Section Section { get; } = Section.Of<EnvironmentSection>("environment", "Which Python or other runtime the project needs, and which files list its packages.", Complaints);

    /// <summary>The version of Python, in quotes: "3.11".</summary>
    public string? Python { get; init; }

    /// <summary>The files that list packages, relative to this one; all that are known by name when empty.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Local indexes that know which versions there are and what they need.</summary>
    public IReadOnlyList<string> Index { get; init; } = [];

    /// <summary>Where it will run.</summary>
    public string Platform { get; init; } = "linux-x86_64";

    /// <summary>The lock, relative to this file.</summary>
    public string Lock { get; init; } = EnvironmentLock.FileName;

    private static IEnumerable<(string Path, string Why)> Complaints(EnvironmentSection section)
    {
        if (section.Python is { } python && PythonLife.Of(python) is null)
            yield return ("environment.python", $"'{Names.Shorten(python)}' is no Python that Steward knows; write it in quotes, as \"3.11\".");
        if (!MarkerWorld.Platforms.Contains(section.Platform))
            yield return ("environment.platform", $"'{Names.Shorten(section.Platform)}' is not known; write one of {string.Join(", ", MarkerWorld.Platforms)}.");
    }

    /// <summary>The section and the project's name of the steward.yaml in a folder; the usual when there is none. What is wrong with the other sections is for <c>steward lint</c>.</summary>
    internal static (EnvironmentSection Section, string? Project) In(string folder)
    {
        var path = Path.Combine(folder, "steward.yaml");
        if (!File.Exists(path))
            return (new(), null);
        try
        {
            if (PlainYaml.Read(TextSource.Open(folder, "steward.yaml").Text) is not YamlMappingNode root)
                return (new(), null);
            var kept = new YamlMappingNode(root.Children.Where(pair => pair.Key is YamlScalarNode { Value: "steward" or "project" or "environment" }));
            using var text = new StringWriter();
            new YamlStream(new YamlDocument(kept)).Save(text, assignAnchors: false);
            var (file, complaints) = new ProjectFileReader([Section]).Read(text.ToString());
            return file is not null ? (file.Get<EnvironmentSection>("environment"), file.Project) : throw ProblemException.Invalid("project_file_invalid", $"steward.yaml: {complaints[0].Why}", "See all of it: steward lint");
        }
        catch (YamlException)
        {
            throw ProblemException.Invalid("project_file_invalid", "steward.yaml is not YAML.", "See where: steward lint");
        }
    }
}
