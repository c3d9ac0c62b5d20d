namespace Steward.Kubernetes;

/// <summary>A piece of a manifest, with the line it begins on.</summary>
internal abstract class Node(int line)
{
    /// <summary>From 1.</summary>
    public int Line => line;

    /// <summary>One value. <paramref name="text"/> is as it was written, without its quotes.</summary>
    public sealed class Scalar(int line, string text, ScalarKind kind) : Node(line)
    {
        public string Text => text;

        public ScalarKind Kind => kind;
    }

    public sealed class Sequence(int line, IReadOnlyList<Node> items) : Node(line)
    {
        public IReadOnlyList<Node> Items => items;
    }

    /// <summary>Keys are there once; a second one of the same name was told of when it was read.</summary>
    public sealed class Mapping(int line, IReadOnlyList<Entry> entries) : Node(line)
    {
        public IReadOnlyList<Entry> Entries => entries;

        public Node? Find(string key) => entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }
}

/// <summary>One key of a mapping and what stands under it.</summary>
internal sealed record Entry(string Key, int Line, Node Value);

/// <summary>What Kubernetes takes a value for: without quotes, <c>on</c> is true and <c>8080</c> is a number.</summary>
internal enum ScalarKind { Text, Integer, Number, Boolean, Null }
