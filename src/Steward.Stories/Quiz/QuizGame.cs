namespace Steward.Stories;

/// <summary>
/// What people mastered, per story, from what happened and nothing else: replaying the events gives what the store tells.
/// It holds no points and no order of people; a yes to a version and the seconds of a try count for nothing.
/// </summary>
/// <param name="Scores">Right answers of the ended tries, by story, facts and person.</param>
/// <param name="Mastered">Who passed, by story and facts.</param>
/// <param name="Credits">Remarks that became a limit or a test, by person.</param>
/// <param name="Rounds">Pictures named as people do in the ended rounds, by project and person.</param>
public sealed record QuizGame(
    IReadOnlyDictionary<string, IReadOnlyList<int>> Scores, IReadOnlyDictionary<string, IReadOnlyList<string>> Mastered, IReadOnlyDictionary<string, int> Credits, IReadOnlyDictionary<string, IReadOnlyList<int>> Rounds)
{
    public static QuizGame Replay(IEnumerable<object> told)
    {
        var rounds = new SortedDictionary<string, SortedDictionary<int, int>>(StringComparer.Ordinal);
        var (scores, mastered, credits) = (new SortedDictionary<string, SortedDictionary<int, int>>(StringComparer.Ordinal), new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal), new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal));
        foreach (var one in told)
            switch (one)
            {
                // Events may be told twice: a try has one end, a remark becomes something once.
                case QuizEnded end:
                    Of(scores, Key(end.Project, end.Kind, end.Subject, end.Facts, end.Person))[end.Number] = end.Right;
                    if (end.Passed)
                        Of(mastered, Key(end.Project, end.Kind, end.Subject, end.Facts)).Add(end.Person);
                    break;
                case NamingEnded end:
                    Of(rounds, Key(end.Project, end.Person))[end.Number] = end.Right;
                    break;
                case RemarkBecame became:
                    Of(credits, became.Person).Add(became.Remark);
                    break;
            }

        return new(scores.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<int>)[.. pair.Value.Values]), mastered.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value]), credits.ToDictionary(pair => pair.Key, pair => pair.Value.Count),
            rounds.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<int>)[.. pair.Value.Values]));
    }

    internal static string Key(params string[] parts) => string.Join('/', parts);

    private static T Of<T>(SortedDictionary<string, T> all, string key) where T : new() => all.TryGetValue(key, out var there) ? there : all[key] = new();
}
