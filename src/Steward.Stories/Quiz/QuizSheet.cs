namespace Steward.Stories;

/// <summary>Six items drawn for one person and one try.</summary>
internal static class QuizSheet
{
    /// <summary>
    /// The same bank, person and try give the same sheet. It holds an item about the limits and, where people sign, one about
    /// the way back, both of them must-knows; the rest are those that this person saw least often in the tries before.
    /// </summary>
    /// <param name="tryNumber">From 1.</param>
    public static IReadOnlyList<QuizItem> Draw(QuizBank bank, string person, int tryNumber)
    {
        var seen = bank.Items.ToDictionary(item => item.Id, _ => 0, StringComparer.Ordinal);
        IReadOnlyList<QuizItem> drawn = [];
        for (var one = 1; one <= tryNumber; one++)
        {
            var seed = QuizOrder.Key(bank.Story.Hash.Hex, person, $"{one}");
            drawn = Draw(bank.Items, seen, seed);
            foreach (var item in drawn)
                seen[item.Id]++;
            drawn = QuizOrder.Spread(drawn, seed);
        }

        return drawn;
    }

    private static List<QuizItem> Draw(IReadOnlyList<QuizItem> items, Dictionary<string, int> seen, string seed)
    {
        var fresh = items.OrderBy(item => seen[item.Id]).ThenBy(item => QuizOrder.Key(seed, item.Id), StringComparer.Ordinal).ToList();
        var must = new[] { QuizKind.Limit, QuizKind.WayBack }.Select(kind => fresh.Find(item => item.MustKnow && item.Kind == kind)).OfType<QuizItem>().ToList();
        if (must.Count < 2 && fresh.Find(item => item.MustKnow && !must.Contains(item)) is { } more)
            must.Add(more);
        return [.. must.Concat(fresh.Except(must).Take(QuizChance.Items - must.Count)).OrderBy(item => QuizOrder.Key(seed, "order", item.Id), StringComparer.Ordinal)];
    }
}
