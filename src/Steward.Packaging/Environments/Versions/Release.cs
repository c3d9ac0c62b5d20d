namespace Steward.Packaging;

/// <summary>A version in the order of its scheme. Versions of different schemes are never compared.</summary>
public abstract class Release : IComparable<Release>, IEquatable<Release>
{
    /// <summary>In the scheme's normal form.</summary>
    public abstract string Text { get; }

    /// <summary>As people write it; edges of ranges have places in the order that no version has.</summary>
    internal virtual string Plain => Text;

    /// <summary>The numbers that tell how far two versions are apart: the first is the one whose change breaks most.</summary>
    public abstract IReadOnlyList<long> Numbers { get; }

    /// <summary>Not meant for everybody: alpha, beta, release candidate, development.</summary>
    public virtual bool IsPreview => false;

    public abstract int CompareTo(Release? other);

    public bool Equals(Release? other) => other is not null && other.GetType() == GetType() && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as Release);

    /// <summary>Equal versions may be written differently (1.0, 1.0.0): what is hashed is the same for all of them.</summary>
    public abstract override int GetHashCode();

    public override string ToString() => Text;

    public static bool operator <(Release left, Release right) => left.CompareTo(right) < 0;

    public static bool operator >(Release left, Release right) => left.CompareTo(right) > 0;

    public static bool operator <=(Release left, Release right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Release left, Release right) => left.CompareTo(right) >= 0;

    public static bool operator ==(Release? left, Release? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Release? left, Release? right) => !(left == right);

    /// <summary>Compares piece by piece; what is missing counts as <paramref name="missing"/>.</summary>
    protected static int Compare<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, T missing, Comparison<T> compare)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
            if (compare(i < left.Count ? left[i] : missing, i < right.Count ? right[i] : missing) is not 0 and var order)
                return order;
        return 0;
    }

    /// <summary>A hash that trailing <paramref name="missing"/> does not change.</summary>
    protected static int Hash<T>(IReadOnlyList<T> pieces, T missing)
    {
        var count = pieces.Count;
        while (count > 0 && EqualityComparer<T>.Default.Equals(pieces[count - 1], missing))
            count--;
        var hash = new HashCode();
        for (var i = 0; i < count; i++)
            hash.Add(pieces[i]);
        return hash.ToHashCode();
    }
}
