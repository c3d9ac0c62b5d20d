namespace Steward.Stories;

/// <summary>Orders that look like chance and are the same on every machine.</summary>
internal static class QuizOrder
{
    /// <summary>Sorts like chance: the digest of what it is about.</summary>
    public static string Key(params string[] about) => FactHash.Of(about).Hex;

    /// <summary>
    /// Puts the right answers of a set into places: each place as often as the others, give or take one, so that neither the
    /// place of one answer nor of those before tells anything.
    /// </summary>
    public static List<QuizItem> Spread(IReadOnlyList<QuizItem> items, string seed)
    {
        var places = items.Select((item, number) => (item, number)).OrderBy(one => Key(seed, "place", one.item.Id), StringComparer.Ordinal)
            .Select((one, rank) => (one.number, Place: (rank + Key(seed, "first")[0]) % QuizLint.Options)).ToDictionary(one => one.number, one => one.Place);
        return [.. items.Select((item, number) => Place(item, places[number], seed))];
    }

    private static QuizItem Place(QuizItem item, int place, string seed)
    {
        var options = item.Options.Where(option => !option.Right).OrderBy(option => Key(seed, item.Id, option.Text), StringComparer.Ordinal).ToList();
        options.Insert(place, item.Options.First(option => option.Right));
        return item with { Options = options };
    }
}
