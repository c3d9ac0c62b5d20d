using System.Text;

namespace Steward.Stories;

/// <summary>
/// A language nobody speaks, for tests: every word still readable, a third longer and full of accents. It finds fixed
/// widths, words that were never put in a catalogue, and letters a font lacks, before a translator does.
/// </summary>
public static class Pseudo
{
    /// <summary>German runs about this much longer than English in short texts.</summary>
    public const double Growth = 0.35;

    private const string Plain = "aeiouycnszAEIOUYCNSZ";
    private const string Accented = "áéîöüýçñšžÁÉÎÖÜÝÇÑŠŽ";
    private const string Vowels = "aeiouyAEIOUY";

    /// <summary>The text in the pseudo-language; what stands in braces stays as it is.</summary>
    public static string Of(string template) => string.Concat(Template.Pieces(template).Select(piece => piece.Placeholder ? piece.Text : Grown(piece.Text)));

    /// <summary>Vowels are drawn out first, then any letter: what a word cannot take, the next one does.</summary>
    private static string Grown(string text)
    {
        var grown = new StringBuilder();
        var owed = 0.0;
        for (var at = 0; at < text.Length; at++)
        {
            grown.Append(Accent(text[at]));
            if (!char.IsAsciiLetter(text[at]))
                continue;
            owed += Growth;
            var wordEnds = at + 1 == text.Length || !char.IsAsciiLetter(text[at + 1]);
            while (owed >= (Vowels.Contains(text[at]) ? 0.5 : wordEnds ? 1 : 2))
            {
                grown.Append(char.ToLowerInvariant(Accent(text[at])));
                owed--;
            }
        }
        return grown.ToString();
    }

    private static char Accent(char letter) => Plain.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at ? Accented[at] : letter;
}
