namespace Steward.Stories;

/// <summary>What a classifier's run measured on its test pictures, as facts under a prefix: <c>new.right</c> for <c>new.</c>.</summary>
internal static class Measured
{
    private const string Recall = "test.recall.";

    /// <param name="metrics">Of a run or a version, by key.</param>
    /// <param name="data">The snapshot it was tested on: shares of another one do not compare.</param>
    public static void Add(Recorder all, string prefix, IReadOnlyDictionary<string, double> metrics, string? data, Source source, DateTimeOffset at)
    {
        double? Metric(string key) => metrics.TryGetValue(key, out var value) && double.IsFinite(value) ? value : null;
        var (n, tested) = ((long)(Metric("test.n") ?? 0), $"test:{data}");
        if (Metric("train.n") is { } learned)
            all.Count($"{prefix}learned", (long)learned, source, at);
        if (Metric("test.accuracy") is { } right && n > 0)
            all.Share($"{prefix}right", right, n, source, at, tested).Count($"{prefix}tested", n, source, at);
        foreach (var (id, key) in new[] { ("f1", "test.f1_macro"), ("f1.low", "test.f1_macro.low"), ("f1.high", "test.f1_macro.high"), ("ece", "test.ece") })
            if (Metric(key) is { } score)
                all.Score($"{prefix}{id}", score, n, source, at, tested);
        var kinds = metrics.Keys.Where(key => key.StartsWith(Recall, StringComparison.Ordinal)).Select(key => key[Recall.Length..])
            .Select(kind => (Kind: kind, Found: Metric(Recall + kind), N: (long)(Metric("test.n." + kind) ?? 0))).Where(kind => kind.Found is not null && kind.N > 0)
            .OrderBy(kind => kind.Found).ThenBy(kind => kind.Kind, StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
            return;
        all.Count($"{prefix}kinds", kinds.Count, source, at).Kinds(kinds.Select(kind => kind.Kind)).Count($"{prefix}weakest.n", kinds[0].N, source, at);
        foreach (var (id, (kind, found, of)) in new[] { ("weakest", kinds[0]), ("strongest", kinds[^1]) })
            all.Name(prefix + id, kind).Share($"{prefix}{id}.found", found!.Value, of, source, at, $"kind:{kind}");
    }
}
