using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Data.Pages;

/// <summary>The parts of pages that come when they are needed.</summary>
internal static class DataPages
{
    public static void MapDataParts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects/{project}/data/{dataset}/grid", Grid).Needs(Permission.Read).ExcludeFromDescription();
        routes.MapGet("/projects/{project}/data/{dataset}/checks", Checks).Needs(Permission.Read).ExcludeFromDescription();
    }

    private static async Task<IResult> Checks(string project, string dataset, int? version, IDataSets all, DataChecks checks, CancellationToken stop)
    {
        var one = await all.Get(project, dataset, version, stop);
        return new RazorComponentResult<ChecksPart>(new Dictionary<string, object?>
        {
            ["Snapshot"] = one,
            ["Found"] = await checks.Duplicates(one, SameBy.Phash, stop),
            ["Tests"] = await checks.Tests(one, stop),
        });
    }

    private static async Task<IResult> Grid(string project, string dataset, int? version, string? split, string? label, string? source, string? after, IDataSets all, CancellationToken stop)
    {
        var one = await all.Get(project, dataset, version, stop);
        return new RazorComponentResult<PictureGrid>(new Dictionary<string, object?>
        {
            ["Project"] = project,
            ["Snapshot"] = one,
            ["Items"] = await all.Items(one, stop),
            ["Filter"] = new PictureFilter(split, label, source),
            ["After"] = after,
        });
    }
}
