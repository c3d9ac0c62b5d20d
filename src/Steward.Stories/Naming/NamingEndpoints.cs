using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Drawing;
using Steward.Identity;

namespace Steward.Stories;

internal static class NamingEndpoints
{
    public static void MapNaming(this IEndpointRouteBuilder routes)
    {
        // Whose round it is is who asks: there is no way to ask for somebody else's.
        var naming = routes.MapGroup("/api/projects/{project}/naming").WithTags("Stories");
        naming.MapGet("/", async (string project, Naming all, Who who, CancellationToken stop) => NamingView.Of(await all.Standing(who, project, stop))).Needs(Permission.Read);
        naming.MapPost("/", async (string project, Naming all, Who who, CancellationToken stop) => RoundView.Of(await all.Start(who, project, stop))).Needs(Permission.Read);
        naming.MapPost("/names", async (string project, SaidName body, Naming all, Who who, CancellationToken stop) => RoundView.Of(await all.Say(who, project, body.Place, body.Name, stop))).Needs(Permission.Read);
        naming.MapGet("/{round:int}/{place:int}.svg", Drawn).Needs(Permission.Read);
    }

    /// <summary>A drawn fruit of one's own round.</summary>
    private static async Task<IResult> Drawn(string project, int round, int place, string? palette, Naming all, Who who, HttpContext http, CancellationToken stop)
    {
        var standing = await all.Standing(who, project, stop);
        var picture = new[] { standing.Open, standing.Last, standing.Before }.FirstOrDefault(one => one?.Number == round)?.Pictures.ElementAtOrDefault(place - 1);
        if (picture is not { Picture: null })
            throw ProblemException.NotFound("picture", $"{place}", $"A round has {NamingRound.Most} of them.");
        http.Response.Headers.ContentSecurityPolicy = SvgWriter.ContentPolicy;
        http.Response.Headers.CacheControl = "private, no-cache";
        return Results.Text(Card.Svg(new("", panel => Props.Item(panel.Middle, picture.Truth, new(panel.Width / 2, panel.Ground), 2.2)), Forms.Colours(palette)), "image/svg+xml", Encoding.UTF8);
    }

    internal sealed record SaidName(int? Place, string? Name);
}

/// <summary>One's own rounds, and nobody else's.</summary>
/// <param name="Last">The round to beat.</param>
public sealed record NamingView(RoundView? Open, RoundView? Last)
{
    internal static NamingView Of(NamingStanding one) => new(one.Open is null ? null : RoundView.Of(one.Open), one.Last is null ? null : RoundView.Of(one.Last));
}

/// <summary>A round; what a picture is is told once it was named.</summary>
public sealed record RoundView(int Number, IReadOnlyList<NamedView> Pictures, bool Ended, int Right, int? ModelRight)
{
    internal static RoundView Of(NamingRound one) => new(one.Number, [.. one.Pictures.Select((picture, i) => NamedView.Of(picture, one.Said.ElementAtOrDefault(i)))], !one.IsOpen, one.Right, one.IsOpen ? null : one.ModelRight);
}

/// <param name="Truth">Null, like what the model says, until it was named.</param>
public sealed record NamedView(string? Picture, IReadOnlyList<string> Names, string? Said, string? Truth, string? Model, string? ModelSaid, double? ModelSure)
{
    internal static NamedView Of(PictureToName one, string? said)
        => said is null ? new(one.Picture?.Hex, one.Names, null, null, null, null, null) : new(one.Picture?.Hex, one.Names, said, one.Truth, one.Model, one.ModelSaid, one.ModelSure);
}
