namespace Steward.Tracking;

/// <summary>Names a run after what changed: people remember "lr=0.01", not an id.</summary>
internal static class RunName
{
    private const int Longest = 80;

    /// <summary>The parameters that differ from <paramref name="before"/>, by name; all of them when there is nothing before.</summary>
    public static string Of(IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string>? before)
    {
        var changed = values
            .Where(pair => before is null || !before.TryGetValue(pair.Key, out var was) || was != pair.Value)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}")
            .ToList();
        if (changed.Count == 0)
            return before is null ? "baseline" : "repeat";
        var name = string.Join(",", changed);
        return name.Length <= Longest ? name : name[..Longest] + "…";
    }
}
