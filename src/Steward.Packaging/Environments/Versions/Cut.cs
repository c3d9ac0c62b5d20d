namespace Steward.Packaging;

/// <summary>A place between versions: just before or just after one, or beyond all of them.</summary>
public readonly struct Cut : IComparable<Cut>, IEquatable<Cut>
{
    private readonly int _side;

    private Cut(int side, Release? at) => (_side, At) = (side, at);

    public static Cut BelowAll { get; } = new(-2, null);

    public static Cut AboveAll { get; } = new(2, null);

    /// <summary>The version it lies beside; null beyond all of them.</summary>
    public Release? At { get; }

    public bool IsAfter => _side > 0;

    public static Cut Before(Release version) => new(-1, version);

    public static Cut After(Release version) => new(1, version);

    /// <summary>Below 0 when the version lies above the cut.</summary>
    public int Sees(Release version) => At is null ? _side : At.CompareTo(version) is not 0 and var order ? order : _side;

    public int CompareTo(Cut other) => At is null || other.At is null
        ? _side.CompareTo(other._side) is var ends && At is null && other.At is null ? ends : At is null ? _side : -other._side
        : At.CompareTo(other.At) is not 0 and var order ? order : _side.CompareTo(other._side);

    public bool Equals(Cut other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Cut other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_side, At);

    public override string ToString() => At is null ? _side < 0 ? "-∞" : "∞" : $"{(_side < 0 ? "before" : "after")} {At}";

    public static bool operator <(Cut left, Cut right) => left.CompareTo(right) < 0;

    public static bool operator >(Cut left, Cut right) => left.CompareTo(right) > 0;

    public static bool operator <=(Cut left, Cut right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Cut left, Cut right) => left.CompareTo(right) >= 0;

    public static bool operator ==(Cut left, Cut right) => left.Equals(right);

    public static bool operator !=(Cut left, Cut right) => !left.Equals(right);
}
