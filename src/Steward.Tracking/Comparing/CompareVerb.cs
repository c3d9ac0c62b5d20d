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
        var code = new Option<bool>("--code") { Description = "What differs in the code of the best two." };
        var verb = new Command("compare", "Runs side by side: which is best, how sure that is, and what differs.") { which, study, experiment, metric, best, all, code };
        verb.SetAction(async (line, stop) =>
        {
            var of = line.GetValue(study) is { } named ? await RunVerbs.IdOf(server, named, stop) : null;
            var ids = new List<string>();
            foreach (var run in line.GetValue(which) ?? [])
                ids.Add(await RunVerbs.IdOf(server, run, stop, of));
            var query = new Choice(ids, ids.Count > 0 ? null : of, line.GetValue(experiment), line.GetValue(metric), null).Query;
            var view = await server.Get<ComparisonView>($"{RunVerbs.Runs(server)}/compare?best={line.GetValue(best)}&all={(line.GetValue(all) ? "true" : "false")}&{query}", stop);
            if (!line.GetValue(code))
                Tell(line, view, line.GetValue(all));
            else if (view.Runs is [var first, var next, ..])
                Tell(line, await server.Get<CodeComparison>($"{RunVerbs.Runs(server)}/compare/code?before={next.Id}&after={first.Id}", stop));
            else
                throw ProblemException.Invalid("too_few", "It takes two runs to compare their code.", "Name two: steward runs list");
        });
        return verb;
    }

    private static void Tell(ParseResult line, CodeComparison code)
    {
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(code));
            return;
        }

        AnsiConsole.WriteLine($"From {Names.Shorten(code.Before.Name)} to {Names.Shorten(code.After.Name)}. {code.Conclusion}");
        foreach (var file in code.Files)
        {
            AnsiConsole.MarkupLine($"\n[bold]{Markup.Escape(Names.Shorten(file.Name, 200))}[/]{(file.Note is null ? "" : $" [grey]{Markup.Escape(file.Note)}[/]")}");
            foreach (var said in file.Lines)
                AnsiConsole.MarkupLine(said.Kind switch
                {
                    DiffKind.Added => $"[green]+ {Safe(said)}[/]",
                    DiffKind.Removed => $"[red]- {Safe(said)}[/]",
                    DiffKind.Gap => $"[grey]  {Safe(said)}[/]",
                    _ => $"  {Safe(said)}",
                });
        }

        // A tab is a character that may be shown; what would steer a terminal is not.
        static string Safe(DiffLine said) => Markup.Escape(new string([.. said.Text.Replace("\t", "    ", StringComparison.Ordinal).Where(c => !char.IsControl(c))]));
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
