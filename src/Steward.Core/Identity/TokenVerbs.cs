using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Identity;

internal static class TokenVerbs
{
    public static Command Tree(Server server) => new("token", "Tokens for programs.") { Add(server), List(server), Revoke(server) };

    private static Command Add(Server server)
    {
        var name = new Argument<string>("name") { Description = "What it is for." };
        var days = new Option<int>("--days") { Description = "How long it lives, at most 365.", DefaultValueFactory = _ => Tokens.UsualDays };
        var project = new Option<string?>("--in") { Description = "Only for this project." };
        var role = new Option<Role?>("--role") { Description = "Only this role." };
        var verb = new Command("add", "Make a token; it is shown once.") { name, days, project, role };
        verb.SetAction(async (line, stop) =>
        {
            var made = await server.Post<IdentityEndpoints.MadeToken>("/api/tokens", new { name = line.GetValue(name), days = line.GetValue(days), project = line.GetValue(project), role = line.GetValue(role) }, stop);
            Show.Done(line, made.Secret, made);
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List your tokens.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Token>>("/api/tokens", stop), "No tokens.",
            ("id", one => one.Id), ("name", one => one.Name), ("for", one => $"{one.Role ?? "all roles"} in {one.Project ?? "all projects"}"), ("until", one => one.EndsAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))));
        return verb;
    }

    private static Command Revoke(Server server)
    {
        var id = new Argument<string>("id") { Description = "As token list shows it." };
        var verb = new Command("revoke", "End a token at once.") { id };
        verb.SetAction(async (line, stop) =>
        {
            using var reply = await (await server.Http(stop)).DeleteAsync($"/api/tokens/{Server.Segment(line.GetRequiredValue(id))}", stop);
            await Server.Check(reply, stop);
            Show.Done(line, "The token is no longer valid.", new { id = line.GetValue(id), state = "revoked" });
        });
        return verb;
    }
}
