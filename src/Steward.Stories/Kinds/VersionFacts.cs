using Steward.Models;

namespace Steward.Stories;

/// <summary>What is on record about one version, under a prefix: <c>new.right</c>, <c>old.right</c>.</summary>
internal static class VersionFacts
{
    public static Source Source(ModelVersion version) => new("version", version.Name, $"/projects/{version.Project}/models/{version.Model}/{version.Version}");

    public static void Add(Recorder all, string prefix, ModelVersion version)
    {
        var (source, at) = (Source(version), version.CheckedAt ?? version.CreatedAt);
        all.Number($"{prefix}.version", version.Version, source, version.CreatedAt).Name("model", version.Model).Name($"{prefix}.data", version.Data);
        var n = (long)Metric(version, "test.n").GetValueOrDefault();
        var tested = $"test:{version.Data}";
        if (Metric(version, "train.n") is { } learned)
            all.Count($"{prefix}.learned", (long)learned, source, at);
        if (Metric(version, "test.accuracy") is { } right && n > 0)
            all.Share($"{prefix}.right", right, n, source, at, tested).Count($"{prefix}.tested", n, source, at);
        if (Metric(version, "test.f1_macro") is { } f1)
        {
            all.Score($"{prefix}.f1", f1, n, source, at, tested);
            if (Metric(version, "test.f1_macro.low") is { } low && Metric(version, "test.f1_macro.high") is { } high)
                all.Score($"{prefix}.f1.low", low, n, source, at, tested).Score($"{prefix}.f1.high", high, n, source, at, tested);
        }

        if (Metric(version, "test.ece") is { } ece)
            all.Score($"{prefix}.ece", ece, n, source, at, tested);
        Weakest(all, prefix, version, source, at);
    }

    /// <summary>The kind that it finds least often, of those with test pictures.</summary>
    private static void Weakest(Recorder all, string prefix, ModelVersion version, Source source, DateTimeOffset at)
    {
        const string recall = "test.recall.";
        var kinds = version.Metrics.Where(metric => metric.Key.StartsWith(recall, StringComparison.Ordinal) && double.IsFinite(metric.Value))
            .Select(metric => (Kind: metric.Key[recall.Length..], Found: metric.Value, N: Metric(version, "test.n." + metric.Key[recall.Length..]).GetValueOrDefault()))
            .Where(kind => kind.N > 0).OrderBy(kind => kind.Found).ThenBy(kind => kind.Kind, StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
            return;
        foreach (var (kind, place) in kinds.Select(kind => kind.Kind).Order(StringComparer.Ordinal).Take(3).Select((kind, i) => (kind, i + 1)))
            all.Name($"kind.{place}", kind);
        var worst = kinds[0];
        all.Count($"{prefix}.kinds", kinds.Count, source, at)
            .Name($"{prefix}.weakest", worst.Kind)
            .Share($"{prefix}.weakest.found", worst.Found, (long)worst.N, source, at, $"kind:{worst.Kind}")
            .Count($"{prefix}.weakest.n", (long)worst.N, source, at);
    }

    private static double? Metric(ModelVersion version, string key) => version.Metrics.TryGetValue(key, out var value) && double.IsFinite(value) ? value : null;
}
