using System.Diagnostics;
using Spectre.Console;

namespace Steward.Host.Demo;

/// <summary>Tells the demo as it happens: one line per step when it is done, one that changes while it is under way.</summary>
internal sealed class DemoTelling(bool silent)
{
    private readonly Stopwatch _all = Stopwatch.StartNew();
    private readonly List<DemoStep> _steps = [];
    private readonly IAnsiConsole _out = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(silent ? TextWriter.Null : Console.Out) });

    public IReadOnlyList<DemoStep> Steps => _steps;

    public TimeSpan Elapsed => _all.Elapsed;

    /// <summary>Does one step; <paramref name="deed"/> returns the sentence to keep.</summary>
    public async Task Step(string what, Func<Action<double?, string>, Task<string>> deed)
    {
        var clock = Stopwatch.StartNew();
        var sentence = "";
        if (silent || !_out.Profile.Capabilities.Interactive)
            sentence = await deed((_, _) => { });
        else
            await _out.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what), async status => sentence = await deed((share, now)
                => status.Status($"{Markup.Escape(what)} [grey]{(share is { } part ? $"{part:P0} " : "")}{Markup.Escape(now)}[/]")));
        _steps.Add(new(what, sentence, Math.Round(clock.Elapsed.TotalSeconds, 2)));
        _out.MarkupLine($"[green]✓[/] [bold]{Markup.Escape(what)}[/]  {Markup.Escape(sentence)} [grey]{clock.Elapsed.TotalSeconds:0.0} s[/]");
    }

    public void Chapter(string title) => _out.MarkupLine($"\n[bold]{Markup.Escape(title)}[/]");

    public void Line(string markup) => _out.MarkupLine(markup);
}

/// <param name="Seconds">How long it took.</param>
internal sealed record DemoStep(string What, string Said, double Seconds);
