using System.CommandLine;
using Spectre.Console;
using Steward.Cli;

namespace Steward.Tracking.Comparing;

/// <summary><c>steward runs compare</c>: conclusion first, then only what differs.</summary>
internal static class CompareVerb
{
    private const int Columns = 6;

    public static Command Tree(Server server)
    {
        var which = new Argument<string[]>("runs") { Description = "Ids, last digits or names of runs; a study stands for its tunes. None: the newest of the project.", Arity = ArgumentArity.ZeroOrMore };
        var study = new Option<string?>("--study") { Description = "The tunes of this study; names are looked for among them." };
        var experiment = RunVerbs.Experiment();
        var metric = new Option<string?>("--metric") { Description = "Compare by this metric instead of the one the runs name." };
        var best = new Option<int>("--best") { Description = "So many columns, the best first.", DefaultValueFactory = _ => Columns };
        var all = new Option<bool>("--all") { Description = "Also what is the same everywhere, and details." };
        var verb = new Command("compare", "Runs side by side: which is best, how sure that is, and what differs.") { which, study, experiment, metric, best, all };
        verb.SetAction(async (line, stop) =>
        {
            var of = line.GetValue(study) is { } named ? await RunVerbs.IdOf(server, named, stop) : null;
            var ids = new List<string>();
            foreach (var run in line.GetValue(which) ?? [])
                ids.Add(await RunVerbs.IdOf(server, run, stop, of));
            var query = new Choice(ids, ids.Count > 0 ? null : of, line.GetValue(experiment), line.GetValue(metric), null).Query;
            Tell(line, await server.Get<ComparisonView>($"{RunVerbs.Runs(server)}/compare?best={line.GetValue(best)}&all={(line.GetValue(all) ? "true" : "false")}&{query}", stop), line.GetValue(all));
        });
        return verb;
    }

    private static void Tell(ParseResult line, ComparisonView view, bool all)
    {
        if (!line.GetValue(Show.AsJson) && view.Conclusion is { } conclusion)
            AnsiConsole.WriteLine(conclusion + "\n");
        if (line.GetValue(Show.AsJson))
            Console.WriteLine(Json.Write(view));
        else
            Show.List(line, [.. view.Rows.Where(row => all || !row.Detail)], view.Runs.Count < 2 ? "There is nothing to compare yet. Train: steward run" : "Nothing differs.",
                [("", row => row.Key), .. view.Runs.Select((run, i) => (run.Title, (Func<ComparisonRow, string>)(row => row.Cells[i] ?? "")))]);
        if (!line.GetValue(Show.AsJson) && view.Equal > 0 && !all)
            AnsiConsole.MarkupLine($"[grey]{Say.Count(view.Equal, "row")} the same everywhere: --all shows them.[/]");
    }
}
