namespace Steward.Projects;

/// <summary>“Did you mean”: the nearest known word by edit distance.</summary>
public static class Suggest
{
    public static string? For(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(one => (Word: one, Distance: Distance(word, one))).OrderBy(pair => pair.Distance).ThenBy(pair => pair.Word, StringComparer.Ordinal).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(2, nearest.Word.Length / 3)
            ? $"Did you mean '{nearest.Word}'?"
            : $"Known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    public static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= to.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
