namespace Steward.Stories;

/// <summary>
/// The words a child of nine knows in one language, and the forms that plain rules make of them. Ours, written by hand;
/// it is closed on purpose: a word comes in when a story needs it and a reviewer agrees that a child has it.
/// </summary>
public sealed class Lexicon
{
    /// <summary>A sentence that explains may bring in so many new words, not more: else it explains nothing.</summary>
    private const int NewAtOnce = 2;

    private readonly Language _language;
    private readonly HashSet<string> _words;
    private readonly HashSet<string> _nouns;
    private readonly HashSet<string> _first;

    internal Lexicon(Language language)
    {
        _language = language;
        var list = WordList.Read(language.Code, "lexicon");
        var (words, small) = (list.Words("").ToList(), list.Words("small").ToList());
        _words = [.. words.Concat(small).Select(Plain)];
        _first = [.. words.Select(Plain).Except(small.Select(Plain))];
        _nouns = [.. words.Where(word => char.IsUpper(word[0])).Select(Plain)];
    }

    /// <summary>How many words are written down, without the forms that rules make.</summary>
    public int Count => _words.Count;

    internal IReadOnlyCollection<string> Written => _words;

    public bool Knows(string word) => Known(Plain(word)) || (word.Contains('-') && word.Split('-', StringSplitOptions.RemoveEmptyEntries).All(part => Known(Plain(part))));

    /// <summary>The words of a telling that are hard, and their share of all its words.</summary>
    /// <param name="panels">What is told, panel by panel: a hard word may be used once a sentence introduced it.</param>
    /// <param name="introduced">Words that a picture or a name tag introduces, and names of people and things.</param>
    public Unfamiliar Unknown(IEnumerable<string> panels, IEnumerable<string>? introduced = null)
    {
        var allowed = (introduced ?? []).SelectMany(Reading.WordsOf).Select(Plain).ToHashSet();
        var (count, hard) = (0, new List<string>());
        foreach (var sentence in panels.SelectMany(panel => Reading.SentencesOf(Template.Blank(panel))))
        {
            var words = Reading.WordsOf(sentence);
            var unknown = words.Where(word => !Knows(word) && !Allows(allowed, word)).ToList();
            count += words.Count;
            if (unknown.Count is > 0 and <= NewAtOnce && _language.Introduces.IsMatch(sentence))
                allowed.UnionWith(unknown.Select(Plain));
            else
                hard.AddRange(unknown);
        }
        return new(count == 0 ? 0 : (double)hard.Count / count, [.. hard.Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    public Unfamiliar Unknown(string text, IEnumerable<string>? introduced = null) => Unknown([text], introduced);

    internal static string Plain(string word) => word.Replace('’', '\'').ToLowerInvariant();

    private bool Allows(HashSet<string> allowed, string word) => _language.Roots(Plain(word)).Any(allowed.Contains);

    private bool Known(string word) => _language.Roots(word).Any(_words.Contains) || (_language.Compounds && IsCompound(word));

    /// <summary>"Lampenlicht": a known word, a joint, and a known noun at the end. A small word before it makes a new one: "Ausfall".</summary>
    private bool IsCompound(string word)
    {
        for (var at = 3; at <= word.Length - 3; at++)
            if (_language.Roots(word[at..]).Any(_nouns.Contains)
                && Joints.Any(joint => word[..at].EndsWith(joint, StringComparison.Ordinal) && at - joint.Length >= 3 && (_first.Contains(word[..(at - joint.Length)]) || (joint.Length == 0 && _first.Contains(word[..at] + "en")))))
                return true;
        return false;
    }

    private static readonly string[] Joints = ["", "s", "n", "en", "ns", "ens", "er", "es", "e"];
}

/// <param name="Share">Of all words, 0 to 1; a hard word counts each time it is used.</param>
public sealed record Unfamiliar(double Share, IReadOnlyList<string> Words);
