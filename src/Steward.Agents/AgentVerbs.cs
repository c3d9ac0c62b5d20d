using System.CommandLine;
using System.Globalization;
using Steward.Agents.Running;
using Steward.Cli;

namespace Steward.Agents;

internal static class AgentVerbs
{
    public static Command Tree(Server server) => new("agent", "Machines elsewhere that call in and take work.") { Token(server), Run(), List(server), Revoke(server) };

    private static Command Token(Server server)
    {
        var name = new Argument<string>("name") { Description = "What the agent is called; this is also one of its labels." };
        var labels = new Option<string[]>("--label") { Description = "What it has or where it stands: onprem, gpu. Work asks for labels." };
        var days = new Option<int?>("--days") { Description = "How long the token lives, 365 when nothing is said." };
        var verb = new Command("token", "Admit an agent and make its token, which is shown once; a new one ends the old one.") { name, labels, days };
        verb.SetAction(async (line, stop) =>
        {
            var made = await server.Post<AdmittedAgent>(Agents(server), new { name = line.GetRequiredValue(name), labels = line.GetValue(labels) ?? [], days = line.GetValue(days) }, stop);
            Show.Done(line, made.Secret, made);
        });
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "The agents of a project, and when each was heard of.");
        verb.SetAction(async (line, stop) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            Show.List(line, await server.Get<List<Agent>>(Agents(server), stop), "No agents. Make one: steward agent token plant-7 --label onprem",
                ("agent", one => one.Name), ("is", one => AgentSay.State(one, now)), ("labels", one => string.Join(' ', one.Labels)), ("runs", one => $"{one.Running} of {one.AtOnce}"),
                ("seen", one => one.SeenAt?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never"), ("machine", one => one.Machine ?? ""));
        });
        return verb;
    }

    private static Command Revoke(Server server)
    {
        var name = new Argument<string>("name") { Description = "As agent list shows it." };
        var verb = new Command("revoke", "End an agent's access at once; what it holds goes to others.") { name };
        verb.SetAction(async (line, stop) =>
        {
            using var reply = await (await server.Http(stop)).DeleteAsync($"{Agents(server)}/{Server.Segment(line.GetRequiredValue(name))}", stop);
            await Server.Check(reply, stop);
            Show.Done(line, "The agent may not come in any more.", new { name = line.GetValue(name), state = "revoked" });
        });
        return verb;
    }

    private static Command Run()
    {
        var allow = new Option<string[]>("--allow") { Description = "A program that may be run here, by name or path; any allows every program." };
        var folders = new Option<string[]>("--folder") { Description = "A folder that tasks may work in; without one, each has an empty folder of its own." };
        var atOnce = new Option<int>("--at-once") { Description = "Tasks at a time.", DefaultValueFactory = _ => 2 };
        var proxy = new Option<string?>("--proxy") { Description = "The proxy to call out through (by default HTTPS_PROXY)." };
        var authority = new Option<FileInfo?>("--tls-ca") { Description = "A certificate in PEM that the server's must come from, in place of those of the system." };
        var file = new Option<FileInfo?>("--token-file") { Description = "A file that holds the token (STEWARD_TOKEN_FILE): a secret that is mounted. What stands among arguments, everybody on the machine can read." };
        var verb = new Command("run", "Work as an agent: call out to --url (STEWARD_URL) with the token of STEWARD_TOKEN or --token-file, take tasks, tell how they go. Ctrl-C stops it.") { allow, folders, atOnce, proxy, authority, file };
        verb.SetAction((line, stop) => AgentMain.Run(new AgentSettings
        {
            Server = line.GetValue<string?>("--url") ?? Environment.GetEnvironmentVariable("STEWARD_URL"),
            Token = line.GetValue<string?>("--token") ?? Environment.GetEnvironmentVariable("STEWARD_TOKEN") ?? AgentSettings.TokenIn(line.GetValue(file)?.FullName ?? Environment.GetEnvironmentVariable("STEWARD_TOKEN_FILE")),
            Data = line.GetValue<string?>("--data") ?? Environment.GetEnvironmentVariable("STEWARD_DATA") ?? ".steward-agent",
            Allow = line.GetValue(allow) ?? [],
            Folders = line.GetValue(folders) ?? [],
            AtOnce = line.GetValue(atOnce),
            Proxy = line.GetValue(proxy),
            Authority = line.GetValue(authority),
        }, stop));
        return verb;
    }

    private static string Agents(Server server) => $"/api/projects/{Server.Segment(server.Project())}/agents";
}
