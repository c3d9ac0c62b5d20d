namespace Steward.Stories;

/// <summary>A text with placeholders: <c>{fact.id|format}</c> stands for what a stored fact says, the rest is ours to answer for.</summary>
public static class Template
{
    /// <summary>Stands where a placeholder stood: no letter, no digit, and no mark that ends a sentence.</summary>
    internal const char Hole = '\uFFFC';

    /// <summary>
    /// The pieces in their order. Braces may nest; a brace that is never closed opens nothing, so that no claim can hide
    /// behind it.
    /// </summary>
    public static IEnumerable<Piece> Pieces(string text)
    {
        var from = 0;
        for (var at = text.IndexOf('{', StringComparison.Ordinal); at >= 0; at = text.IndexOf('{', at))
        {
            if (Closing(text, at) is not { } end)
            {
                at++;
                continue;
            }
            if (at > from)
                yield return new(text[from..at], from, false);
            yield return new(text[at..(end + 1)], at, true);
            from = at = end + 1;
        }
        if (from < text.Length)
            yield return new(text[from..], from, false);
    }

    /// <summary>The text with every placeholder blanked out, as long as before: places in it are places in the template.</summary>
    public static string Blank(string text) => string.Concat(Pieces(text).Select(piece => piece.Placeholder ? new string(Hole, piece.Text.Length) : piece.Text));

    private static int? Closing(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }
        return null;
    }
}

/// <param name="At">Where the piece begins in the template.</param>
public sealed record Piece(string Text, int At, bool Placeholder);
