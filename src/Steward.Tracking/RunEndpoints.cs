using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Tracking;

internal static class RunEndpoints
{
    private const int Most = 1000;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/projects/{project}/runs").WithTags("Runs");
        runs.MapGet("/", List).Needs(Permission.Read);
        runs.MapGet("/best", Best).Needs(Permission.Read);
        runs.MapGet("/{id}", async (string project, string id, Studies studies, IRuns all, CancellationToken stop) => await Detail(project, id, studies, all, stop)).Needs(Permission.Read);
        runs.MapGet("/{id}/metrics", History).Needs(Permission.Read);
        runs.MapGet("/{id}/live", (string project, string id, Studies studies, RunWatch watch, CancellationToken stop) => RunLive.AsJson(project, id, studies, watch, stop)).Needs(Permission.Read);

        runs.MapPost("/", async (string project, StartRun body, IRuns all, Studies studies, Who who, CancellationToken stop)
            => RunView.Of((await studies.Find(project, (await all.Start(who, body.In(project), stop)).Id, stop))!)).Needs(Permission.Edit);
        runs.MapPost("/{id}/log", Log).Needs(Permission.Edit);
        runs.MapPost("/{id}/end", async (string project, string id, EndRun body, IRuns all, Studies studies, Who who, CancellationToken stop) =>
        {
            await all.In(project, id, stop);
            await all.End(who, id, body.Status ?? RunStatus.Finished, stop);
            return await Detail(project, id, studies, all, stop);
        }).Needs(Permission.Edit);
    }

    /// <summary>A run that must be there; another project's is not.</summary>
    public static async Task<Run> In(this IRuns all, string project, string id, CancellationToken stop)
        => await all.Find(id, stop) is { } run && run.Project == project ? run : throw NotThere(id);

    public static ProblemException NotThere(string id) => ProblemException.NotFound("run", Names.Shorten(id), "steward runs list shows those of the project.");

    private static async Task<IEnumerable<RunView>> List(string project, string? experiment, string? parent, int? limit, Studies studies, IRuns all, CancellationToken stop)
    {
        var most = Math.Clamp(limit ?? 100, 1, Most);
        if (parent is null)
            return (await studies.Newest(project, experiment, most, stop)).Select(study => RunView.Of(study));
        var of = await studies.Find(project, parent, stop) ?? throw NotThere(parent);
        return of.Tunes.Take(most).Select(tune => RunView.Of(tune, of.Run));
    }

    private static async Task<RunView> Best(string project, string metric, string? experiment, string? parent, string? direction, Studies studies, IRuns all, CancellationToken stop)
    {
        if (parent is not null)
            await all.In(project, parent, stop);
        var best = await all.Best(project, experiment, metric, Primary.Read(direction), parent, stop)
            ?? throw new ProblemException(ProblemKind.NotFound, "run_not_found", $"No finished run here has the metric '{Names.Shorten(metric)}'.", "steward runs list shows the runs; their metrics are on each run's page.");
        return await Detail(project, best.Id, studies, all, stop);
    }

    private static async Task<RunView> Detail(string project, string id, Studies studies, IRuns all, CancellationToken stop)
        => RunView.Of(await studies.Find(project, id, stop) ?? throw NotThere(id), [.. (await all.ArtifactsOf(id, stop)).Select(ArtifactView.Of)]);

    /// <summary>By key, step and time. The next page begins at the step after the last one.</summary>
    private static async Task<List<MetricPoint>> History(string project, string id, string? key, long? from, int? limit, Studies studies, IRuns all, CancellationToken stop)
    {
        await all.In(project, id, stop);
        return await studies.History(id, key, from ?? long.MinValue, Math.Clamp(limit ?? Most, 1, Most), stop);
    }

    /// <summary>May be sent again: a parameter or point that is there already changes nothing.</summary>
    private static async Task<LoggedView> Log(string project, string id, LogBatch body, IRuns all, Who who, CancellationToken stop)
    {
        await all.In(project, id, stop);
        if (body.Params is { Count: > 0 } values)
            await all.Params(who, id, values, stop);
        if (body.Tags is { Count: > 0 } tags)
            await all.Tags(who, id, tags, stop);
        if (body.Metrics is { Count: > 0 } points)
            await all.Metrics(who, id, points, stop);
        return new(id, body.Params?.Count ?? 0, body.Tags?.Count ?? 0, body.Metrics?.Count ?? 0);
    }

    internal sealed record StartRun(
        string? Experiment, string? Name, string? Parent, string? Data, string? Code, string? Environment, Dictionary<string, string>? Params, Dictionary<string, string>? Tags, Checkout? Checkout, string? Lock)
    {
        public NewRun In(string project) => new(project, Experiment ?? project, Name)
        {
            Parent = Parent,
            Data = Data,
            Code = Code,
            Environment = Environment,
            Checkout = Checkout,
            Lock = Lock is null ? null : new(EnvironmentText.OfFolder, Lock),
            Params = Params ?? [],
            Tags = Tags ?? [],
        };
    }

    internal sealed record LogBatch(Dictionary<string, string>? Params, Dictionary<string, string>? Tags, List<MetricPoint>? Metrics);

    internal sealed record EndRun(RunStatus? Status);

    internal sealed record LoggedView(string Id, int Params, int Tags, int Metrics);
}
