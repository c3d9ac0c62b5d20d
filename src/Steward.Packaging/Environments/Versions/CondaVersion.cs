using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>A version in conda's order: <c>1.1.1k</c>, <c>2021a</c>, <c>1!2.0.post1</c>. Words sort before numbers, <c>dev</c> before all, <c>post</c> after.</summary>
public sealed partial class CondaVersion : Release
{
    /// <summary>Before and after whatever may follow.</summary>
    internal static readonly Piece Low = new(-9, 0, ""), High = new(9, 0, "");

    private static readonly Piece Zero = new(2, 0, "");
    private readonly IReadOnlyList<IReadOnlyList<Piece>> _version, _local;
    private readonly long _epoch;

    internal CondaVersion(string text, long epoch, IReadOnlyList<IReadOnlyList<Piece>> version, IReadOnlyList<IReadOnlyList<Piece>> local)
        => (Text, _epoch, _version, _local) = (text, epoch, version, local);

    public override string Text { get; }

    internal override string Plain => Text.EndsWith(".*", StringComparison.Ordinal) ? Text[..^2] : Text;

    public override IReadOnlyList<long> Numbers => [.. _version.Select(part => part.FirstOrDefault(piece => piece.Rank == 2).Number)];

    public override bool IsPreview => _version.Any(part => part.Any(piece => piece is { Rank: 0 } or { Rank: 1, Word: "a" or "alpha" or "b" or "beta" or "rc" }));

    /// <summary>The same with one more piece in its last part: where everything that begins like it begins (<see cref="Low"/>) or ends (<see cref="High"/>).</summary>
    internal CondaVersion Edge(Piece piece) => new(Text + ".*", _epoch, [.. _version.SkipLast(1), [.. _version[^1], piece]], []);

    internal static CondaVersion Read(string text)
    {
        var plain = text.Trim().ToLowerInvariant();
        if (!Form().IsMatch(plain) || plain.Length > 200)
            throw new FormatException($"'{Names.Shorten(text)}' is no version; one looks like 1.2.3 or 2021a.");
        var epoch = plain.Split('!') is [var before, _] ? long.TryParse(before, out var number) ? number : throw new FormatException($"'{Names.Shorten(text)}' has an epoch that is no number.") : 0;
        var rest = plain[(plain.IndexOf('!', StringComparison.Ordinal) + 1)..].Split('+');
        return new(plain, epoch, Parts(rest[0]), rest.Length > 1 ? Parts(rest[1]) : []);
    }

    public override int CompareTo(Release? other)
    {
        if (other is not CondaVersion that)
            return other is null ? 1 : throw new InvalidOperationException("Versions of two schemes.");
        if (_epoch != that._epoch)
            return _epoch.CompareTo(that._epoch);
        return Compare(_version, that._version, [], Part) is not 0 and var order ? order : Compare(_local, that._local, [], Part);
    }

    public override int GetHashCode() => HashCode.Combine(_epoch, Hash([.. _version.Select(part => Hash(part, Zero))], 0));

    private static int Part(IReadOnlyList<Piece> left, IReadOnlyList<Piece> right) => Compare(left, right, Zero, (one, two) => one.CompareTo(two));

    private static List<IReadOnlyList<Piece>> Parts(string text) => [.. text.Replace('-', '.').Replace('_', '.').Split('.', StringSplitOptions.RemoveEmptyEntries).Select(part =>
    {
        var pieces = Runs().Matches(part).Select(run => Of(run.Value)).ToList();
        if (!char.IsAsciiDigit(part[0]))
            pieces.Insert(0, Zero); // a word stands behind an unwritten 0, so that 1.1 < 1.1.0a is not so
        return (IReadOnlyList<Piece>)pieces;
    })];

    private static Piece Of(string run) => run switch
    {
        "dev" => new(0, 0, ""),
        "post" => new(3, 0, ""),
        _ when char.IsAsciiDigit(run[0]) => new(2, run.Length <= 18 ? long.Parse(run, null) : throw new FormatException($"the number {Names.Shorten(run, 24)} is too long."), ""),
        _ => new(1, 0, run),
    };

    [GeneratedRegex(@"^(?:[0-9]+!)?[a-z0-9][a-z0-9._-]*(?:\+[a-z0-9][a-z0-9._-]*)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("[0-9]+|[a-z]+", RegexOptions.NonBacktracking)]
    private static partial Regex Runs();

    /// <param name="Rank">dev, words, numbers, post.</param>
    internal readonly record struct Piece(int Rank, long Number, string Word) : IComparable<Piece>
    {
        public int CompareTo(Piece other) => Rank != other.Rank ? Rank.CompareTo(other.Rank) : Number != other.Number ? Number.CompareTo(other.Number) : string.CompareOrdinal(Word, other.Word);
    }
}
