namespace Steward.Kubernetes;

/// <summary>The word that was probably meant.</summary>
internal static class Nearest
{
    private const int Few = 12;

    /// <summary>A sentence with the nearest word, or with those that may stand there when there are few.</summary>
    public static string? Meant(string word, IReadOnlyCollection<string> known)
        => Like(word, known) ?? (known.Count is > 0 and <= Few ? $"It may be: {string.Join(", ", known.Order(StringComparer.Ordinal))}." : null);

    /// <summary>A sentence with the nearest word when one is near.</summary>
    public static string? Like(string word, IEnumerable<string> known)
    {
        var near = known.Order(StringComparer.Ordinal).Select(one => (Word: one, Far: Distance(word.ToUpperInvariant(), one.ToUpperInvariant()))).DefaultIfEmpty(("", int.MaxValue)).MinBy(one => one.Item2);
        return near.Item2 <= Math.Max(1, near.Item1.Length / 3) ? $"Did you mean '{Finding.Shown(near.Item1)}'?" : null;
    }

    /// <summary>Letters put in, left out, exchanged or swapped with their neighbour.</summary>
    private static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            for (var j = 0; j <= to.Length; j++)
                if (i == 0 || j == 0)
                    cost[i, j] = i + j;
                else
                {
                    cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                    if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                        cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }

        return cost[from.Length, to.Length];
    }
}
