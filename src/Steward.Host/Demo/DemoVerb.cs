using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Host.Verbs;
using Steward.Identity;

namespace Steward.Host.Demo;

/// <summary><c>steward demo</c>: a new server, the whole journey, then it keeps serving.</summary>
internal static class DemoVerb
{
    private const string UsualFolder = ".steward-demo";

    public static Command Tree()
    {
        var seed = new Option<int>("--seed") { Description = "Another seed draws other pictures.", DefaultValueFactory = _ => 1 };
        var exit = new Option<bool>("--exit") { Description = "Stop when the journey is over instead of serving on." };
        var demo = new Command("demo", "The whole journey with drawn fruit: data, training, sign-off, serving, drift, labels, relearning.") { SettingsFrom.Port, seed, exit };
        demo.SetAction((line, stop) => Run(line, line.GetValue(seed), line.GetValue(exit), line.GetValue(Show.AsJson), stop));
        return demo;
    }

    private static async Task<int> Run(ParseResult line, int seed, bool exit, bool json, CancellationToken stop)
    {
        var named = line.GetValue(Commands.Data) is not null || Environment.GetEnvironmentVariable("STEWARD_DATA") is { Length: > 0 };
        var settings = SettingsFrom.Line(line);
        settings = named ? settings : settings with { Data = Path.Combine(Environment.CurrentDirectory, UsualFolder) };
        DemoFolder.Prepare(settings.Data, named);
        var tell = new DemoTelling(json);
        await using var app = await UpVerb.Start(settings, stop, services => services.Configure<LoggerFilterOptions>(log => log.MinLevel = LogLevel.Warning));
        DemoFolder.Mark(settings.Data);
        using var asked = Running.WhenAsked(settings.Data, app.Lifetime.StopApplication);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        try
        {
            var url = app.Urls.First();
            tell.Line($"[bold]Steward[/] is ready at [link]{url}[/], data in {Markup.Escape(settings.Data)}");
            var link = await app.Services.GetRequiredService<FirstStart>().Link(ending.Token) ?? throw DemoFolder.Taken(settings.Data);
            var summary = await new Journey(url, seed, tell).Tell(settings.Data, link, ending.Token);
            DemoFolder.Keep(settings.Data, summary);
            if (json)
                Console.WriteLine(Json.Write(summary));
            else
                Conclude(tell, summary);
            if (!exit)
                await Serve(app, tell, stop);
            return 0;
        }
        finally
        {
            Running.Remove(settings.Data);
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task Serve(WebApplication app, DemoTelling tell, CancellationToken stop)
    {
        tell.Line("[grey]It keeps serving. Ctrl-C stops it.[/]");
        await app.WaitForShutdownAsync(stop);
    }

    private static void Conclude(DemoTelling tell, DemoSummary done)
    {
        tell.Chapter("What happened");
        tell.Line($"  right before the change   [bold]{done.Before}[/]");
        tell.Line($"  right under the new style [bold]{done.Changed}[/]");
        tell.Line($"  right after relearning    [bold]{done.After}[/]   (known styles: {done.AfterKnown})");
        tell.Line($"  incident {done.Incident.Number} after {done.Incident.After} changed pictures: {Markup.Escape(done.Incident.Title)}");
        foreach (var deed in done.Incident.Deeds)
            tell.Line($"    [grey]{Markup.Escape(deed)}[/]");
        foreach (var refused in done.Refusals.Take(1))
            tell.Line($"  refused, as it should be: {Markup.Escape(refused.What)} (exit code {refused.ExitCode})");
        tell.Line($"\nLook at it: [link]{done.Address}/projects/fruit[/]");
        foreach (var login in done.SignIns)
            tell.Line($"  sign in as [bold]{login.User}[/] ({login.Role}), password [bold]{login.Password}[/]");
        tell.Line($"The whole journey took {done.Seconds:0} s. Its data is in {Markup.Escape(done.Data)}.");
    }
}
