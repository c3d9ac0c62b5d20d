using Steward.Work;

namespace Steward.Tracking.Pages;

/// <summary>Everything the page of a run shows, read at one moment.</summary>
/// <param name="Of">The study it belongs to, with its other tunes; null for a study or a run by itself.</param>
/// <param name="Points">What was measured, by run.</param>
/// <param name="Task">The task that does the work, when one does.</param>
public sealed record RunSight(Study Study, Study? Of, ILookup<string, MetricPoint> Points, IReadOnlyList<RunArtifact> Files, WorkTask? Task)
{
    public Run Run => Study.Run;

    public Primary? Primary => Of is null ? Study.Primary : Primary.Of(Run, Of.Run) ?? Of.Primary;

    internal IReadOnlyList<Curve> Curves => Study.Tunes.Count > 0 ? Curve.OfStudy(Study, Points) : Curve.OfRun(Run, Points[Run.Id], Primary);

    /// <summary>How much is done, 0 to 1; null when nobody can know.</summary>
    public double? Progress => Task is { IsOver: false, Progress: { } told } ? told
        : Study.Tunes.Count == 0 ? Done(Run)
        : Study.Tunes.Select(Done).ToList() is var all && all.All(one => one is null) ? null : all.Average(one => one ?? 0);

    private double? Done(Run run) => run.IsOver ? 1
        : run.Params.TryGetValue("epochs", out var text) && int.TryParse(text, out var epochs) && epochs > 0 ? Math.Min(1, Points[run.Id].Select(point => point.Step).DefaultIfEmpty().Max() / (double)epochs)
        : null;

    internal static async Task<RunSight> Read(Study study, Studies studies, IRuns runs, ILedger ledger, CancellationToken stop)
    {
        var of = study.Run.Parent is null ? null : await studies.Find(study.Run.Project, study.Run.Parent, stop);
        var points = await studies.Points(study.Tunes.Count > 0 ? study.Tunes.Select(tune => tune.Id) : [study.Run.Id], stop);
        var task = (study.Run.Tags.GetValueOrDefault("task") ?? of?.Run.Tags.GetValueOrDefault("task")) is { } id && !study.Run.IsOver ? await ledger.Find(id, stop) : null;
        return new(study, of, points, await runs.ArtifactsOf(study.Run.Id, stop), task?.Project == study.Run.Project ? task : null);
    }
}
