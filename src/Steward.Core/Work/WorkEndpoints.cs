using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Steward.Identity;

namespace Steward.Work;

public static class WorkEndpoints
{
    /// <summary>A stream ends after this long, so that access that was taken away ends too; browsers come back by themselves.</summary>
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);

    public static void MapWork(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/api/projects/{project}/tasks").WithTags("Tasks");
        tasks.MapGet("/", async (string project, int? limit, ILedger ledger, CancellationToken stop) => (await ledger.Newest(project, Math.Clamp(limit ?? 50, 1, 1000), stop)).Select(TaskView.Of)).Needs(Permission.Read);
        tasks.MapGet("/{id}", async (string project, string id, ILedger ledger, CancellationToken stop) => TaskView.Of(await ledger.In(project, id, stop))).Needs(Permission.Read);
        tasks.MapPost("/{id}/cancel", Cancel).Needs(Permission.Edit);
        tasks.MapGet("/{id}/live", Live).Needs(Permission.Read);
    }

    /// <summary>The task when the project has it; throws <c>task_not_found</c> also for another project's.</summary>
    public static async Task<WorkTask> In(this ILedger ledger, string project, string id, CancellationToken stop = default)
        => await ledger.Find(id, stop) is { } found && found.Project == project
            ? found
            : throw ProblemException.NotFound("task", Names.Shorten(id), "steward task list shows those of the project.");

    private static async Task<TaskView> Cancel(string project, string id, ILedger ledger, Who who, CancellationToken stop)
    {
        await ledger.In(project, id, stop);
        return TaskView.Of(await ledger.Cancel(id, who, stop));
    }

    private static async Task<IResult> Live(string project, string id, ILedger ledger, WorkWatch watch, IHostApplicationLifetime server, TimeProvider clock, CancellationToken stop)
    {
        var task = await ledger.In(project, id, stop);
        return TypedResults.ServerSentEvents(Events(stop));

        async IAsyncEnumerable<SseItem<TaskView>> Events([EnumeratorCancellation] CancellationToken gone)
        {
            using var late = new CancellationTokenSource(LongestStream, clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token, server.ApplicationStopping);
            await using var changes = watch.Follow(task, end.Token).GetAsyncEnumerator(CancellationToken.None);
            while (await More(changes, end.Token))
                yield return new(TaskView.Of(changes.Current), "task");
        }
    }

    /// <summary>False at the end, and when the stream is ended by us.</summary>
    private static async ValueTask<bool> More(IAsyncEnumerator<WorkTask> changes, CancellationToken end)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>A task as programs read it: payload and result are JSON, not text.</summary>
public sealed record TaskView(
    string Id, string Project, string Kind, string Key, WorkState State, JsonElement Payload, JsonElement? Result, string? Error, string? ErrorCode,
    int Attempt, int MaxAttempts, double? Progress, string? Message, bool CancelAsked, string? Worker, string AddedBy,
    DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsOver => State is WorkState.Done or WorkState.Failed or WorkState.Cancelled;

    public static TaskView Of(WorkTask task) => new(
        task.Id, task.Project, task.Kind, task.Key, task.State, Json.Read<JsonElement>(task.Payload), task.Result is null ? null : Json.Read<JsonElement>(task.Result), task.Error, task.ErrorCode,
        task.Attempt, task.MaxAttempts, task.Progress, task.Message, task.CancelAsked, task.Worker, task.AddedBy, task.CreatedAt, task.DueAt, task.StartedAt, task.EndedAt);
}
