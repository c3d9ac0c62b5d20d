using System.Text.RegularExpressions;

namespace Steward.Stories;

/// <summary>
/// How long a text takes and how hard it is, counted on what a person would say: "14:00" is two words.
/// </summary>
/// <param name="Grade">
/// School year that reads it with ease. English: Flesch-Kincaid (Kincaid et al. 1975, Navy Research Branch Report 8-75).
/// German: first Wiener Sachtextformel (Bamberger and Vanecek 1984, Lesen - Verstehen - Lernen - Schreiben). Both fall
/// below the first year on texts of short sentences: a low grade is needed for a child, and never enough.
/// </param>
/// <param name="LongestSentence">Its words.</param>
public sealed partial record Reading(int Words, int Sentences, int Syllables, double Grade, int LongestSentence, string Longest)
{
    /// <summary>Words a minute of a calm adult who reads aloud; the mean is 183 (Brysbaert 2019).</summary>
    public const double Aloud = 140;

    /// <summary>Words a minute of a child in the third grade, 50th percentile in spring (Hasbrouck and Tindal 2017).</summary>
    public const double Alone = 112;

    /// <summary>Seconds a child looks at a picture before reading on.</summary>
    public const double Looking = 3;

    public double MeanSentence => Sentences == 0 ? 0 : (double)Words / Sentences;

    public double SecondsAloud => Words / Aloud * 60;

    public double SecondsAlone(int panels) => (Words / Alone * 60) + (panels * Looking);

    /// <summary>A line break ends a sentence as a full stop does: captions and signs often have none.</summary>
    public static Reading Of(string text, Language language)
    {
        var sentences = SentencesOf(language.Spoken(text)).Where(one => Word.IsMatch(one)).ToList();
        if (sentences.Count == 0)
            return new(0, 0, 0, 0, 0, "");
        var words = sentences.SelectMany(WordsOf).ToList();
        var syllables = words.Select(language.Syllables).ToList();
        var longest = sentences.MaxBy(one => Word.Count(one))!;
        return new(words.Count, sentences.Count, syllables.Sum(), language.Grade(words, sentences.Count, syllables), Word.Count(longest), longest);
    }

    /// <summary>Words with their inner hyphens and apostrophes.</summary>
    public static IReadOnlyList<string> WordsOf(string text) => [.. Word.Matches(text).Select(match => match.Value)];

    /// <summary>The sentences of a text in their order, without the white space around them.</summary>
    public static IEnumerable<string> SentencesOf(string text) => End.Split(text).Select(one => one.Trim()).Where(one => one.Length > 0);

    [GeneratedRegex(@"(?<=[.!?…][)""'”’“»«]*)\s+|[\r\n]+")]
    private static partial Regex End { get; }

    [GeneratedRegex(@"\p{L}+(?:['’-]\p{L}+)*")]
    private static partial Regex Word { get; }
}
