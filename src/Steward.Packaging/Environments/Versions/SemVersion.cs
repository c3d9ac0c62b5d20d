using System.Text.RegularExpressions;

namespace Steward.Packaging;

/// <summary>Numbers with an optional preview: <c>1.2.3-rc.1</c>. Julia has three numbers, NuGet up to four. What stands behind a plus sign says nothing about order.</summary>
public sealed partial class SemVersion : Release
{
    private SemVersion(IReadOnlyList<long> numbers, IReadOnlyList<string> preview) => (Numbers, Preview) = (numbers, preview);

    public override IReadOnlyList<long> Numbers { get; }

    public IReadOnlyList<string> Preview { get; }

    /// <summary>Below every preview of these numbers.</summary>
    internal bool IsLowest { get; private init; }

    public override bool IsPreview => Preview.Count > 0 || IsLowest;

    public override string Text => string.Join('.', Numbers.Concat(Enumerable.Repeat(0L, Math.Max(0, 3 - Numbers.Count)))) + (Preview.Count > 0 ? "-" + string.Join('.', Preview) : "");

    internal static SemVersion Lowest(params IReadOnlyList<long> numbers) => new(numbers, []) { IsLowest = true };

    internal static SemVersion Read(string text, string example)
    {
        if (text.Length > 200 || Form().Match(text.Trim()) is not { Success: true } match)
            throw new FormatException($"'{Names.Shorten(text)}' is no version; one looks like {example}.");
        var numbers = match.Groups["numbers"].Value.Split('.').Select(digits => digits.Length <= 18 ? long.Parse(digits, null) : throw new FormatException($"the number {Names.Shorten(digits, 24)} is too long.")).ToList();
        while (numbers.Count > 3 && numbers[^1] == 0)
            numbers.RemoveAt(numbers.Count - 1);
        return new(numbers, match.Groups["preview"].Success ? match.Groups["preview"].Value.Split('.') : []);
    }

    public override int CompareTo(Release? other)
    {
        if (other is not SemVersion that)
            return other is null ? 1 : throw new InvalidOperationException("Versions of two schemes.");
        if (Compare(Numbers, that.Numbers, 0, (left, right) => left.CompareTo(right)) is not 0 and var order)
            return order;
        if (IsLowest || that.IsLowest)
            return that.IsLowest.CompareTo(IsLowest);
        if (Preview.Count == 0 || that.Preview.Count == 0)
            return (Preview.Count == 0).CompareTo(that.Preview.Count == 0);
        for (var i = 0; i < Math.Min(Preview.Count, that.Preview.Count); i++)
            if (Word(Preview[i], that.Preview[i]) is not 0 and var word)
                return word;
        return Preview.Count.CompareTo(that.Preview.Count);
    }

    public override int GetHashCode() => HashCode.Combine(Hash(Numbers, 0), IsLowest, Preview.Aggregate(0, (hash, word) => HashCode.Combine(hash, StringComparer.OrdinalIgnoreCase.GetHashCode(word))));

    /// <summary>Numbers as numbers and before words; words in any case, as NuGet compares them.</summary>
    private static int Word(string left, string right) => (long.TryParse(left, out var one), long.TryParse(right, out var two)) switch
    {
        (true, true) => one.CompareTo(two),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.Compare(left, right, StringComparison.OrdinalIgnoreCase),
    };

    [GeneratedRegex(@"^v?(?<numbers>[0-9]+(?:\.[0-9]+){0,3})(?:-(?<preview>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
