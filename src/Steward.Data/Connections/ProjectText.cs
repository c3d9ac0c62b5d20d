using System.Text;

namespace Steward.Data.Connections;

/// <summary>Writes a connection into the text of a project file and leaves the rest of it, comments too, as it stands.</summary>
internal static class ProjectText
{
    private const string Section = "connections:";

    /// <summary>The lines below the name of a connection.</summary>
    public static IReadOnlyList<string> Lines(ConnectionKind kind, IEnumerable<string> settings) =>
    [
        $"kind: {ConnectionRules.Word(kind)}",
        .. settings.Select(one => one.IndexOf('=', StringComparison.Ordinal) is var at and > 0 && one[..at].All(c => char.IsAsciiLetterLower(c) || c == '_')
            ? $"{one[..at]}: {Quoted(one[(at + 1)..])}"
            : throw ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(one)}' is not a setting.", "Write key=value: path=/srv/drop")),
    ];

    public static string WithConnection(string yaml, string name, IReadOnlyList<string> lines)
    {
        var text = yaml.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').ToList();
        var at = text.FindIndex(line => line.StartsWith(Section, StringComparison.Ordinal));
        if (at < 0)
        {
            text.Add(Section);
            at = text.Count - 1;
        }
        else if (text[at][Section.Length..].Trim() is { Length: > 0 } more && !more.StartsWith('#'))
            throw ProblemException.Invalid("section_inline", "The connections of this file are written on one line; a line cannot be added there.", "Write them below each other, or add the connection by hand: steward project show");
        var end = text.FindIndex(at + 1, line => line.Length > 0 && line[0] is not (' ' or '#'));
        var under = text[(at + 1)..(end < 0 ? text.Count : end)];
        var indent = under.Select(line => line.Length - line.TrimStart(' ').Length).Where((width, i) => under[i].Trim().Length > 0 && !under[i].TrimStart().StartsWith('#')).DefaultIfEmpty(2).First();
        if (under.Any(line => line.StartsWith($"{new string(' ', indent)}{name}:", StringComparison.Ordinal)))
            throw ProblemException.Conflict("connection_there", $"There is a connection '{name}' already.", "Choose another name, or change the project file: steward project show");
        var added = new[] { $"{new string(' ', indent)}{name}:" }.Concat(lines.Select(line => new string(' ', indent + 2) + line));
        text.InsertRange(at + 1, added);
        return new StringBuilder().AppendJoin('\n', text).Append('\n').ToString();
    }

    /// <summary>A value that YAML reads as this text, whatever it holds.</summary>
    private static string Quoted(string value) => value.Any(char.IsControl)
        ? throw ProblemException.Invalid("setting_invalid", "A setting cannot hold control characters.", "Write it on one line.")
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
