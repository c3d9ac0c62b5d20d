namespace Steward.Kubernetes;

/// <summary>A node and the path that leads to it. Where nothing is, the spot is there without a node, on the line of what should hold it.</summary>
internal sealed record Spot(string File, string Path, int Line, Node? Node)
{
    public bool IsThere => Node is not null and not Node.Scalar { Kind: ScalarKind.Null };

    /// <summary>The value, whatever it would be taken for; null for what is no single value.</summary>
    public string? Text => Node is Node.Scalar { Kind: not ScalarKind.Null } scalar ? scalar.Text : null;

    public long? Integer => Node is Node.Scalar { Kind: ScalarKind.Integer } scalar ? Scalars.Value(scalar.Text) : null;

    public bool IsTrue => Node is Node.Scalar { Kind: ScalarKind.Boolean } scalar && Scalars.IsTrue(scalar.Text);

    public bool IsFalse => Node is Node.Scalar { Kind: ScalarKind.Boolean } scalar && !Scalars.IsTrue(scalar.Text);

    public Spot this[string key]
    {
        get
        {
            var entry = (Node as Node.Mapping)?.Entries.FirstOrDefault(one => one.Key == key);
            return new(File, Join(Path, key), entry?.Line ?? Line, entry?.Value);
        }
    }

    public IEnumerable<Spot> Items => Node is Node.Sequence list ? list.Items.Select((item, i) => new Spot(File, $"{Path}[{i}]", item.Line, item)) : [];

    public IEnumerable<(string Key, Spot Value)> Entries => Node is Node.Mapping map ? map.Entries.Select(entry => (entry.Key, new Spot(File, Join(Path, entry.Key), entry.Line, entry.Value))) : [];

    /// <summary>Keys and values of labels and their like.</summary>
    public IReadOnlyDictionary<string, string> Pairs => Entries.Where(entry => entry.Value.Text is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Text!, StringComparer.Ordinal);

    private static string Join(string path, string key)
    {
        var step = key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$') ? key : $"[\"{Finding.Shown(key)}\"]";
        return path.Length == 0 || step.StartsWith('[') ? path + step : $"{path}.{step}";
    }
}
