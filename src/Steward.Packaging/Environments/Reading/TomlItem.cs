using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Steward.Packaging;

/// <summary>A value of a TOML file, and the line it stands on.</summary>
internal sealed class TomlItem(int line)
{
    private readonly Dictionary<string, TomlItem> _keys = new(StringComparer.Ordinal);

    public int Line { get; } = line;

    /// <summary>A string, a number or a truth, as written; null for lists and tables.</summary>
    public string? Text { get; private init; }

    public List<TomlItem> Items { get; } = [];

    public IEnumerable<KeyValuePair<string, TomlItem>> Keys => _keys;

    public TomlItem? this[string key] => _keys.GetValueOrDefault(key);

    /// <summary>The whole file; what is not TOML becomes a complaint, and null.</summary>
    public static TomlItem? Read(Reading all, TextSource source)
    {
        try
        {
            var document = SyntaxParser.Parse(source.Text, source.Name, validate: true);
            if (document.Diagnostics.FirstOrDefault(one => one.Kind is DiagnosticMessageKind.Error) is { } wrong)
            {
                all.Complain(new(source.Name, wrong.Span.Start.Line + 1), $"this is not TOML: {wrong.Message}.");
                return null;
            }

            var root = new TomlItem(1);
            foreach (var pair in document.KeyValues)
                root.Put(pair);
            foreach (var table in document.Tables)
            {
                var at = root.Go(Parts(table.Name!), LineOf(table), isList: table is TableArraySyntax);
                foreach (var pair in table.Items)
                    at.Put(pair);
            }

            return root;
        }
        catch (TomlException error)
        {
            all.Complain(new(source.Name, 1), $"this is not TOML: {error.Message}");
            return null;
        }
    }

    private void Put(KeyValueSyntax pair)
    {
        var parts = Parts(pair.Key!);
        var at = Go([.. parts.SkipLast(1)], LineOf(pair), isList: false);
        at._keys[parts[^1]] = Of(pair.Value!, LineOf(pair));
    }

    /// <summary>The table at this path, made on the way; of a list of tables, the newest.</summary>
    private TomlItem Go(IReadOnlyList<string> path, int line, bool isList)
    {
        var at = this;
        foreach (var (part, i) in path.Select((part, i) => (part, i)))
        {
            if (!at._keys.TryGetValue(part, out var next))
                at._keys[part] = next = new(line);
            if (isList && i == path.Count - 1)
                next.Items.Add(new(line));
            at = next.Items.Count > 0 ? next.Items[^1] : next;
        }

        return at;
    }

    private static TomlItem Of(SyntaxNode value, int line)
    {
        switch (value)
        {
            case StringValueSyntax text:
                return new(LineOf(value)) { Text = text.Value };
            case ArraySyntax array:
                var list = new TomlItem(line);
                list.Items.AddRange(array.Items.Select(item => Of(item.Value!, LineOf(item))));
                return list;
            case InlineTableSyntax inline:
                var table = new TomlItem(line);
                foreach (var item in inline.Items)
                    table.Put(item.KeyValue!);
                return table;
            default:
                return new(line) { Text = value.ToString()!.Trim() };
        }
    }

    private static List<string> Parts(KeySyntax key) => [Word(key.Key!), .. key.DotKeys.Select(dot => Word(dot.Key!))];

    private static string Word(SyntaxNode key) => key is StringValueSyntax text ? text.Value! : key.ToString()!.Trim();

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;
}
