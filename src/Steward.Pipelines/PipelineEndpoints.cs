using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Steward.Identity;

namespace Steward.Pipelines;

internal static class PipelineEndpoints
{
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5), Between = TimeSpan.FromMilliseconds(500), StillThere = TimeSpan.FromSeconds(15);

    public static void MapPipelines(this IEndpointRouteBuilder routes)
    {
        var pipelines = routes.MapGroup("/api/projects/{project}/pipelines").WithTags("Pipelines");
        pipelines.MapGet("/", (string project, IPipelines all, CancellationToken stop) => all.All(project, stop)).Needs(Permission.Read);
        pipelines.MapGet("/live", Live).Needs(Permission.Read);
        pipelines.MapGet("/{pipeline}", (string project, string pipeline, IPipelines all, CancellationToken stop) => all.Get(project, pipeline, stop)).Needs(Permission.Read);
        pipelines.MapGet("/{pipeline}/windows", async (string project, string pipeline, string? before, int? limit, WindowState? state, IPipelines all, CancellationToken stop) =>
        {
            await all.Get(project, pipeline, stop);
            return await all.Windows(project, pipeline, before is null ? null : Time(before), Math.Clamp(limit ?? 100, 1, 1000), state, stop);
        }).Needs(Permission.Read);
        pipelines.MapGet("/{pipeline}/windows/{start}", async (string project, string pipeline, string start, IPipelines all, CancellationToken stop)
            => await all.Window(project, pipeline, Time(start), stop) ?? throw ProblemException.NotFound("window", Names.Shorten(start), "It has not begun, or there is none that begins there.")).Needs(Permission.Read);
        pipelines.MapGet("/{pipeline}/preview", (string project, string pipeline, Origin? kind, string? from, string? to, bool? failed, bool? cascade, IPipelines all, CancellationToken stop)
            => all.Preview(project, pipeline, Range(kind ?? Origin.Backfill, from, to, failed, cascade), stop)).Needs(Permission.Read);
        pipelines.MapPost("/{pipeline}/backfill", (string project, string pipeline, AskedRange body, IPipelines all, Who who, CancellationToken stop)
            => all.Ask(who, project, pipeline, Range(Origin.Backfill, body.From, body.To, null, null), stop)).Needs(Permission.Edit);
        pipelines.MapPost("/{pipeline}/rerun", (string project, string pipeline, AskedRange body, IPipelines all, Who who, CancellationToken stop)
            => all.Ask(who, project, pipeline, Range(Origin.Rerun, body.From, body.To, body.Failed, body.Cascade), stop)).Needs(Permission.Edit);
        pipelines.MapPost("/{pipeline}/cancel", async (string project, string pipeline, AskedRange body, IPipelines all, Who who, CancellationToken stop)
            => new Cancelled(await all.Cancel(who, project, pipeline, Given(body.From), Given(body.To), body.Request, stop))).Needs(Permission.Edit);
        pipelines.MapPost("/{pipeline}/pause", (string project, string pipeline, IPipelines all, Who who, CancellationToken stop) => all.Pause(who, project, pipeline, true, stop)).Needs(Permission.Edit);
        pipelines.MapPost("/{pipeline}/resume", (string project, string pipeline, IPipelines all, Who who, CancellationToken stop) => all.Pause(who, project, pipeline, false, stop)).Needs(Permission.Edit);
        pipelines.MapPost("/{pipeline}/run", (string project, string pipeline, AskedRun body, IPipelines all, Who who, CancellationToken stop)
            => all.Run(who, project, pipeline, Given(body.Window), body.FromStep, stop)).Needs(Permission.Edit);
    }

    /// <summary>A time as people write it in an address or a command; UTC when it names no zone.</summary>
    public static DateTimeOffset Time(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 1970 and <= 2200
        ? time
        : throw ProblemException.Invalid("time_invalid", $"'{Names.Shorten(text)}' is no time from 1970 to 2200.", "Write one such as 2026-01-01T06:00Z.");

    private static DateTimeOffset? Given(string? text) => text is null ? null : Time(text);

    private static WindowRange Range(Origin kind, string? from, string? to, bool? failed, bool? cascade) => kind is Origin.Backfill or Origin.Rerun
        ? new(kind, Given(from), Given(to), failed ?? false, cascade ?? false)
        : throw ProblemException.Invalid("kind_invalid", "A range of windows is filled or run again.", "Choose kind=backfill or kind=rerun.");

    /// <summary>Says 'changed' whenever something about the pipelines may have; what, is asked for.</summary>
    private static IResult Live(string project, PipelineSignals signals, IHostApplicationLifetime server, TimeProvider clock, CancellationToken stop)
    {
        return TypedResults.ServerSentEvents(Events(stop), "changed");

        async IAsyncEnumerable<string> Events([EnumeratorCancellation] CancellationToken gone)
        {
            using var late = new CancellationTokenSource(LongestStream, clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token, server.ApplicationStopping);
            while (!end.IsCancellationRequested)
            {
                var change = signals.Changed.Next;
                yield return project;
                await Bell.Wait(change, StillThere, clock, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await Task.Delay(Between, clock, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    internal sealed record AskedRange(string? From, string? To, bool? Failed, bool? Cascade, string? Request);

    internal sealed record AskedRun(string? Window, string? FromStep);

    internal sealed record Cancelled(int Windows);
}
