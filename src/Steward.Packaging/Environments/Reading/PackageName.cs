using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Names of packages: checked against what each world allows, and brought to one spelling. Nothing that a shell or a file would read as more than a name passes.</summary>
internal static partial class PackageName
{
    /// <summary>Conda's name where another name means the same software in pip's world; and names that only look alike.</summary>
    private static readonly Dictionary<string, string> PipNames = new(StringComparer.Ordinal)
    {
        ["pytorch"] = "torch",
        ["pytorch-gpu"] = "torch",
        ["pytorch-cpu"] = "torch",
        ["matplotlib-base"] = "matplotlib",
        ["opencv"] = "opencv-python",
        ["py-opencv"] = "opencv-python",
        ["tensorflow-base"] = "tensorflow",
        ["msgpack-python"] = "msgpack",
        ["python-graphviz"] = "graphviz",
        ["graphviz"] = "conda-graphviz",
        ["pytables"] = "tables",
        ["py-xgboost"] = "xgboost",
        ["dask-core"] = "dask",
        ["jpype1"] = "jpype1",
        ["psycopg2"] = "psycopg2",
        ["prompt_toolkit"] = "prompt-toolkit",
        ["typing_extensions"] = "typing-extensions",
        ["lightgbm"] = "lightgbm",
        ["ruamel.yaml"] = "ruamel-yaml",
    };

    /// <summary>The name in its world's one spelling; throws a <see cref="FormatException"/> for what is none.</summary>
    public static string Check(World world, string name)
    {
        var good = name.Length <= 150 && world switch
        {
            World.Pip => Pip().IsMatch(name),
            World.Conda => Conda().IsMatch(name),
            World.R => R().IsMatch(name),
            World.Julia => Julia().IsMatch(name),
            _ => NuGet().IsMatch(name),
        };
        if (!good)
            throw new FormatException(name.Length == 0 ? "the package has no name." : $"'{Names.Shorten(name)}' is no name of a package.");
        return world switch
        {
            World.Pip => Normal(name),
            World.Conda => PipNames.TryGetValue(name.ToLowerInvariant(), out var twin) ? twin : Normal(name),
            World.NuGet => name.ToLowerInvariant(),
            _ => name,
        };
    }

    /// <summary>PEP 503: lower case, one dash for every run of dashes, dots and underscores.</summary>
    private static string Normal(string name) => Runs().Replace(name.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pip();

    [GeneratedRegex(@"^_?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Conda();

    [GeneratedRegex(@"^[A-Za-z](?:[A-Za-z0-9.]*[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex R();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Julia();

    [GeneratedRegex(@"^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex NuGet();

    [GeneratedRegex("[-_.]+", RegexOptions.NonBacktracking)]
    private static partial Regex Runs();
}
