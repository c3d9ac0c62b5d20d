using System.Globalization;
using System.Text;

namespace Steward.Drawing;

/// <summary>Our typefaces and what is known of words before they are laid out.</summary>
public static class Lettering
{
    private const int LongestName = 40;

    private static readonly Lazy<Typeface> ComicRegular = new(() => Load("Steward Comic", Weight.Regular, "ComicNeue-Regular.otf"));
    private static readonly Lazy<Typeface> ComicBold = new(() => Load("Steward Comic", Weight.Bold, "ComicNeue-Bold.otf"));
    private static readonly Lazy<Typeface> ReadingRegular = new(() => Load("Steward Reading", Weight.Regular, "Andika-Regular.ttf"));
    private static readonly Lazy<Typeface> ReadingBold = new(() => Load("Steward Reading", Weight.Bold, "Andika-Bold.ttf"));

    /// <summary>Comic Neue, the hand of all stories.</summary>
    internal static Typeface Comic(Weight weight) => (weight == Weight.Bold ? ComicBold : ComicRegular).Value;

    /// <summary>Andika, for the letters that Comic Neue lacks.</summary>
    internal static Typeface Reading(Weight weight) => (weight == Weight.Bold ? ReadingBold : ReadingRegular).Value;

    /// <summary>Pixels that words take on one line.</summary>
    /// <exception cref="MissingGlyphException">No typeface has a letter of it.</exception>
    public static double Measure(string words, double size, Weight weight = Weight.Bold)
        => Parts(words, weight).Sum(part => part.Face.Measure(part.Words, size));

    /// <summary>The words cut where the typeface changes.</summary>
    internal static IEnumerable<(string Words, Typeface Face)> Parts(string words, Weight weight)
    {
        var (part, face) = (new StringBuilder(), Comic(weight));
        foreach (var letter in words.EnumerateRunes())
        {
            var next = Comic(weight).Has(letter) ? Comic(weight) : Reading(weight).Has(letter) ? Reading(weight) : throw new MissingGlyphException(letter, words);
            if (next != face && part.Length > 0)
            {
                yield return (part.ToString(), face);
                part.Clear();
            }
            face = next;
            part.Append(letter);
        }
        if (part.Length > 0)
            yield return (part.ToString(), face);
    }

    /// <summary>A name that somebody gave, fit to be drawn: without control and direction marks, at most 40 letters.</summary>
    public static string Name(string given)
    {
        var fine = string.Concat(given.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && rune != Rune.ReplacementChar)).Trim();
        var letters = new StringInfo(fine);
        return letters.LengthInTextElements <= LongestName ? fine : letters.SubstringByTextElements(0, LongestName - 1).TrimEnd() + "…";
    }

    /// <summary>The bytes of a file in Fonts.</summary>
    internal static byte[] File(string name)
    {
        using var from = typeof(Lettering).Assembly.GetManifestResourceStream("Steward.Drawing.Fonts." + name) ?? throw new InvalidOperationException($"The font {name} is not in the assembly.");
        var bytes = new byte[from.Length];
        from.ReadExactly(bytes);
        return bytes;
    }

    private static Typeface Load(string family, Weight weight, string file) => new(family, weight, File(file));
}
