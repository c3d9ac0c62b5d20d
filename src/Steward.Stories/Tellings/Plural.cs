namespace Steward.Stories;

/// <summary>Which form of a word goes with a count, by the plural rules of CLDR (unicode.org, Language Plural Rules) for whole numbers.</summary>
internal static class Plural
{
    /// <summary>Place of the form, from 0; forms are written in this order: <c>picture/pictures</c>, <c>plik/pliki/plików</c>.</summary>
    internal static int Form(string rule, long n) => rule switch
    {
        "one-other" => n == 1 ? 0 : 1,
        "french" => n is 0 or 1 ? 0 : 1,
        "slavic" => (n % 10, n % 100) is (1, not 11) ? 0 : n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14) ? 1 : 2,
        "polish" => n == 1 ? 0 : n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14) ? 1 : 2,
        "one" => 0,
        _ => throw new CatalogueException($"There is no plural rule '{rule}': one-other, french, slavic, polish or one."),
    };
}

/// <summary>A language file is not as it must be.</summary>
public sealed class CatalogueException(string why) : Exception(why);
