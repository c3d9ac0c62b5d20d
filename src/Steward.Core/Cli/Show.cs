using System.CommandLine;
using Spectre.Console;

namespace Steward.Cli;

/// <summary>How verbs print: tables for people, one JSON document for programs with <c>--json</c>.</summary>
public static class Show
{
    private const int LongestWord = 36, AsWideAsItTakes = 1000;

    public static Option<bool> AsJson { get; } = new("--json") { Description = "Print one JSON document instead of a table.", Recursive = true };

    public static Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask.", Recursive = true };

    /// <summary>A list: every row as JSON, or a table with these columns.</summary>
    public static void List<T>(ParseResult line, IReadOnlyCollection<T> rows, string empty, params (string Title, Func<T, string> Cell)[] columns)
    {
        if (line.GetValue(AsJson))
        {
            Console.WriteLine(Json.Write(rows));
            return;
        }

        if (rows.Count == 0)
        {
            AnsiConsole.MarkupLine($"[grey]{Markup.Escape(empty)}[/]");
            return;
        }

        // Names and numbers stay whole; sentences wrap.
        var cells = rows.Select(row => columns.Select(column => column.Cell(row)).ToArray()).ToList();
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        for (var i = 0; i < columns.Length; i++)
            table.AddColumn(new TableColumn($"[grey]{Markup.Escape(columns[i].Title)}[/]") { NoWrap = cells.TrueForAll(row => row[i].Length <= LongestWord) });
        foreach (var row in cells)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        Out().Write(table);
    }

    /// <summary>One thing: as JSON, or as lines of name and value.</summary>
    public static void One<T>(ParseResult line, T thing, params (string Title, string? Value)[] facts)
    {
        if (line.GetValue(AsJson))
        {
            Console.WriteLine(Json.Write(thing));
            return;
        }

        var grid = new Grid().AddColumn().AddColumn();
        foreach (var (title, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
            grid.AddRow($"[grey]{Markup.Escape(title)}[/]", Markup.Escape(value!));
        Out().Write(grid);
    }

    /// <summary>The terminal; a file or a pipe gets whole lines, whatever width the terminal has.</summary>
    private static IAnsiConsole Out()
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = AsWideAsItTakes;
        return AnsiConsole.Console;
    }

    /// <summary>A bar while something long runs, on a terminal; nothing with <c>--json</c> or into a file. Report how much is done so far.</summary>
    public static async Task<T> Progress<T>(ParseResult line, string title, long total, Func<IProgress<long>, Task<T>> work)
    {
        if (line.GetValue(AsJson) || !AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
            return await work(new Progress<long>());
        return await AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async shown =>
        {
            var bar = shown.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
            return await work(new Told(done => bar.Value = done));
        });
    }

    /// <summary>A sentence about what was done; silent with <c>--json</c>, which prints <paramref name="result"/>.</summary>
    public static void Done(ParseResult line, string sentence, object result)
        => Console.WriteLine(line.GetValue(AsJson) ? Json.Write(result) : sentence);

    /// <summary>Unlike <see cref="Progress{T}"/> of the framework it tells at once and in order.</summary>
    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
