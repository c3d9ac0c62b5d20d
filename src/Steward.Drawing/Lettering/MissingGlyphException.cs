using System.Text;

namespace Steward.Drawing;

/// <summary>A letter that none of our typefaces has: an empty box must not be published.</summary>
public sealed class MissingGlyphException(Rune letter, string words)
    : Exception($"No typeface has the letter '{letter}' (U+{letter.Value:X4}) of \"{words}\".")
{
    public Rune Letter => letter;
}
