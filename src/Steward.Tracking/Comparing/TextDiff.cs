using DiffPlex;
using DiffPlex.Chunkers;

namespace Steward.Tracking.Comparing;

/// <summary>One line of a difference.</summary>
/// <param name="Text">Without its end; a very long one is cut.</param>
public sealed record DiffLine(DiffKind Kind, string Text);

public enum DiffKind
{
    Same,
    Added,
    Removed,

    /// <summary>Lines that are the same were left out here; the text says how many.</summary>
    Gap,
}

/// <summary>Two texts line by line: what came and went, with a little of what stayed around it.</summary>
internal static class TextDiff
{
    /// <summary>The time grows with the lines times the differences.</summary>
    public const int MostLines = 4000;

    private const int Around = 3, MostShown = 800, LongestLine = 400;

    /// <summary>Null when they are longer than can be compared; empty when they are equal.</summary>
    public static List<DiffLine>? Between(string before, string after)
    {
        var (old, fresh) = (Plain(before), Plain(after));
        if (old == fresh)
            return [];
        // What both end with is no line of its own.
        if (old.EndsWith('\n') && fresh.EndsWith('\n'))
            (old, fresh) = (old[..^1], fresh[..^1]);
        if (old.Count(c => c == '\n') > MostLines || fresh.Count(c => c == '\n') > MostLines)
            return null;
        var found = Differ.Instance.CreateDiffs(old, fresh, false, false, LineChunker.Instance);
        var (lines, at) = (new List<DiffLine>(), 0);
        foreach (var block in found.DiffBlocks)
        {
            Stay(lines, found.PiecesOld, at, block.DeleteStartA, first: at == 0, last: false);
            lines.AddRange(found.PiecesOld.Skip(block.DeleteStartA).Take(block.DeleteCountA).Select(text => Line(DiffKind.Removed, text)));
            lines.AddRange(found.PiecesNew.Skip(block.InsertStartB).Take(block.InsertCountB).Select(text => Line(DiffKind.Added, text)));
            at = block.DeleteStartA + block.DeleteCountA;
        }

        Stay(lines, found.PiecesOld, at, found.PiecesOld.Count, first: false, last: true);
        return Shown(lines);
    }

    /// <summary>A diff that git wrote, as it stands.</summary>
    public static List<DiffLine> Written(IEnumerable<string> body) => Shown([.. body.Where(line => line.Length > 0).Select(line => line[0] switch
    {
        '+' => Line(DiffKind.Added, line[1..]),
        '-' => Line(DiffKind.Removed, line[1..]),
        ' ' => Line(DiffKind.Same, line[1..]),
        _ => Line(DiffKind.Gap, line),
    })]);

    private static List<DiffLine> Shown(List<DiffLine> lines)
        => lines.Count <= MostShown ? lines : [.. lines.Take(MostShown), new(DiffKind.Gap, $"{Say.Count(lines.Count - MostShown, "more line")} not shown")];

    /// <summary>Of the lines that stayed between two changes those next to one.</summary>
    private static void Stay(List<DiffLine> lines, IReadOnlyList<string> all, int from, int to, bool first, bool last)
    {
        var (head, tail) = (first ? 0 : Math.Min(Around, to - from), last ? 0 : Math.Min(Around, to - from));
        // In place of a single line nothing is saved by saying that it was left out.
        if (head + tail + 1 >= to - from)
            (head, tail) = (to - from, 0);
        lines.AddRange(all.Skip(from).Take(head).Select(text => Line(DiffKind.Same, text)));
        if (to - from - head - tail is > 0 and var left)
            lines.Add(new(DiffKind.Gap, $"{Say.Count(left, "line")} the same"));
        lines.AddRange(all.Skip(to - tail).Take(tail).Select(text => Line(DiffKind.Same, text)));
    }

    private static DiffLine Line(DiffKind kind, string text)
        => new(kind, text.Length > LongestLine ? text[..LongestLine] + "…" : text);

    private static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
