using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Steward.Projects;

/// <summary>
/// Reads <c>steward.yaml</c>: every section into the record of the room that owns it. Unknown keys are complaints with a
/// suggestion; nothing is executed, no tags, no anchors.
/// </summary>
public sealed class ProjectFileReader
{
    private const int MostCharacters = 256 * 1024;
    private static readonly string[] Own = ["steward", "project", "title", "owners"];
    private readonly Dictionary<string, Section> _sections;

    public ProjectFileReader(IEnumerable<Section> sections) => _sections = sections.ToDictionary(section => section.Key, StringComparer.Ordinal);

    public IEnumerable<Section> Sections => _sections.Values;

    /// <summary>The file, or null with every complaint that stands against it.</summary>
    public (ProjectFile? File, IReadOnlyList<Complaint> Complaints) Read(string text)
    {
        var complaints = new List<Complaint>();
        if (Root(text, complaints) is not { } root)
            return (null, complaints);
        var sections = new Dictionary<string, object>(StringComparer.Ordinal);
        var shaper = new YamlShaper(complaints);
        string? project = null, title = null;
        foreach (var (keyNode, value) in root.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            switch (key)
            {
                case "steward":
                    if ((value as YamlScalarNode)?.Value != "1")
                        complaints.Add(At(value, "steward", $"This Steward reads project files of version 1, not '{Names.Shorten(value.ToString())}'.", "Write: steward: 1"));
                    break;
                case "project":
                    project = Checked(() => Names.Check("project", (value as YamlScalarNode)?.Value), value, "project", complaints);
                    break;
                case "title":
                    title = Checked(() => Names.Text("title", (value as YamlScalarNode)?.Value, 120), value, "title", complaints);
                    break;
                case "owners":
                    if (shaper.Shape(value, typeof(IReadOnlyDictionary<string, string>), "owners") is { } owners)
                        sections[key] = owners;
                    break;
                case var known when _sections.TryGetValue(known, out var section):
                    if (shaper.Shape(value, section.Shape, known) is { } shaped)
                        sections[known] = Extra(section, shaped, value, complaints);
                    break;
                default:
                    complaints.Add(At(keyNode, key, $"There is no key '{Names.Shorten(key)}'.", Suggest.For(key, Own.Concat(_sections.Keys))));
                    break;
            }
        }

        if (!root.Children.ContainsKey(new YamlScalarNode("steward")))
            complaints.Add(new(1, 1, "steward", "The file does not say its version.", "Begin with: steward: 1"));
        if (!root.Children.ContainsKey(new YamlScalarNode("project")))
            complaints.Add(new(1, 1, "project", "The project has no name.", "Add: project: my-project"));
        return complaints.Count > 0 ? (null, complaints) : (new(project!, title ?? project!, text, sections), complaints);
    }

    /// <summary>Another small file in the manner of the project file, into one record; null with every complaint.</summary>
    /// <param name="what">What complaints call its root: <c>schema</c>.</param>
    public static (T? Value, IReadOnlyList<Complaint> Complaints) ReadAs<T>(string text, string what) where T : class
    {
        var complaints = new List<Complaint>();
        var value = Root(text, complaints) is { } root ? new YamlShaper(complaints).Shape(root, typeof(T), what) : null;
        return complaints.Count > 0 ? (null, complaints) : ((T?)value, complaints);
    }

    internal static Complaint At(YamlNode node, string path, string why, string? tryThis = null) => new((int)node.Start.Line, (int)node.Start.Column, path, why, tryThis);

    private static object Extra(Section section, object shaped, YamlNode node, List<Complaint> complaints)
    {
        complaints.AddRange((section.Check?.Invoke(shaped) ?? []).Select(more => At(Find(node, more.Path, section.Key), more.Path, more.Why)));
        return shaped;
    }

    /// <summary>The node a path such as <c>serve.limits.body</c> names, or the nearest one above.</summary>
    private static YamlNode Find(YamlNode node, string path, string section)
    {
        foreach (var part in path.Split('.').SkipWhile(part => part == section))
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(part), out var next))
                break;
            node = next;
        }

        return node;
    }

    private static string? Checked(Func<string> check, YamlNode node, string path, List<Complaint> complaints)
    {
        try
        {
            return check();
        }
        catch (ProblemException problem)
        {
            complaints.Add(At(node, path, problem.Message, problem.Try));
            return null;
        }
    }

    private static YamlMappingNode? Root(string text, List<Complaint> complaints)
    {
        if (text.Length > MostCharacters)
        {
            complaints.Add(new(1, 1, "", $"The file has {text.Length:N0} characters; at most {MostCharacters:N0} are read."));
            return null;
        }

        try
        {
            if (PlainYaml.Read(text) is YamlMappingNode root)
                return root;
            complaints.Add(new(1, 1, "", "The file is not one list of keys and values.", "Begin with: steward: 1"));
        }
        catch (YamlException error)
        {
            complaints.Add(new((int)error.Start.Line, (int)error.Start.Column, "", $"This is not YAML: {error.InnerException?.Message ?? error.Message}"));
        }

        return null;
    }
}
