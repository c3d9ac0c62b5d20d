using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using Steward.Cli;

namespace Steward.Serving;

internal static class EndpointVerbs
{
    public static IEnumerable<Command> All(Server server) => [Endpoint(server), Rollback(server), Predict(server), Feedback(server)];

    private static Command Endpoint(Server server)
    {
        var list = new Command("list", "List the endpoints of a project.");
        list.SetAction(async (line, stop) => Show.List(
            line, await server.Get<List<EndpointView>>($"/api/projects/{Server.Segment(server.Project())}/endpoints", stop), "No endpoint yet: promote a version of the model that serve.endpoint names.",
            ("endpoint", e => e.Name), ("serves", e => Served(e)), ("epoch", e => e.Epoch.ToString(CultureInfo.InvariantCulture)),
            ("answers/s", e => e.LastMinute.PerSecond.ToString("0.##", CultureInfo.InvariantCulture)), ("p50", e => Millis(e.LastMinute.P50)), ("p95", e => Millis(e.LastMinute.P95)), ("abstains", Abstains)));

        var name = new Argument<string>("endpoint") { Description = "Its name." };
        var show = new Command("show", "Show what an endpoint serves and how it is doing.") { name };
        show.SetAction(async (line, stop) =>
        {
            var e = await server.Get<EndpointView>($"/api/projects/{Server.Segment(server.Project())}/endpoints/{Server.Segment(line.GetRequiredValue(name))}", stop);
            Show.One(line, e, [
                ("endpoint", e.Name), ("serves", Served(e)), ("way back", e.WarmVersion is { } warm ? $"{e.Model}@{warm}, in memory" : null), ("trouble", e.Trouble),
                ("abstains", Abstains(e)), ("last minute", $"{e.LastMinute.Answers} answers, p50 {Millis(e.LastMinute.P50)}, p95 {Millis(e.LastMinute.P95)}"),
                .. e.Serving.Select(node => (node.Node, (string?)$"version {node.Version}, epoch {node.Epoch}{(node.Trouble is null ? "" : $": {node.Trouble}")}")),
            ]);
        });
        return new("endpoint", "Look at what is served.") { list, show, Log(server) };
    }

    private static Command Log(Server server)
    {
        var name = new Argument<string>("endpoint") { Description = "Its name." };
        var label = new Option<string>("--label") { Description = "Only answers of this kind." };
        var version = new Option<int?>("--of") { Description = "Only answers of this version." };
        var under = new Option<double?>("--under") { Description = "Only answers less confident than this, such as 0.6." };
        var said = new Option<string>("--said") { Description = "Only answers about which a person said right, wrong or nothing." };
        said.AcceptOnlyFromAmong("right", "wrong", "nothing");
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only answers from this time on: 2030-01-31 or 2030-01-31T14:00Z." };
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 50 };
        var log = new Command("log", "List what an endpoint answered.") { name, label, version, under, said, since, limit };
        log.SetAction(async (line, stop) =>
        {
            (string Key, object? Value)[] asked = [("label", line.GetValue(label)), ("version", line.GetValue(version)), ("under", line.GetValue(under)), ("said", line.GetValue(said)), ("since", line.GetValue(since)?.ToString("o", CultureInfo.InvariantCulture)), ("limit", line.GetValue(limit))];
            var query = string.Join('&', asked.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={Uri.EscapeDataString(Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!)}"));
            Show.List(
                line, await server.Get<List<Prediction>>($"/api/projects/{Server.Segment(server.Project())}/endpoints/{Server.Segment(line.GetRequiredValue(name))}/predictions?{query}", stop), "No such answer.",
                ("at", one => one.At.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), ("answer", one => one.Label), ("sure", one => Words.Percent(one.Confidence)), ("version", one => one.Version.ToString(CultureInfo.InvariantCulture)),
                ("took", one => Millis(one.Micros / 1000.0)), ("", one => one.Abstained ? "abstained" : ""), ("said", Said), ("picture", one => one.Picture is null ? "" : "kept"), ("id", one => one.Id));
        });
        return log;
    }

    private static Command Feedback(Server server)
    {
        var id = new Argument<string>("id") { Description = "Of the answer: predict prints it, endpoint log lists it." };
        var right = new Option<bool>("--right") { Description = "It was right." };
        var wrong = new Option<bool>("--wrong") { Description = "It was wrong, and you do not know what it is." };
        var label = new Option<string>("--label") { Description = "What it really is." };
        var ask = new Option<bool>("--ask") { Description = "Have people name its picture, whatever was said about it." };
        var feedback = new Command("feedback", "Say whether an answer was right. Wrong ones are the first that people are asked about.") { id, right, wrong, label, ask };
        feedback.SetAction(async (line, stop) =>
        {
            var named = line.GetValue(label);
            var at = $"/api/projects/{Server.Segment(server.Project())}/predictions/{Server.Segment(line.GetRequiredValue(id))}";
            if (line.GetValue(ask) && !line.GetValue(right) && !line.GetValue(wrong) && named is null)
            {
                var asked = await server.Post<Prediction>($"{at}/ask", null, stop);
                Show.Done(line, "People are asked what it shows: steward label prints the page.", asked);
                return;
            }

            if ((line.GetValue(right) ? 1 : 0) + (line.GetValue(wrong) || named is not null ? 1 : 0) != 1)
                throw ProblemException.Invalid("feedback_invalid", "It is not said whether the answer was right.", "Add one of --right, --wrong or --label KIND.");
            var one = await server.Post<Prediction>($"{at}/feedback", new { right = line.GetValue(right) ? true : line.GetValue(wrong) ? false : (bool?)null, label = named }, stop);
            if (line.GetValue(ask))
                await server.Post<Prediction>($"{at}/ask", null, stop);
            Show.Done(line, $"Kept: {one.Endpoint} said {one.Label}, and that was {Said(one)}.", one);
        });
        return feedback;
    }

    private static string Said(Prediction one) => one.Right switch { true => "right", false => one.Truth is null ? "wrong" : $"wrong, it is {one.Truth}", _ => "" };

    private static Command Rollback(Server server)
    {
        var name = new Argument<string>("endpoint") { Description = "Its name." };
        var reason = new Option<string>("--reason") { Description = "Why, in a few words: it goes into the audit.", Required = true };
        var rollback = new Command("rollback", "Go back to the version that served before. Needs no vote.") { name, reason };
        rollback.SetAction(async (line, stop) =>
        {
            var e = await server.Post<EndpointView>($"/api/projects/{Server.Segment(server.Project())}/endpoints/{Server.Segment(line.GetRequiredValue(name))}/rollback", new { reason = line.GetRequiredValue(reason) }, stop);
            Show.Done(line, $"{e.Name} serves {Served(e)} again (epoch {e.Epoch}).", e);
        });
        return rollback;
    }

    private static Command Predict(Server server)
    {
        var reference = new Argument<string>("ref") { Description = "An endpoint, or endpoint@version." };
        var image = new Option<FileInfo>("--image") { Description = "A picture to name." };
        var json = new Option<FileInfo>("--json-input") { Description = "An inference request as JSON." };
        var predict = new Command("predict", "Ask an endpoint for an answer.") { reference, image, json };
        predict.SetAction(async (line, stop) =>
        {
            var asked = Reference.Parse("endpoint", line.GetRequiredValue(reference));
            var path = $"/v2/models/{Server.Segment(asked.Name)}{(asked.Version is { } version ? $"/versions/{version}" : "")}";
            if (line.GetValue(image) is { } picture)
            {
                var answer = await server.Send<PictureAnswer>(HttpMethod.Post, path + "/picture", await Content(picture, "application/octet-stream", stop), stop);
                Show.One(line, answer, [("answer", answer.Sentence), ("version", $"{answer.Model}@{answer.Version}"), ("id", answer.Id), .. answer.Probabilities.Take(5).Select(pair => (pair.Key, (string?)Words.Percent(pair.Value)))]);
            }
            else if (line.GetValue(json) is { } request)
                Console.WriteLine(await server.Send<System.Text.Json.JsonElement>(HttpMethod.Post, path + "/infer", await Content(request, "application/json", stop), stop));
            else
                throw ProblemException.Invalid("input_missing", "There is nothing to ask about.", "Add --image FILE or --json-input FILE.");
        });
        return predict;
    }

    private static async Task<ByteArrayContent> Content(FileInfo file, string type, CancellationToken stop)
    {
        if (!file.Exists)
            throw ProblemException.NotFound("file", file.Name, "Look at the path.");
        var content = new ByteArrayContent(await File.ReadAllBytesAsync(file.FullName, stop));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static string Served(EndpointView e) => e.LiveVersion is { } version ? $"{e.Model}@{version}" : "nothing yet";

    private static string Abstains(EndpointView e) => e.AbstainUnder is { } under ? $"under {Words.Percent(under)}" : "";

    private static string Millis(double? value) => value is null ? "-" : value.Value.ToString("0.#", CultureInfo.InvariantCulture) + " ms";
}
