namespace Steward.Data;

/// <summary>One picture of a data set.</summary>
/// <param name="Key">Its name within the data set, <c>apple/0001.png</c>. Never a path on any disk.</param>
/// <param name="Blob">Its bytes in the blob store.</param>
/// <param name="Label">What it shows; empty while nobody has named it.</param>
/// <param name="Source">Where it came from: <c>import</c>, <c>labels</c>, a drawing style.</param>
public sealed record Item(string Key, Digest Blob, string Label, Split Split, string Source)
{
    /// <summary>Characters.</summary>
    public const int LongestLabel = 100;

    private const int LongestKey = 300, LongestSource = 60;

    /// <summary>Somebody said what it shows; only then can it be learned from.</summary>
    public bool IsNamed => Label is not "";

    /// <summary>The item itself when its words can be kept; <c>item_invalid</c> otherwise.</summary>
    public Item Checked()
    {
        CheckKey(Key);
        if (IsNamed)
            CheckWord("label", Label, LongestLabel);
        CheckWord("source", Source, LongestSource);
        return Enum.IsDefined(Split) ? this : throw Wrong($"'{Names.Shorten(Key)}' is in no known split.", "Choose train, valid or test.");
    }

    /// <summary>A key is a plain relative name: no control characters, no backslash, no part that is empty, <c>.</c> or <c>..</c>.</summary>
    internal static string CheckKey(string? key)
    {
        if (string.IsNullOrEmpty(key) || key.Length > LongestKey)
            throw Wrong($"'{Names.Shorten(key)}' cannot be the key of an item: it has {key?.Length ?? 0} characters.", $"Use 1 to {LongestKey} characters.");
        return key.Any(char.IsControl) || key.Contains('\\') || key.Split('/').Any(part => part is "" or "." or "..")
            ? throw Wrong($"'{Names.Shorten(key)}' cannot be the key of an item.", "Write it like apple/0001.png: no leading slash, no backslash, no '..', no control characters.")
            : key;
    }

    private void CheckWord(string what, string? word, int most)
    {
        if (string.IsNullOrWhiteSpace(word) || word.Length > most || word.Any(char.IsControl))
            throw Wrong($"The {what} '{Names.Shorten(word)}' of '{Names.Shorten(Key)}' cannot be kept.", $"Use 1 to {most} characters that can be shown.");
    }

    private static ProblemException Wrong(string why, string tryThis) => ProblemException.Invalid("item_invalid", why, tryThis);
}

/// <summary>What an item is for: to learn from, to choose by, to judge with.</summary>
public enum Split { Train, Valid, Test }

internal static class Splits
{
    /// <summary>As manifests, records and people write it.</summary>
    public static string Word(this Split split) => split switch
    {
        Split.Train => "train",
        Split.Valid => "valid",
        _ => "test",
    };

    /// <summary>The split that a word names; null for no word.</summary>
    public static Split? Read(string? word) => word?.ToLowerInvariant() switch
    {
        null or "" => null,
        "train" => Split.Train,
        "valid" => Split.Valid,
        "test" => Split.Test,
        _ => throw ProblemException.Invalid("split_invalid", $"'{Names.Shorten(word)}' is no split.", "Choose train, valid or test."),
    };
}
