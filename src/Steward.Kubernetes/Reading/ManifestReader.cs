using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Steward.Kubernetes;

/// <summary>Reads a file of YAML (or JSON) documents into nodes that know their lines. What comes in is bounded; what cannot be read is told.</summary>
internal sealed class ManifestReader(string file, List<Finding> findings)
{
    public const int MostCharacters = 4 << 20, MostDepth = 64, MostNodes = 200_000, MostDocuments = 1_000;

    private readonly Dictionary<AnchorName, (Node Node, int Size)> _anchors = [];
    private IParser _parser = null!;

    /// <summary>Nodes so far, each use of an alias counted as if it were written out: ten lines can stand for a billion nodes.</summary>
    private int _nodes;

    public List<Node> Read(string text)
    {
        var documents = new List<Node>();
        try
        {
            if (text.Length > MostCharacters)
                throw Refused(1, $"The file has more than {MostCharacters >> 20} MiB of text.");
            _parser = new Parser(new StringReader(text));
            _parser.Consume<StreamStart>();
            while (!_parser.Accept<StreamEnd>(out _))
            {
                _anchors.Clear();
                _parser.Consume<DocumentStart>();
                var root = Value(0);
                _parser.Consume<DocumentEnd>();
                if (documents.Count == MostDocuments)
                    throw Refused(root.Line, $"The file has more than {MostDocuments} documents.");
                if (root is not Node.Scalar { Kind: ScalarKind.Null })
                    documents.Add(root);
            }
        }
        catch (ReadingException refused)
        {
            Tell(refused.Line, "not_read", refused.Message, null);
        }
        catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException)
        {
            // On some malformed tags and plain words the parser fails by its own ArgumentException and InvalidOperationException.
            Tell((int)((error as YamlException)?.Start.Line ?? 1), "not_yaml", "This is not YAML: " + Finding.Shown(error.InnerException?.Message ?? error.Message),
                text.Contains("{{", StringComparison.Ordinal) ? "It looks like a template: render it first, as with helm template." : "Compare with the lines above: indentation, a missing colon, an open quote.");
        }

        return documents;
    }

    private Node Value(int depth) => Sized(depth).Node;

    private (Node Node, int Size) Sized(int depth)
    {
        var line = (int)_parser.Current!.Start.Line;
        if (depth > MostDepth)
            throw Refused(line, $"This is nested more than {MostDepth} levels deep.");
        if (_parser.Current is AnchorAlias alias)
        {
            _parser.MoveNext();
            var known = _anchors.TryGetValue(alias.Value, out var found) ? found : throw Refused(line, $"*{Finding.Shown(alias.Value.Value)} names nothing above it.");
            Count(known.Size, line);
            return known;
        }

        // After a key that is not there the parser may end the mapping where a value belongs.
        var now = _parser.Current as NodeEvent ?? throw new YamlException(_parser.Current.Start, _parser.Current.End, "A value is missing.");
        Count(1, line);
        var before = _nodes;
        Node node = now switch
        {
            YamlDotNet.Core.Events.Scalar scalar => Word(scalar, line),
            SequenceStart => List(line, depth),
            _ => Map(line, depth),
        };
        var sized = (node, _nodes - before + 1);
        if (!now.Anchor.IsEmpty)
            _anchors[now.Anchor] = sized;
        return sized;
    }

    private Node.Scalar Word(YamlDotNet.Core.Events.Scalar scalar, int line)
    {
        _parser.MoveNext();
        if (!scalar.Tag.IsEmpty && scalar.Tag.Value is not ("!" or "tag:yaml.org,2002:str"))
            Tell(line, "tag", $"The tag {Finding.Shown(scalar.Tag.Value)} means nothing to Kubernetes.", "Leave it away.");
        return new(line, scalar.Value, scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty ? Scalars.KindOf(scalar.Value) : ScalarKind.Text);
    }

    private Node.Sequence List(int line, int depth)
    {
        _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Value(depth + 1));
        return new(line, items);
    }

    private Node.Mapping Map(int line, int depth)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<Entry>();
        var (seen, merged) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<Entry>());
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var plain = _parser.Current is YamlDotNet.Core.Events.Scalar { Style: ScalarStyle.Plain };
            var at = _parser.Current!;
            var key = Value(depth + 1) as Node.Scalar ?? throw new YamlException(at.Start, at.End, "A key is one word.");
            var value = Value(depth + 1);
            if (plain && key.Text == "<<")
                merged.AddRange(Merged(value));
            else if (seen.TryAdd(key.Text, key.Line))
                entries.Add(new(key.Text, key.Line, value));
            else
                Tell(key.Line, "duplicate_key", $"The key '{Finding.Shown(key.Text)}' is there already, in line {seen[key.Text]}: one of the two would be lost.", "Keep one.", key.Text);
        }

        entries.AddRange(merged.Where(entry => seen.TryAdd(entry.Key, entry.Line)));
        return new(line, entries);
    }

    /// <summary>The keys that <c>&lt;&lt;: *name</c> or a list of such brings along.</summary>
    private static IEnumerable<Entry> Merged(Node node) => node switch
    {
        Node.Mapping map => map.Entries,
        Node.Sequence list => list.Items.OfType<Node.Mapping>().SelectMany(map => map.Entries),
        _ => throw Refused(node.Line, "What is merged by << is a mapping."),
    };

    private void Count(int nodes, int line)
    {
        if ((_nodes += nodes) > MostNodes)
            throw Refused(line, $"Written out, this file has more than {MostNodes} values.");
    }

    private void Tell(int line, string code, string why, string? attempt, string path = "") => findings.Add(new(file, line, "", path, code, Level.Wrong, why, attempt));

    private static ReadingException Refused(int line, string why) => new(line, why);

    private sealed class ReadingException(int line, string why) : Exception(why)
    {
        public int Line => line;
    }
}
