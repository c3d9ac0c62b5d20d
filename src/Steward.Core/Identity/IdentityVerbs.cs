using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Steward.Cli;

namespace Steward.Identity;

/// <summary><c>steward user</c> and <c>steward token</c>.</summary>
public static class IdentityVerbs
{
    public static IEnumerable<Command> Tree(Server server)
    {
        yield return new Command("user", "People: add, roles, sign in, keys to sign with.")
        {
            Add(server), List(server), SetRole(server), Switch(server, "disable", "End all access of a person."), Switch(server, "enable", "Give a disabled person access again."),
            Link(server), Login(server), Logout(server), KeyVerbs.Tree(server),
        };
        yield return TokenVerbs.Tree(server);
    }

    private static Command Add(Server server)
    {
        var (user, name) = (User(), new Option<string?>("--name") { Description = "The name people know." });
        var verb = new Command("add", "Add a person; prints the one-use link with which they choose a password.") { user, name };
        verb.SetAction(async (line, stop) => Tell(line, await server.Post<IdentityEndpoints.Linked>("/api/users", new { user = line.GetValue(user), name = line.GetValue(name) }, stop), await server.Http(stop)));
        return verb;
    }

    private static Command Link(Server server)
    {
        var user = User();
        var verb = new Command("link", "Make a one-use link with which a person chooses a new password.") { user };
        verb.SetAction(async (line, stop) => Tell(line, await server.Post<IdentityEndpoints.Linked>($"/api/users/{Server.Segment(line.GetRequiredValue(user))}/link", null, stop), await server.Http(stop)));
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List people and their roles.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Listed>>("/api/users", stop), "Nobody yet.",
            ("user", one => one.Id), ("name", one => one.Name), ("roles", one => RolesOf(one.Roles)), ("", one => one.Disabled ? "disabled" : "")));
        return verb;
    }

    private static Command SetRole(Server server)
    {
        var user = User();
        var roles = new Argument<Role[]>("roles") { Description = "reader, editor, approver, admin; none takes all away.", Arity = ArgumentArity.ZeroOrMore };
        var project = new Option<string>("--in") { Description = "The project; * is every project and the server itself.", DefaultValueFactory = _ => "*" };
        var verb = new Command("role", "Set the roles of a person in a project.") { user, roles, project };
        verb.SetAction(async (line, stop) =>
        {
            var (who, given, where) = (line.GetRequiredValue(user), line.GetValue(roles) ?? [], line.GetRequiredValue(project));
            var path = where == "*" ? $"/api/users/{Server.Segment(who)}/roles" : $"/api/projects/{Server.Segment(where)}/people/{Server.Segment(who)}";
            var now = await server.Put<Listed>(path, new { roles = given }, stop);
            Show.Done(line, $"{who} is now: {RolesOf(now.Roles)}", now);
        });
        return verb;
    }

    private static Command Switch(Server server, string name, string purpose)
    {
        var user = User();
        var verb = new Command(name, purpose) { user };
        verb.SetAction(async (line, stop) =>
        {
            var who = line.GetRequiredValue(user);
            using var reply = await (await server.Http(stop)).PostAsync($"/api/users/{Server.Segment(who)}/{name}", null, stop);
            await Server.Check(reply, stop);
            Show.Done(line, $"{who} is {name}d.", new { user = who, state = name + "d" });
        });
        return verb;
    }

    private static Command Login(Server server)
    {
        var user = new Argument<string?>("user") { Description = "Asked for when left away.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("login", "Sign in with name and password (or --token) and remember it for this server.") { user };
        verb.SetAction(async (line, stop) =>
        {
            var http = await server.Http(stop);
            if (http.DefaultRequestHeaders.Authorization is { Scheme: "Bearer", Parameter: { } given } && given != StoredSignIns.Find(http.BaseAddress!))
            {
                var me = await server.Get<IdentityEndpoints.Me>("/api/me", stop);
                StoredSignIns.Save(http.BaseAddress!, given);
                Show.Done(line, $"Signed in at {http.BaseAddress} as {me.Name}.", new { user = me.Id });
                return;
            }

            http.DefaultRequestHeaders.Authorization = null;
            var name = line.GetValue(user) ?? await AnsiConsole.AskAsync<string>("Name:", stop);
            var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(stop) : await AnsiConsole.PromptAsync(new TextPrompt<string>("Password:").Secret(), stop);
            var made = await server.Post<IdentityEndpoints.MadeToken>("/api/sign-in", new { user = name, password, name = $"steward on {Environment.MachineName}" }, stop);
            StoredSignIns.Save(http.BaseAddress!, made.Secret);
            Show.Done(line, $"Signed in at {http.BaseAddress} as {name}, until {made.EndsAt.ToString("d", CultureInfo.InvariantCulture)}.", new { user = name, made.EndsAt });
        });
        return verb;
    }

    private static Command Logout(Server server)
    {
        var verb = new Command("logout", "Revoke and forget the token remembered for this server.");
        verb.SetAction(async (line, stop) =>
        {
            var http = await server.Http(stop);
            using var reply = await http.PostAsync("/api/sign-out", null, stop);
            StoredSignIns.Forget(http.BaseAddress!);
            Show.Done(line, $"Signed out at {http.BaseAddress}.", new { server = http.BaseAddress });
        });
        return verb;
    }

    private static Argument<string> User() => new("user") { Description = "The name they sign in with." };

    private static void Tell(ParseResult line, IdentityEndpoints.Linked made, HttpClient http)
        => Show.Done(line, $"Give {made.User} this link; it works once, for 24 hours:\n{new Uri(http.BaseAddress!, made.Link)}", new { made.User, link = new Uri(http.BaseAddress!, made.Link) });

    private static string RolesOf(Dictionary<string, Role[]> roles)
        => roles.Count == 0 ? "no roles" : string.Join(", ", roles.SelectMany(entry => entry.Value.Select(role => $"{role.ToString().ToLowerInvariant()} {(entry.Key == "*" ? "everywhere" : "in " + entry.Key)}")));

    private sealed record Listed(string Id, string Name, bool Disabled, Dictionary<string, Role[]> Roles);
}
