using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Steward.Cli;

namespace Steward.Engines;

/// <summary><c>steward engine</c>.</summary>
internal static class EngineVerbs
{
    public static Command Tree(Server server) => new("engine", "Where work runs: this machine, and clusters that the server's engines.yaml names.") { List(server), Test(server), Pin(server) };

    private static Command List(Server server)
    {
        var verb = new Command("list", "List the engines of this server, and those that the project has for itself: its agents, by their labels.");
        verb.SetAction(async (line, stop) =>
        {
            var all = await server.Get<List<EngineView>>("/api/engines", stop);
            if (Project(server) is { } project)
                all.AddRange(await server.Get<List<EngineView>>($"/api/projects/{project}/engines", stop));
            Show.List(line, all, "No engine.", ("engine", one => one.Name), ("kind", one => one.Kind));
        });
        return verb;
    }

    /// <summary>Null where none is named: the engines of the server are there all the same.</summary>
    private static string? Project(Server server)
    {
        try
        {
            return Server.Segment(server.Project());
        }
        catch (ProblemException none) when (none.Code == "project_missing")
        {
            return null;
        }
    }

    private static Command Test(Server server)
    {
        var name = new Argument<string>("engine") { Description = "Its name: steward engine list. For agents: agents:onprem." };
        var verb = new Command("test", "Ask an engine how it is and run a task that does nothing through it; exit code 1 when that does not work.") { name };
        verb.SetAction(async (line, stop) =>
        {
            var engine = Server.Segment(line.GetRequiredValue(name));
            // A name of two parts is one that a project has for itself.
            var of = line.GetRequiredValue(name).Contains(':', StringComparison.Ordinal) ? $"/api/projects/{Server.Segment(server.Project())}" : "/api";
            var report = await server.Post<EngineReport>($"{of}/engines/{engine}/test", null, stop);
            Show.One(line, report,
                ("engine", $"{report.Name} ({report.Kind})"), ("version", report.Version), ("places", Places(report)), ("a task that does nothing", report.Works ? $"done in {report.Seconds?.ToString("0.0#", CultureInfo.InvariantCulture)} s{(report.Machine is null ? "" : " on " + report.Machine)}" : null),
                ("problem", report.Problem), ("note", string.Join(' ', report.Notes)));
            if (!line.GetValue(Show.AsJson))
                AnsiConsole.MarkupLine(report.Works ? "[green]It works.[/]" : "[red]It does not work.[/]");
            return report.Works ? 0 : 1;
        });
        return verb;
    }

    private static Command Pin(Server server)
    {
        var name = new Argument<string>("engine") { Description = "Its name: steward engine list." };
        var verb = new Command("pin", "Look up anew what engines.yaml calls latest, and write it down: jobs from now on have it. Until then, all have what the first one had.") { name };
        verb.SetAction(async (line, stop) =>
        {
            var pin = await server.Post<EnginePin>($"/api/engines/{Server.Segment(line.GetRequiredValue(name))}/pin", null, stop);
            Show.One(line, pin, ("asked for", pin.Asked), ("is", pin.Exact), ("since", pin.At.ToString("u", CultureInfo.InvariantCulture)));
        });
        return verb;
    }

    private static string Places(EngineReport report) => string.Join("; ", report.Places.Select(place =>
        $"{place.Name} is {place.State}{(place.Machines > 0 ? $", {Say.Count(place.Machines, "machine")}" : "")}{(place.Cpus > 0 ? $", {Say.Count(place.Cpus, "processor")}" : "")}{(place.Memory > 0 ? $", {Say.Bytes(place.Memory)} of memory" : "")}"));
}
