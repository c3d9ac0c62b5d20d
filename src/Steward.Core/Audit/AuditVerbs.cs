using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Audit;

/// <summary><c>steward audit</c>.</summary>
public static class AuditVerbs
{
    public static Command Tree(Server server) => new("audit", "The record of who did what.") { List(server), Verify(server), Export(server) };

    private static Command List(Server server)
    {
        var by = new Option<string?>("--by") { Description = "Only this person." };
        var action = new Option<string?>("--action") { Description = "Only this action: model.registered." };
        var project = new Option<string?>("--in") { Description = "Only this project." };
        var limit = new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 30 };
        var verb = new Command("show", "Show the newest entries.") { by, action, project, limit };
        verb.SetAction(async (line, stop) =>
        {
            var query = string.Join('&', new[] { ("by", line.GetValue(by)), ("action", line.GetValue(action)), ("project", line.GetValue(project)), ("limit", line.GetValue(limit).ToString(CultureInfo.InvariantCulture)) }
                .Where(one => one.Item2 is not null).Select(one => $"{one.Item1}={Server.Segment(one.Item2!)}"));
            Show.List(line, await server.Get<List<AuditEntry>>("/api/audit?" + query, stop), "No entries.",
                ("n", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("at", one => one.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), ("who", one => one.ByName), ("did", one => one.Action), ("project", one => one.Project ?? ""), ("what", one => one.Subject));
        });
        return verb;
    }

    private static Command Verify(Server server)
    {
        var verb = new Command("verify", "Recompute the chain; exit code 1 when something was changed, deleted or reordered.");
        verb.SetAction(async (line, stop) =>
        {
            var check = await server.Get<AuditCheck>("/api/audit/verify", stop);
            Show.Done(line, check.Why, check);
            return check.Whole ? 0 : 1;
        });
        return verb;
    }

    private static Command Export(Server server)
    {
        var format = new Option<string>("--format") { Description = "csv or jsonl.", DefaultValueFactory = _ => "jsonl" };
        var (from, to) = (new Option<string?>("--from") { Description = "First day or time (ISO 8601)." }, new Option<string?>("--to") { Description = "Up to, not with." });
        var verb = new Command("export", "Write all entries to standard output.") { format, from, to };
        verb.SetAction(async (line, stop) =>
        {
            var path = $"/api/audit/export?format={Server.Segment(line.GetRequiredValue(format))}" + Part("from", line.GetValue(from)) + Part("to", line.GetValue(to));
            using var reply = await (await server.Http(stop)).GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop);
            await Server.Check(reply, stop);
            await using var screen = Console.OpenStandardOutput();
            await reply.Content.CopyToAsync(screen, stop);
        });
        return verb;
    }

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Server.Segment(value)}";
}
