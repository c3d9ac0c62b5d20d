using Steward.Blobs;
using Steward.Work;

namespace Steward.Tracking.Pages;

/// <summary>Everything the page of a run shows, read at one moment.</summary>
/// <param name="Of">The study it belongs to, with its other tunes; null for a study or a run by itself.</param>
/// <param name="Points">What was measured, by run.</param>
/// <param name="Evaluation">How it did on its test split, kind by kind; null when it left no such file.</param>
/// <param name="Slices">The same for parts of the test split.</param>
/// <param name="Task">The task that does the work, when one does.</param>
public sealed record RunSight(Study Study, Study? Of, ILookup<string, MetricPoint> Points, IReadOnlyList<RunArtifact> Files, Evaluated? Evaluation, Sliced? Slices, WorkTask? Task)
{
    public Run Run => Study.Run;

    public Primary? Primary => Of is null ? Study.Primary : Primary.Of(Run, Of.Run) ?? Of.Primary;

    internal IReadOnlyList<Curve> Curves => Study.Tunes.Count > 0 ? Curve.OfStudy(Study, Points) : Curve.OfRun(Run, Points[Run.Id], Primary);

    /// <summary>What came out in one number each, the most important first: what the evaluation shows kind by kind is left to it, and the ends of
    /// an interval go with what they belong to.</summary>
    internal IEnumerable<(string Key, double Value, double? Low, double? High)> Measured => Run.Metrics
        .Where(pair => !OfKind(pair.Key) && !IsEnd(pair.Key, ".low") && !IsEnd(pair.Key, ".high"))
        .OrderByDescending(pair => pair.Key == Primary?.Metric)
        .Select(pair => (pair.Key, pair.Value, End(pair.Key + ".low"), End(pair.Key + ".high")));

    /// <summary>How much is done, 0 to 1; null when nobody can know.</summary>
    public double? Progress => Task is { IsOver: false, Progress: { } told } ? told
        : Study.Tunes.Count == 0 ? Done(Run)
        : Study.Tunes.Select(Done).ToList() is var all && all.All(one => one is null) ? null : all.Average(one => one ?? 0);

    private bool OfKind(string key) => Evaluation?.Kinds.Any(kind => key.EndsWith("." + kind, StringComparison.Ordinal) || key.EndsWith($".{kind}.low", StringComparison.Ordinal) || key.EndsWith($".{kind}.high", StringComparison.Ordinal)) ?? false;

    private bool IsEnd(string key, string end) => key.EndsWith(end, StringComparison.Ordinal) && Run.Metrics.ContainsKey(key[..^end.Length]);

    private double? End(string key) => Run.Metrics.TryGetValue(key, out var value) ? value : null;

    private double? Done(Run run) => run.IsOver ? 1
        : run.Params.TryGetValue("epochs", out var text) && int.TryParse(text, out var epochs) && epochs > 0 ? Math.Min(1, Points[run.Id].Select(point => point.Step).DefaultIfEmpty().Max() / (double)epochs)
        : null;

    internal static async Task<RunSight> Read(Study study, Studies studies, IRuns runs, IBlobs blobs, ILedger ledger, CancellationToken stop)
    {
        var of = study.Run.Parent is null ? null : await studies.Find(study.Run.Project, study.Run.Parent, stop);
        var points = await studies.Points(study.Tunes.Count > 0 ? study.Tunes.Select(tune => tune.Id) : [study.Run.Id], stop);
        var task = (study.Run.Tags.GetValueOrDefault("task") ?? of?.Run.Tags.GetValueOrDefault("task")) is { } id && !study.Run.IsOver ? await ledger.Find(id, stop) : null;
        var files = await runs.ArtifactsOf(study.Run.Id, stop);
        return new(study, of, points, files, await Evaluated.Of(files, blobs, stop), await Sliced.Of(files.FirstOrDefault(file => file.Name == Sliced.File)?.Blob, blobs, stop), task?.Project == study.Run.Project ? task : null);
    }
}
