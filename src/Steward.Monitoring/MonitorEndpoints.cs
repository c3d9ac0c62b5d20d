using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;
using Steward.Projects;
using Steward.Serving;

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
/// <param name="Explained">What alarms, in sentences.</param>
/// <param name="Windows">Newest first.</param>
public sealed record MonitorView(
    string Project, string Endpoint, string Model, int? Version, int Waiting, long Dropped, double? AbstainUnder, int? Incident,
    MonitorSection Settings, IReadOnlyList<string> Explained, IReadOnlyList<Window> Windows);

internal sealed class MonitorReader(IProjects projects, IEndpoints endpoints, IRequestLog log, WindowStore windows, IncidentStore incidents)
{
    public async Task<MonitorView> Read(string project, string name, int most, CancellationToken stop)
    {
        if (await endpoints.Find(name, stop) is not { } endpoint || endpoint.Project != project)
            throw ProblemException.NotFound("endpoint", Names.Shorten(name), "steward endpoint list shows those of the project.");
        var settings = (await projects.Get(project, stop)).File.Get<MonitorSection>("monitor");
        var waiting = endpoint.LiveVersion is { } live ? (await log.Waiting(name, live, (await windows.Watch(name, live, stop)).Last, 1000, stop)).Count : 0;
        return new(
            project, name, endpoint.Model, endpoint.LiveVersion, waiting, log.Dropped, endpoint.AbstainUnder, (await incidents.Open(name, stop))?.Number,
            settings, [.. Explain(settings)], await windows.Newest(name, Math.Clamp(most, 1, 1000), stop));
    }

    private static IEnumerable<string> Explain(MonitorSection settings)
    {
        yield return $"Every {settings.Window} answers of a version are judged together; a window that is not full is judged after {Say.Span(settings.Patience)}.";
        if (settings.Confidence.Threshold > 0)
            yield return $"An answer under {Phrases.Percent(settings.Confidence.Threshold)} is unsure. A window alarms when more are unsure than the version's test split explains{(settings.Confidence.Most > 0 ? $", and more than {Phrases.Percent(settings.Confidence.Most)}" : "")}.";
        if (settings.Drift.Watch)
            yield return "A window alarms, too, when what the model saw no longer looks like its test split.";
        if (settings.Pool > 1)
            yield return $"What is too little to be seen in one window shows in many: the last {string.Join(", ", settings.Scales.Skip(1))} windows are judged together, too.";
        yield return $"When nothing changed, one window in {1 / settings.FalseAlarms:N0} alarms by chance, for each of the two.";
    }
}
