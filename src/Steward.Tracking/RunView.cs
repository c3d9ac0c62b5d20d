namespace Steward.Tracking;

/// <summary>A run as it is told over HTTP.</summary>
/// <param name="Seconds">How long it took; nothing while it runs.</param>
/// <param name="Metrics">The last value of each.</param>
/// <param name="Primary">The number it is compared by; of a study, its best tune's.</param>
/// <param name="Tunes">How many runs belong to this study.</param>
/// <param name="Artifacts">Left out of lists.</param>
internal sealed record RunView(
    string Id, string Project, string Experiment, string Name, RunStatus Status, string? Parent, string By, string? Data, string? Code, string? Environment,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double? Seconds,
    IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, double> Metrics,
    PrimaryView? Primary, int Tunes, IReadOnlyList<ArtifactView>? Artifacts, Lineage? Lineage)
{
    public static RunView Of(Study study, IReadOnlyList<ArtifactView>? artifacts = null) => Of(study.Run, study.Primary is { } primary ? new(primary.Metric, study.Score, study.Best?.Id) : null, study.Tunes.Count, artifacts);

    public static RunView Of(Run run, Run? study = null) => Of(run, Tracking.Primary.Of(run, study) is { } primary ? new(primary.Metric, primary.In(run), null) : null, 0, null);

    private static RunView Of(Run run, PrimaryView? primary, int tunes, IReadOnlyList<ArtifactView>? artifacts) => new(
        run.Id, run.Project, run.Experiment, run.Name, run.Status, run.Parent, run.By, run.Data, run.Code, run.Environment,
        run.StartedAt, run.EndedAt, run.Took?.TotalSeconds, run.Params, run.Tags, run.Metrics, primary, tunes, artifacts, run.Lineage);
}

/// <param name="Best">The tune that it is of, in a study.</param>
internal sealed record PrimaryView(string Metric, double? Value, string? Best);

internal sealed record ArtifactView(string Name, Digest Digest, long Size, DateTimeOffset At)
{
    public static ArtifactView Of(RunArtifact one) => new(one.Name, one.Blob, one.Size, one.At);
}
