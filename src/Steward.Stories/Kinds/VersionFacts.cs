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
        Measured.Add(all, $"{prefix}.", version.Metrics, version.Data, source, at);
    }
}
