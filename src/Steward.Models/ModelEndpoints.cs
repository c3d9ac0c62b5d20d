using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Steward.Identity;

namespace Steward.Models;

internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/projects/{project}/models").WithTags("Models");
        models.MapGet("/", (string project, IModels all, CancellationToken stop) => all.All(project, stop)).Needs(Permission.Read);
        models.MapGet("/{model}/versions", async (string project, string model, int? limit, IModels all, CancellationToken stop) => (await all.Versions(project, model, stop)).Take(Math.Clamp(limit ?? 100, 1, 1000))).Needs(Permission.Read);
        models.MapGet("/{model}/versions/{version}", (string project, string model, string version, IModels all, CancellationToken stop) => all.Get(project, Reference.Parse("model", $"{model}@{version}"), stop)).Needs(Permission.Read);
        models.MapPost("/{model}/versions/{version:int}/check", (string project, string model, int version, IModels all, Who who, CancellationToken stop) => all.Check(who, project, model, version, stop)).Needs(Permission.Edit);
        models.MapPost("/{model}/versions/{version:int}/signoff", async (string project, string model, int version, ISignOffs all, Who who, TimeProvider clock, CancellationToken stop) => SignOffView.Of(await all.Request(who, project, model, version, stop), clock.GetUtcNow())).Needs(Permission.Edit);
        models.MapGet("/{model}/promotions", (string project, string model, string? alias, int? limit, IPromotions all, CancellationToken stop) => all.History(project, model, alias, Math.Clamp(limit ?? 100, 1, 1000), stop)).Needs(Permission.Read);
        models.MapPost("/{model}/aliases/{alias}/promote", (string project, string model, string alias, PromoteTo body, IPromotions all, Who who, CancellationToken stop) => all.Promote(who, project, model, body.Version, alias, body.Reason, body.Epoch, stop)).Needs(Permission.Edit);
        models.MapPost("/{model}/aliases/{alias}/back", (string project, string model, string alias, GoBack body, IPromotions all, Who who, CancellationToken stop) => all.Back(who, project, model, alias, body.Reason, body.Epoch, stop: stop)).Needs(Permission.Edit);

        var signOffs = routes.MapGroup("/api/projects/{project}/signoffs").WithTags("Sign-off");
        signOffs.MapGet("/", async (string project, int? limit, ISignOffs all, TimeProvider clock, CancellationToken stop) => (await all.All(project, Math.Clamp(limit ?? 100, 1, 1000), stop)).Select(one => SignOffView.Of(one, clock.GetUtcNow()))).Needs(Permission.Read);
        signOffs.MapGet("/{number:int}", async (string project, int number, ISignOffs all, IPeople people, TimeProvider clock, CancellationToken stop) => await all.Find(project, number, stop) is { } found
            ? SignOffView.Of(found, clock.GetUtcNow()) with { Keys = await Keys(found, people, stop) }
            : throw ProblemException.NotFound("signoff", $"{number}", "steward signoff list shows what was asked.")).Needs(Permission.Read);
        signOffs.MapGet("/{number:int}/statement", async (string project, int number, string party, Decision decision, string reason, ISignOffs all, Who who, CancellationToken stop)
            => new StatementView(Dsse.InToto, Convert.ToBase64String((await all.Draft(who, project, number, party, decision, reason, stop)).Bytes()))).Needs(Permission.Approve);
        signOffs.MapPost("/{number:int}/votes", async (string project, int number, Dsse envelope, ISignOffs all, Who who, TimeProvider clock, CancellationToken stop)
            => SignOffView.Of(await all.Vote(who, project, number, envelope, stop), clock.GetUtcNow())).Needs(Permission.Approve);
        signOffs.MapPost("/{number:int}/answers", async (string project, int number, GiveAnswer body, ISignOffs all, Who who, TimeProvider clock, CancellationToken stop)
            => SignOffView.Of(await all.Answer(who, project, number, body.Question, body.Text, stop), clock.GetUtcNow())).Needs(Permission.Edit);
        signOffs.MapPost("/{number:int}/withdraw", async (string project, int number, TakeBack body, ISignOffs all, Who who, TimeProvider clock, CancellationToken stop)
            => SignOffView.Of(await all.Withdraw(who, project, number, body.Reason, stop), clock.GetUtcNow())).Needs(Permission.Edit);
    }

    /// <summary>The public halves of the keys that the votes were signed with.</summary>
    private static async Task<IReadOnlyList<PersonKey>> Keys(SignOff signOff, IPeople people, CancellationToken stop)
    {
        var keys = new List<PersonKey>();
        foreach (var hint in signOff.Votes.Select(vote => vote.KeyId).Distinct())
            if (await people.KeyOf(hint, stop) is { } key)
                keys.Add(key);
        return keys;
    }

    internal sealed record GiveAnswer(int Question, string Text);

    internal sealed record TakeBack(string Reason);

    internal sealed record PromoteTo(int Version, string? Reason, long? Epoch);

    internal sealed record GoBack(string Reason, long? Epoch);
}

/// <param name="Payload">The bytes to sign, base64.</param>
internal sealed record StatementView(string PayloadType, string Payload);
