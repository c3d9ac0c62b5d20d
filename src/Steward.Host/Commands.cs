using System.CommandLine;
using Spectre.Console;
using Steward.Audit;
using Steward.Cli;
using Steward.Host.Demo;
using Steward.Host.Verbs;
using Steward.Identity;
using Steward.Projects;
using Steward.Work;

namespace Steward.Host;

/// <summary>Everything a person can type. Verbs talk to a server over HTTP; without one running they start it in this process.</summary>
internal static class Commands
{
    public static Option<string?> Url { get; } = new("--url") { Description = "The server to talk to (STEWARD_URL).", Recursive = true };
    public static Option<string?> Token { get; } = new("--token") { Description = "A token instead of the stored sign-in (STEWARD_TOKEN).", Recursive = true };
    public static Option<string?> Project { get; } = new("--project") { Description = "The project (STEWARD_PROJECT, or the steward.yaml of this folder).", Recursive = true };
    public static Option<string?> Data { get; } = new("--data") { Description = "The data folder (STEWARD_DATA, by default .steward here).", Recursive = true };

    public static async Task<int> Run(string[] args)
    {
        ParseResult? line = null;
        await using var connection = new Connection(() => line!);
        using var server = new Server(connection.Http) { Project = () => ProjectHere.Name(line!), Reader = () => new ProjectFileReader(Platform.Sections) };
        var root = Tree(server);
        line = root.Parse(args);
        if (line.Errors.Count > 0)
        {
            await line.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
            return 2;
        }

        try
        {
            return await line.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (ProblemException problem)
        {
            return Tell(line, problem);
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static RootCommand Tree(Server server)
    {
        var root = new RootCommand("From raw data to a signed-off, watched model, and a story that anyone can follow.")
        {
            Show.AsJson, Show.Yes, Url, Token, Project, Data,
            UpVerb.Tree(), DownVerb.Tree(), StatusVerb.Tree(server), DoctorVerb.Tree(), DemoVerb.Tree(), NewVerb.Tree(), LintVerb.Tree(), ProjectVerbs.Tree(server), RoomsVerb.Tree(), VersionVerb.Tree(), CompletionVerb.Tree(),
        };
        foreach (var verb in IdentityVerbs.Tree(server).Append(AuditVerbs.Tree(server)).Append(WorkVerbs.Tree(server)))
            root.Subcommands.Add(verb);
        foreach (var verb in Platform.Rooms.SelectMany(room => room.Verbs(server)))
            Add(root, verb);
        return root;
    }

    /// <summary>Two rooms may say something of one noun: <c>model bundle</c> belongs to another room than <c>model show</c>.</summary>
    private static void Add(RootCommand root, Command verb)
    {
        if (root.Subcommands.FirstOrDefault(noun => noun.Name == verb.Name) is { } noun)
            foreach (var more in verb.Subcommands)
                noun.Subcommands.Add(more);
        else
            root.Subcommands.Add(verb);
    }

    private static int Tell(ParseResult line, ProblemException problem)
    {
        if (line.GetValue(Show.AsJson))
            Console.WriteLine(Json.Write(new { problem.Code, why = problem.Message, problem.Try }));
        else
        {
            var red = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            red.MarkupLine($"[red]{Markup.Escape(problem.Message)}[/]");
            if (problem.Try is not null)
                red.MarkupLine($"Try: {Markup.Escape(problem.Try)}");
            red.MarkupLine($"[grey]{Markup.Escape(problem.Code)}[/]");
        }

        return problem.Kind.ExitCode();
    }
}
