using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Steward.Data.Tables;
using Steward.Identity;

namespace Steward.Data.Pages;

/// <summary>The parts of the pages of tables that come when they are needed.</summary>
internal static class TablePages
{
    public static void MapTableParts(this IEndpointRouteBuilder routes)
        => routes.MapGet("/projects/{project}/tables/{table}/columns", Columns).Needs(Permission.Read).ExcludeFromDescription();

    private static async Task<IResult> Columns(string project, string table, TableDesk desk, Profiles profiles, CancellationToken stop)
    {
        var one = await desk.Show(project, TableReference.Parse(table), stop);
        return new RazorComponentResult<ColumnsPart>(new Dictionary<string, object?> { ["Project"] = project, ["One"] = one, ["Profile"] = await profiles.Of(one.Snapshot, stop) });
    }
}
