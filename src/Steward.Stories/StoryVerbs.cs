using System.CommandLine;
using System.Globalization;
using Steward.Cli;

namespace Steward.Stories;

internal static class StoryVerbs
{
    public static Command Tree(Server server) => new("story", "What happened, as a comic in which every number is on record.") { List(server), Make(server), One(server), Deck(server), Lint(server), Publish(server) };

    private static Command List(Server server)
    {
        var list = new Command("list", "List the stories of a project, the newest first.");
        list.SetAction(async (line, stop) => Show.List(line, await server.Get<List<EditionView>>(All(server), stop), "No story yet. steward story make release tells about the newest version.",
            ("story", one => $"{one.Kind}/{one.Subject}"), ("episode", one => one.Episode?.ToString(CultureInfo.InvariantCulture) ?? ""), ("edition", one => one.Edition.ToString(CultureInfo.InvariantCulture)),
            ("", one => one.PublishedAt is not null ? "published" : one.Findings.Count > 0 ? Say.Count(one.Findings.Count, "finding") : "waits for its owner"), ("made", one => one.MadeAt.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture))));
        return list;
    }

    private static Command Make(Server server)
    {
        var (kind, subject) = (Kind(), new Argument<string?>("subject") { Description = "What it is about: fruit@2, an incident's number, a run, a data set. The newest when left out.", Arity = ArgumentArity.ZeroOrOne });
        var make = new Command("make", "Tell what is on record; the same records give the same story.") { kind, subject };
        make.SetAction(async (line, stop) =>
        {
            var made = await server.Post<EditionView>(All(server), new { kind = line.GetRequiredValue(kind), subject = line.GetValue(subject) }, stop);
            var http = await server.Http(stop);
            Show.Done(line, $"{made.Kind}/{made.Subject}, edition {made.Edition}{(made.Findings.Count > 0 ? $", not published: {made.Findings[0].What}" : "")}\n{http.BaseAddress}projects/{made.Project}/stories/{made.Kind}/{Server.Segment(made.Subject)}", made);
        });
        return make;
    }

    private static Command One(Server server)
    {
        var (kind, subject, level, language) = (Kind(), Subject(), Level(), Tongue());
        var to = new Option<string?>("--to") { Description = "A file to draw it into: .svg, .png or .pdf." };
        var form = new Option<string>("--form") { Description = "page, phone, slide, print or sheet.", DefaultValueFactory = _ => "page" };
        var show = new Command("show", "Show a story in words, or draw it into a file.") { kind, subject, level, language, to, form };
        show.SetAction(async (line, stop) =>
        {
            var at = $"{All(server)}/{Server.Segment(line.GetRequiredValue(kind))}/{Server.Segment(line.GetRequiredValue(subject))}";
            var how = $"level={line.GetValue(level)}&language={line.GetValue(language)}";
            if (line.GetValue(to) is { } file)
            {
                await Save(server, $"{at}/comic{Extension(file)}?{how}&form={line.GetValue(form)}", file, stop);
                Show.Done(line, $"Drawn into {file}.", new { file });
                return;
            }

            Tell(line, await server.Get<StoryView>($"{at}?{how}", stop));
        });
        return show;
    }

    private static Command Deck(Server server)
    {
        var (kind, subject, level, language) = (Kind(), Subject(), Level(), Tongue());
        var to = new Option<string>("--to") { Description = "A file: .html for slides that need no network, .pdf for paper.", Required = true };
        var deck = new Command("deck", "Make slides of a story.") { kind, subject, level, language, to };
        deck.SetAction(async (line, stop) =>
        {
            var file = line.GetRequiredValue(to);
            if (Path.GetExtension(file).ToLowerInvariant() is not (".html" or ".pdf"))
                throw ProblemException.Invalid("file_invalid", $"Slides are not made as '{Names.Shorten(file)}'.", "Name a file that ends in .html or .pdf.");
            await Save(server, $"{All(server)}/{Server.Segment(line.GetRequiredValue(kind))}/{Server.Segment(line.GetRequiredValue(subject))}/deck{Path.GetExtension(file).ToLowerInvariant()}?level={line.GetValue(level)}&language={line.GetValue(language)}", file, stop);
            Show.Done(line, $"Slides are in {file}.", new { file });
        });
        return deck;
    }

    private static Command Lint(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var lint = new Command("lint", "Check every telling of a story: numbers, words, pictures.") { kind, subject };
        lint.SetAction(async (line, stop) =>
        {
            var found = await server.Get<List<Finding>>($"{All(server)}/{Server.Segment(line.GetRequiredValue(kind))}/{Server.Segment(line.GetRequiredValue(subject))}/lint", stop);
            Show.List(line, found, "Nothing found: every number is on record, every word and picture is in its place.", ("rule", one => one.Rule), ("where", one => one.Where), ("what", one => one.What));
            return found.Count == 0 ? 0 : 1;
        });
        return lint;
    }

    private static Command Publish(Server server)
    {
        var (kind, subject) = (Kind(), Subject());
        var publish = new Command("publish", "Show a story to everybody; the owner of the stories does.") { kind, subject };
        publish.SetAction(async (line, stop) =>
        {
            var done = await server.Post<EditionView>($"{All(server)}/{Server.Segment(line.GetRequiredValue(kind))}/{Server.Segment(line.GetRequiredValue(subject))}/publish", null, stop);
            Show.Done(line, $"{done.Kind}/{done.Subject} is published.", done);
        });
        return publish;
    }

    private static void Tell(ParseResult line, StoryView story)
    {
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(story));
            return;
        }

        Console.WriteLine($"{story.Title}\n{(story.Example ? "An example: this did not happen here.\n" : "")}");
        Print(story.Panels, story.Moral, story.Limits, story.Sources, story.Words, story.Seconds);
    }

    /// <summary>A story in words, with where its numbers come from.</summary>
    internal static void Print(IReadOnlyList<StoryPanel> panels, string moral, string limits, IReadOnlyList<FactView> sources, int spoken, double seconds)
    {
        foreach (var panel in panels)
        {
            Console.WriteLine($"{panel.Number}. {panel.Caption}");
            foreach (var sign in panel.Signs)
                Console.WriteLine($"   [{sign}]");
            foreach (var (speaker, words) in panel.Said)
                Console.WriteLine($"   {speaker}: {words}");
        }

        Console.WriteLine($"\n{moral}\n{limits}\n");
        foreach (var source in sources)
            Console.WriteLine($"  {source.Mark}  {source.Said}");
        Console.WriteLine($"\n{spoken} words, {seconds:0} s read aloud.");
    }

    internal static async Task Save(Server server, string path, string file, CancellationToken stop)
    {
        using var reply = await server.Open(path, stop);
        var part = file + ".part";
        await using (var into = File.Create(part))
            await reply.Content.CopyToAsync(into, stop);
        File.Move(part, file, overwrite: true);
    }

    internal static string Extension(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".svg" => ".svg",
        ".png" => ".png",
        ".pdf" => ".pdf",
        var other => throw ProblemException.Invalid("file_invalid", $"A story is not drawn as '{other}'.", "Name a file that ends in .svg, .png or .pdf."),
    };

    private static Argument<string> Kind() => new("kind") { Description = "release, incident, run, tunes, data, week or deployment." };

    private static Argument<string> Subject() => new("subject") { Description = "What it is about, as story list shows it." };

    private static Option<string> Level() => new("--level") { Description = "child, executive or engineer.", DefaultValueFactory = _ => "child" };

    internal static Option<string> Tongue() => new("--language") { Description = "en or de.", DefaultValueFactory = _ => "en" };

    private static string All(Server server) => $"/api/projects/{Server.Segment(server.Project())}/stories";
}
