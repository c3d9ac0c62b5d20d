using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Monitoring;

internal static class MonitorVerbs
{
    public static Command Tree(Server server)
    {
        var endpoint = new Argument<string>("endpoint") { Description = "Its name." };
        var limit = new Option<int>("--limit") { Description = "How many windows, the newest first.", DefaultValueFactory = _ => 20 };
        var show = new Command("show", "Show the judged windows of an endpoint.") { endpoint, limit };
        show.SetAction(async (line, stop) =>
        {
            var view = await server.Get<MonitorView>($"/api/projects/{Server.Segment(server.Project())}/monitor/{Server.Segment(line.GetRequiredValue(endpoint))}?limit={line.GetValue(limit)}", stop);
            if (line.GetValue(Show.AsJson))
            {
                Console.WriteLine(Json.Write(view));
                return;
            }

            foreach (var one in view.Explained)
                Console.WriteLine(one.Sentence);
            foreach (var told in view.Told)
                Console.WriteLine(Phrases.Realised(told));
            Show.List(line, view.Windows, $"No window yet: {view.Waiting} of {view.Settings.Window} answers wait.",
                ("version", one => $"{view.Model}@{one.Version}"), ("window", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("to", one => one.To.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                ("", one => one.State.ToString().ToLowerInvariant()), ("unsure", one => $"{one.Unsure.Count} of {one.Unsure.Of}"), ("limit", one => one.Unsure.Limit?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                ("drift", one => one.Drift is { } drift ? Phrases.Number(drift.Score) : "-"), ("limit", one => one.Drift is { } drift ? Phrases.Number(drift.Limit) : "-"),
                ("stands out", one => one.Kinds is { } kinds ? $"{kinds.Kind}: {kinds.Count} of {kinds.Of}" : "-"));
        });
        return new("monitor", "Watch what endpoints answer.") { show };
    }
}

internal static class IncidentVerbs
{
    public static Command Tree(Server server) => new("incident", "What was not as usual, and what was done.") { List(server), One(server), Close(server) };

    private static Command List(Server server)
    {
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 100 };
        var list = new Command("list", "List the incidents of a project.") { limit };
        list.SetAction(async (line, stop) => Show.List(line, await server.Get<List<Incident>>($"{All(server)}?limit={line.GetValue(limit)}", stop), "No incident. steward monitor show ENDPOINT shows how it is doing.",
            ("number", one => one.Number.ToString(CultureInfo.InvariantCulture)), ("endpoint", one => one.Endpoint), ("", one => one.State.ToString().ToLowerInvariant()),
            ("since", one => one.Since.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)), ("what", one => one.Summary), ("cause", one => one.Cause ?? "")));
        return list;
    }

    private static Command One(Server server)
    {
        var number = Number();
        var show = new Command("show", "Show an incident with its timeline.") { number };
        show.SetAction(async (line, stop) => Tell(line, await server.Get<IncidentView>($"{All(server)}/{line.GetValue(number)}", stop)));
        return show;
    }

    private static Command Close(Server server)
    {
        var number = Number();
        var cause = new Option<string>("--cause") { Description = "What it was, in a few words.", Required = true };
        var close = new Command("close", "Close an incident with its cause.") { number, cause };
        close.SetAction(async (line, stop) =>
        {
            var closed = await server.Post<IncidentView>($"{All(server)}/{line.GetValue(number)}/close", new { cause = line.GetRequiredValue(cause) }, stop);
            Show.Done(line, $"Incident {closed.Incident.Number} is closed: {closed.Incident.Cause}", closed);
        });
        return close;
    }

    private static Argument<int> Number() => new("number") { Description = "As incident list shows it." };

    private static string All(Server server) => $"/api/projects/{Server.Segment(server.Project())}/incidents";

    private static void Tell(ParseResult line, IncidentView view)
    {
        var one = view.Incident;
        Show.One(line, view, [
            ("incident", $"{one.Number}, {one.State.ToString().ToLowerInvariant()}"), ("what", one.Summary), ("endpoint", one.Endpoint), ("how far", $"{Say.Count(one.Alarms, "window")}, {Say.Count(one.Answers, "answer")}"),
            ("since", one.Since.ToString("u", CultureInfo.InvariantCulture)), ("cause", one.Cause), ("closed by", one.ClosedBy),
            .. view.Timeline.Select(entry => (entry.At.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture), (string?)$"{entry.Text}{(entry.By == "steward" ? "" : $" ({entry.By})")}")),
        ]);
    }
}
