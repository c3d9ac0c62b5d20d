using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;
using Steward.Statistics;

namespace Steward.Monitoring;

internal static class MonitorEndpoints
{
    public static void MapMonitor(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/projects/{project}/monitor").WithTags("Monitoring")
        .MapGet("/{endpoint}", (string project, string endpoint, int? limit, MonitorReader reader, CancellationToken stop) => reader.Read(project, endpoint, limit ?? 100, stop)).Needs(Permission.Read);
}

/// <summary>How an endpoint is doing, with what its limits mean.</summary>
/// <param name="Waiting">Answers of the version that serves which are not judged yet.</param>
/// <param name="Dropped">Answers that this server gave since its start and could not keep: nobody can judge them.</param>
/// <param name="Incident">The number of its open incident.</param>
/// <param name="Explained">What alarms and why from there on, in sentences.</param>
/// <param name="Windows">Newest first.</param>
/// <param name="Feedback">Batches of answers that people spoke about, newest first.</param>
/// <param name="Volume">How many requests came, window by window, newest first.</param>
/// <param name="Told">How many answers of the version that serves were right, by how people came to say so.</param>
public sealed record MonitorView(
    string Project, string Endpoint, string Model, int? Version, int Waiting, long Dropped, double? AbstainUnder, int? Incident,
    MonitorSection Settings, IReadOnlyList<Explanation> Explained, IReadOnlyList<Window> Windows, IReadOnlyList<Mistakes> Feedback, IReadOnlyList<Realised> Told, IReadOnlyList<Volume> Volume);

/// <param name="About">Which detector; null for what holds for all.</param>
/// <param name="Sentence">From where on it alarms, and the numbers behind that.</param>
public sealed record Explanation(LoopWhen? About, string Sentence);

/// <summary>Realised accuracy: k of n with its 95 % interval.</summary>
public sealed record Realised(ToldHow How, int Right, int Of, double Low, double High);

internal sealed class MonitorReader(IProjects projects, IEndpoints endpoints, IRequestLog log, References references, WindowStore windows, MistakeStore mistakes, VolumeStore volume, IncidentStore incidents)
{
    public async Task<MonitorView> Read(string project, string name, int most, CancellationToken stop)
    {
        if (await endpoints.Find(name, stop) is not { } endpoint || endpoint.Project != project)
            throw ProblemException.NotFound("endpoint", Names.Shorten(name), "steward endpoint list shows those of the project.");
        var settings = (await projects.Get(project, stop)).File.Get<MonitorSection>("monitor");
        var live = endpoint.LiveVersion;
        var waiting = live is { } serves ? (await log.Waiting(name, serves, (await windows.Watch(name, serves, stop)).Last, 1000, stop)).Count : 0;
        var reference = live is { } known ? await references.Of(project, endpoint.Model, known, stop) : null;
        return new(
            project, name, endpoint.Model, live, waiting, log.Dropped, endpoint.AbstainUnder, (await incidents.Open(name, stop))?.Number,
            settings, [.. Limits.Explain(settings, reference)], await windows.Newest(name, Math.Clamp(most, 1, 1000), stop), await mistakes.Newest(name, Math.Clamp(most, 1, 1000), stop),
            live is { } version ? [.. (await log.ToldCounts(name, version, stop)).Select(Of)] : [], await volume.Newest(name, Math.Clamp(most, 1, 1000), stop));
    }

    private static Realised Of(ToldCount told)
    {
        var share = Interval.Wilson(told.Right, told.Count);
        return new(told.How, told.Right, told.Count, share.Low, share.High);
    }
}
