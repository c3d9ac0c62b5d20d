using System.CommandLine;
using System.Globalization;
using Steward.Cli;
using Steward.Tracking.Comparing;

namespace Steward.Tracking;

internal static class RunVerbs
{
    // Ids begin with the time; the end tells runs apart.
    private const int ShortId = 6;

    public static Command Tree(Server server) => new("runs", "Look at runs: what went in, what came out, which was best.") { List(server), ShowOne(server), Best(server), CompareVerb.Tree(server) };

    private static Command List(Server server)
    {
        var experiment = Experiment();
        var study = new Option<string?>("--study") { Description = "The tunes of this study." };
        var limit = new Option<int>("--limit") { Description = "At most so many, newest first.", DefaultValueFactory = _ => 20 };
        var list = new Command("list", "List the runs of a project, newest first.") { experiment, study, limit };
        list.SetAction(async (line, stop) =>
        {
            var parent = line.GetValue(study) is { } named ? await IdOf(server, named, stop) : null;
            var found = await server.Get<List<RunView>>($"{Runs(server)}?limit={line.GetValue(limit)}{Query("experiment", line.GetValue(experiment))}{Query("parent", parent)}", stop);
            Show.List(line, found, "No run yet. Train one: steward run",
                ("id", one => one.Id[^ShortId..]), ("run", one => one.Name), ("", one => one.Status.Word()), ("score", one => Say.Score(one.Primary?.Value)),
                ("tunes", one => one.Tunes == 0 ? "" : one.Tunes.ToString(CultureInfo.InvariantCulture)), ("took", Took), ("started", Ago));
        });
        return list;
    }

    private static Command ShowOne(Server server)
    {
        var which = new Argument<string>("run") { Description = "Its id, the last digits of it, or its name: the newest run of that name." };
        var study = new Option<string?>("--study") { Description = "Look among the tunes of this study." };
        var show = new Command("show", "Show one run: parameters, metrics, files, and what it ran on.") { which, study };
        show.SetAction(async (line, stop) =>
        {
            var parent = line.GetValue(study) is { } named ? await IdOf(server, named, stop) : null;
            Tell(line, await server.Get<RunView>($"{Runs(server)}/{await IdOf(server, line.GetRequiredValue(which), stop, parent)}", stop));
        });
        return show;
    }

    private static Command Best(Server server)
    {
        var metric = new Argument<string>("metric") { Description = "The metric to compare by, such as valid.f1_macro." };
        var experiment = Experiment();
        var study = new Option<string?>("--study") { Description = "Only the tunes of this study." };
        var least = new Option<bool>("--least") { Description = "Less is better." };
        var best = new Command("best", "Show the finished run with the best value of a metric.") { metric, experiment, study, least };
        best.SetAction(async (line, stop) =>
        {
            var parent = line.GetValue(study) is { } named ? await IdOf(server, named, stop) : null;
            var direction = line.GetValue(least) ? "minimize" : "maximize";
            Tell(line, await server.Get<RunView>($"{Runs(server)}/best?direction={direction}{Query("metric", line.GetRequiredValue(metric))}{Query("experiment", line.GetValue(experiment))}{Query("parent", parent)}", stop));
        });
        return best;
    }

    private static void Tell(ParseResult line, RunView one) => Show.One(line, one, [
        ("run", one.Name), ("id", one.Id), ("status", one.Status.Word()), ("experiment", one.Experiment), ("study", one.Parent), ("tunes", one.Tunes == 0 ? null : $"{one.Tunes}"),
        ("started", $"{Ago(one)} by {one.By}"), ("took", Took(one)), ("data", one.Data), ("code", one.Code), ("commit", one.Lineage?.CommitInWords), ("not kept", one.Lineage?.NotKept is { } notes ? string.Join("\n", notes) : null), ("environment", one.Environment),
        .. one.Params.Select(pair => ($"param {pair.Key}", (string?)pair.Value)),
        // Figures of single kinds and the ends of intervals are many: the page shows them as a table, --json all of them.
        .. one.Metrics.Where(pair => pair.Key.Count(c => c == '.') < 2).Select(pair => ($"metric {pair.Key}", (string?)pair.Value.ToString("0.######", CultureInfo.InvariantCulture))),
        .. one.Tags.Select(pair => ($"tag {pair.Key}", (string?)pair.Value)),
        .. (one.Artifacts ?? []).Select(file => ("file", (string?)$"{file.Name} ({Say.Bytes(file.Size)})")),
    ]);

    /// <summary>An id as it is; its last digits or a name become the id of the newest run that has them.</summary>
    public static async Task<string> IdOf(Server server, string named, CancellationToken stop, string? study = null)
    {
        if (named.Length == 32 && named.All(char.IsAsciiHexDigitLower))
            return named;
        var newest = await server.Get<List<RunView>>($"{Runs(server)}?limit=1000{Query("parent", study)}", stop);
        return (newest.Find(one => one.Name == named) ?? newest.Find(one => named.Length >= ShortId && one.Id.EndsWith(named, StringComparison.Ordinal)))?.Id
            ?? throw ProblemException.NotFound("run", Names.Shorten(named), study is null ? "steward runs list shows them; a tune is found with --study." : "steward runs list --study shows the tunes.");
    }

    public static Option<string?> Experiment() => new("--experiment") { Description = "Only runs of this experiment." };

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string Took(RunView one) => one.Seconds is { } seconds ? Say.Span(TimeSpan.FromSeconds(seconds)) : "";

    private static string Ago(RunView one) => Say.Ago(one.StartedAt, TimeProvider.System.GetUtcNow());

    public static string Runs(Server server) => $"/api/projects/{Server.Segment(server.Project())}/runs";
}
