using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Steward.Blobs;
using Steward.Identity;
using Steward.Work;

namespace Steward.Tracking.Pages;

/// <summary>The parts of pages that change by themselves.</summary>
internal static class RunPages
{
    public static void MapRunParts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects/{project}/runs/now", Now).Needs(Permission.Read).ExcludeFromDescription();
        routes.MapGet("/projects/{project}/runs/{id}/live", Live).Needs(Permission.Read).ExcludeFromDescription();
    }

    private static async Task<IResult> Now(string project, string? experiment, Studies studies, CancellationToken stop)
        => new RazorComponentResult<RunsNow>(new Dictionary<string, object?> { ["Project"] = project, ["Experiment"] = experiment, ["Studies"] = await studies.Newest(project, experiment, RunsPage.Most, stop) });

    private static async Task<IResult> Live(string project, string id, Studies studies, RunWatch watch, IRuns runs, IBlobs blobs, ILedger ledger, IServiceProvider services, ILoggerFactory logs, CancellationToken stop)
        => await studies.Find(project, id, stop) is null
            ? throw RunEndpoints.NotThere(id)
            : TypedResults.ServerSentEvents(Bodies(watch.Follow(project, id, stop), studies, runs, blobs, ledger, services, logs, stop));

    /// <summary>The whole body each time: a message without a name is what the page swaps in. The last one is named, and the page stops listening.</summary>
    private static async IAsyncEnumerable<SseItem<string>> Bodies(
        IAsyncEnumerable<Study> changes, Studies studies, IRuns runs, IBlobs blobs, ILedger ledger, IServiceProvider services, ILoggerFactory logs, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var pages = new HtmlRenderer(services, logs);
        await foreach (var study in changes.WithCancellation(stop))
        {
            var sight = await RunSight.Read(study, studies, runs, blobs, ledger, stop);
            yield return new(await pages.Dispatcher.InvokeAsync(async () =>
                (await pages.RenderComponentAsync<RunBody>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["Sight"] = sight }))).ToHtmlString()));
            if (study.Run.IsOver)
                yield return new("over", "over");
        }
    }
}
