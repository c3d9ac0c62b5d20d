using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Host.Templates;
using Steward.Host.Verbs;
using Steward.Identity;

namespace Steward.Host.Demo;

/// <summary><c>steward demo</c>: a new server, the whole journey, then it keeps serving.</summary>
internal static class DemoVerb
{
    private const string UsualFolder = ".steward-demo";

    public static Command Tree()
    {
        var seed = new Option<int>("--seed") { Description = "Another seed draws other pictures, and makes up another shop.", DefaultValueFactory = _ => 1 };
        var exit = new Option<bool>("--exit") { Description = "Stop when the journey is over instead of serving on." };
        var images = new Option<string?>("--images") { Description = "A folder of your own pictures instead: one folder a kind, or train/ and test/ with kinds inside." };
        var name = new Argument<string>("name") { Description = $"Which journey: {string.Join(", ", Template.Names)}.", DefaultValueFactory = _ => Template.Fruit };
        var demo = new Command("demo", "A whole journey: data, training, sign-off, serving, watching. With drawn fruit or your own pictures, with a shop's sales files, or with a series of days.") { name, SettingsFrom.Port, seed, exit, images };
        demo.SetAction((line, stop) => Run(line, line.GetRequiredValue(name), line.GetValue(images), line.GetValue(seed), line.GetValue(exit), line.GetValue(Show.AsJson), stop));
        return demo;
    }

    private static async Task<int> Run(ParseResult line, string name, string? images, int seed, bool exit, bool json, CancellationToken stop)
    {
        if (!Template.Names.Contains(name))
            throw Template.Unknown(name);
        if (images is not null && name != Template.Fruit)
            throw Template.WantsNoPictures(name);
        // Before anything is started or removed: what cannot become a model is said at once.
        var own = images is null ? null : OwnProject.Of(images, null, stop);
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
            Journey journey = name switch
            {
                Template.Offers => new OffersJourney(url, seed, tell),
                Template.Forecast => new ForecastJourney(url, tell),
                _ => own is null ? new FruitJourney(url, seed, tell) : new OwnJourney(url, own, seed, tell),
            };
            var summary = await journey.Tell(settings.Data, link, ending.Token);
            DemoFolder.Keep(settings.Data, summary);
            if (json)
                Console.WriteLine(Json.Write<object>(summary));
            else
                summary.Conclude(tell);
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
}
