using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Stories;

/// <summary>What a person types to have something explained.</summary>
internal static class ExplainVerb
{
    public static Command Of(Server server)
    {
        var topic = new Argument<string?>("topic") { Description = "What to explain: drift, container, pod, canary. Left out, the list of them.", Arity = ArgumentArity.ZeroOrOne };
        var language = StoryVerbs.Tongue();
        var to = new Option<string?>("--to") { Description = "A file to draw it into: .svg, .png or .pdf." };
        var explain = new Command("explain", "Explain a word of the trade to anybody, with the project's own numbers.") { topic, language, to };
        explain.SetAction(async (line, stop) =>
        {
            var (project, tongue) = (Server.Segment(server.Project()), line.GetValue(language));
            if (line.GetValue(topic) is not { } word)
            {
                await List(server, line, project, tongue, stop);
                return;
            }

            var at = $"/api/projects/{project}/explain/{Server.Segment(word)}";
            if (line.GetValue(to) is { } file)
            {
                await StoryVerbs.Save(server, $"{at}/comic{StoryVerbs.Extension(file)}?language={tongue}", file, stop);
                Show.Done(line, $"Drawn into {file}.", new { file });
                return;
            }

            await Tell(server, line, project, await server.Get<ExplanationView>($"{at}?language={tongue}", stop), stop);
        });
        return explain;
    }

    private static async Task List(Server server, ParseResult line, string project, string? language, CancellationToken stop)
        => Show.List(line, await server.Get<List<TopicView>>($"/api/projects/{project}/explain?language={language}", stop), "Nothing is explained.",
            ("topic", one => one.Topic), ("title", one => one.Title), ("aloud", one => one.Seconds.ToString("0", CultureInfo.InvariantCulture) + " s"), ("remember", one => one.Moral));

    private static async Task Tell(Server server, ParseResult line, string project, ExplanationView told, CancellationToken stop)
    {
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(told));
            return;
        }

        Console.WriteLine($"{told.Title}\n");
        StoryVerbs.Print(told.Panels, told.Moral, told.Limits, told.Sources, told.Words, told.Seconds);
        Console.WriteLine($"Pictures and a task: {(await server.Http(stop)).BaseAddress}projects/{project}/explain/{told.Topic}{(told.Language == Catalogue.English.Code ? "" : $"?language={told.Language}")}");
    }
}
