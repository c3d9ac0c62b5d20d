namespace Steward.Packaging;

/// <summary>Versions between cuts: what a range allows, whatever versions exist. Pieces are apart and in order.</summary>
public sealed class VersionSet : IEquatable<VersionSet>
{
    private readonly (Cut From, Cut To)[] _pieces;

    private VersionSet(IEnumerable<(Cut From, Cut To)> pieces) => _pieces = [.. pieces];

    public static VersionSet Any { get; } = new([(Cut.BelowAll, Cut.AboveAll)]);

    public static VersionSet None { get; } = new([]);

    public IReadOnlyList<(Cut From, Cut To)> Pieces => _pieces;

    public bool IsEmpty => _pieces.Length == 0;

    public bool IsAny => _pieces is [var only] && only.From == Cut.BelowAll && only.To == Cut.AboveAll;

    public static VersionSet Between(Cut from, Cut to) => from < to ? new([(from, to)]) : None;

    public static VersionSet From(Release version) => Between(Cut.Before(version), Cut.AboveAll);

    public static VersionSet Below(Release version) => Between(Cut.BelowAll, Cut.Before(version));

    public static VersionSet Only(Release version) => Between(Cut.Before(version), Cut.After(version));

    public bool Contains(Release version)
    {
        foreach (var (from, to) in _pieces)
            if (from.Sees(version) < 0 && to.Sees(version) > 0)
                return true;
        return false;
    }

    public VersionSet Union(VersionSet other)
    {
        var joined = new List<(Cut From, Cut To)>();
        foreach (var piece in _pieces.Concat(other._pieces).OrderBy(piece => piece.From))
            if (joined.Count > 0 && piece.From <= joined[^1].To)
                joined[^1] = (joined[^1].From, joined[^1].To > piece.To ? joined[^1].To : piece.To);
            else
                joined.Add(piece);
        return new(joined);
    }

    public VersionSet Intersect(VersionSet other)
    {
        var both = new List<(Cut From, Cut To)>();
        for (int i = 0, j = 0; i < _pieces.Length && j < other._pieces.Length;)
        {
            var (one, two) = (_pieces[i], other._pieces[j]);
            var (from, to) = (one.From > two.From ? one.From : two.From, one.To < two.To ? one.To : two.To);
            if (from < to)
                both.Add((from, to));
            if (one.To < two.To)
                i++;
            else
                j++;
        }

        return new(both);
    }

    public VersionSet Complement()
    {
        var others = new List<(Cut From, Cut To)>();
        var at = Cut.BelowAll;
        foreach (var (from, to) in _pieces)
        {
            if (at < from)
                others.Add((at, from));
            at = to;
        }

        if (at < Cut.AboveAll)
            others.Add((at, Cut.AboveAll));
        return new(others);
    }

    public bool Equals(VersionSet? other) => other is not null && _pieces.SequenceEqual(other._pieces);

    public override bool Equals(object? obj) => Equals(obj as VersionSet);

    public override int GetHashCode() => _pieces.Aggregate(_pieces.Length, HashCode.Combine);

    public override string ToString() => IsEmpty ? "none" : string.Join(", ", _pieces.Select(piece => $"{piece.From} to {piece.To}"));
}
