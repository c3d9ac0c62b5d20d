using YamlDotNet.Core;

namespace Steward.Projects;

/// <summary>A YAML file of the server's operator, read as strictly as a project file: unknown keys are complaints with a suggestion.</summary>
public static class SettingsFile
{
    /// <summary>Throws with every complaint, each with its line.</summary>
    /// <param name="code">Of the problem, for programs.</param>
    public static IReadOnlyDictionary<string, T> Read<T>(string path, string code)
    {
        var complaints = new List<Complaint>();
        try
        {
            if (PlainYaml.Read(File.ReadAllText(path)) is { } root && new YamlShaper(complaints).Shape(root, typeof(IReadOnlyDictionary<string, T>), Path.GetFileName(path)) is IReadOnlyDictionary<string, T> read && complaints.Count == 0)
                return read;
        }
        catch (YamlException error)
        {
            complaints.Add(new((int)error.Start.Line, (int)error.Start.Column, "", error.Message));
        }

        var said = complaints.Count == 0 ? "it is empty" : string.Join(" ", complaints.Select(one => $"Line {one.Line}: {one.Why} {one.Try}".TrimEnd()));
        throw ProblemException.Invalid(code, $"{path} cannot be read: {said}", "Correct the file and start again.");
    }
}
