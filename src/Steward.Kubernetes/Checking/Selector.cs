namespace Steward.Kubernetes;

/// <summary>Which labels a selector asks for.</summary>
internal static class Selector
{
    /// <summary>The first demand that the labels do not meet; null when they meet all.</summary>
    public static string? Unmet(Spot selector, IReadOnlyDictionary<string, string> labels)
        => Plain(selector["matchLabels"].Pairs, labels) ?? selector["matchExpressions"].Items.Select(one => Expression(one, labels)).FirstOrDefault(unmet => unmet is not null);

    /// <summary>The same for pairs without operators, as a Service has them.</summary>
    public static string? Plain(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in wanted)
            if (!labels.TryGetValue(key, out var found))
                return $"the label '{Finding.Shown(key)}' is not there";
            else if (found != value)
                return $"the label '{Finding.Shown(key)}' is '{Finding.Shown(found)}', not '{Finding.Shown(value)}'";
        return null;
    }

    private static string? Expression(Spot one, IReadOnlyDictionary<string, string> labels)
    {
        var key = one["key"].Text ?? "";
        var values = one["values"].Items.Select(value => value.Text).ToHashSet();
        var found = labels.GetValueOrDefault(key);
        var met = one["operator"].Text switch
        {
            "In" => found is not null && values.Contains(found),
            "NotIn" => found is null || !values.Contains(found),
            "Exists" => found is not null,
            "DoesNotExist" => found is null,
            _ => true,
        };
        return met ? null : $"the label '{Finding.Shown(key)}' is {(found is null ? "not there" : $"'{Finding.Shown(found)}'")}, against '{Finding.Shown(one["operator"].Text ?? "")}'";
    }
}
