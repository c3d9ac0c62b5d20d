using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Steward.Tracking;

/// <summary>A run as a stream of server-sent events, which ends when the run does.</summary>
internal static class RunLive
{
    /// <summary>Events <c>run</c> with the run as JSON; the last one is <c>over</c>.</summary>
    public static async Task<IResult> AsJson(string project, string id, Studies studies, RunWatch watch, CancellationToken stop)
        => await studies.Find(project, id, stop) is null
            ? throw RunEndpoints.NotThere(id)
            : TypedResults.ServerSentEvents(Events(watch.Follow(project, id, stop), stop));

    private static async IAsyncEnumerable<SseItem<string>> Events(IAsyncEnumerable<Study> changes, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var study in changes.WithCancellation(stop))
            yield return new(Json.Write(RunView.Of(study)), study.Run.IsOver ? "over" : "run");
    }
}
