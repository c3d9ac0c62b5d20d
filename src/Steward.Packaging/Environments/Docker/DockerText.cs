using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>The words of a Dockerfile. Whatever comes from outside is checked or quoted here, so that it stays a value.</summary>
internal sealed partial class DockerText
{
    private static readonly JsonSerializerOptions Words = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _text = new();

    public DockerText Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public DockerText Say(string comment) => Line("# " + comment.ReplaceLineEndings(" "));

    public DockerText From(string image, string? stage = null) => Line($"FROM {Image(image)}{(stage is null ? "" : $" AS {stage}")}");

    /// <summary>One layer for all of them.</summary>
    public DockerText Labels(IReadOnlyDictionary<string, string> labels)
        => Line("LABEL " + string.Join(" \\\n      ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{LabelName(label.Key)}={Quoted(label.Value)}")));

    public DockerText Environment(params IEnumerable<(string Name, string Value)> variables)
        => Line("ENV " + string.Join(" \\\n    ", variables.Select(one => $"{one.Name}=\"{one.Value}\"")));

    /// <summary>A list of arguments: no shell reads it.</summary>
    public DockerText Command(string word, IEnumerable<string> arguments) => Line($"{word} {JsonSerializer.Serialize(arguments, Words)}");

    public override string ToString() => _text.ToString();

    public static string Image(string name) => ImageForm().IsMatch(name) ? name : throw ProblemException.Invalid("image_invalid", $"'{Names.Shorten(name)}' is no name of an image.", "Write it like python:3.11.9-slim-bookworm or name@sha256:…");

    public static string LabelName(string name) => LabelForm().IsMatch(name) ? name : throw ProblemException.Invalid("label_invalid", $"'{Names.Shorten(name)}' is no name of a label.", "Write it like org.example.team.");

    /// <summary>In double quotes a Dockerfile still reads variables and backslashes; a value holds no end of line.</summary>
    private static string Quoted(string value) => value.Any(char.IsControl)
        ? throw ProblemException.Invalid("label_invalid", $"The label '{Names.Shorten(value)}' holds characters that cannot be shown.", "Remove the control characters.")
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^[a-z0-9]+(?:[._:/-]+[A-Za-z0-9_]+)*(?:@sha256:[0-9a-f]{64})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex ImageForm();

    [GeneratedRegex(@"^[a-z0-9]+(?:[._-][a-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelForm();
}
