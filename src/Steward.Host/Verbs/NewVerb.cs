using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Host.Templates;
using Steward.Host.Templates.Fruit;

namespace Steward.Host.Verbs;

/// <summary><c>steward new TEMPLATE [FOLDER]</c>: a project to begin with, its pictures included.</summary>
internal static class NewVerb
{
    public static Command Tree()
    {
        var template = new Argument<string>("template") { Description = string.Join(", ", Template.Names) + "." };
        var folder = new Argument<string?>("folder") { Description = "Where it goes; a new folder with the template's name by default.", Arity = ArgumentArity.ZeroOrOne };
        var pictures = new Option<int>("--pictures") { Description = "How many pictures are drawn, 0 to 100000.", DefaultValueFactory = _ => 2400 };
        var seed = new Option<int>("--seed") { Description = "Another seed draws other pictures.", DefaultValueFactory = _ => 1 };
        var images = new Option<string?>("--images") { Description = "A folder of your own pictures instead: one folder a kind, or train/ and test/ with kinds inside." };
        var called = new Option<string?>("--name") { Description = "What the project of your own pictures is called; by default like their folder." };
        var verb = new Command("new", "Begin a project from a template, or with your own pictures.") { template, folder, pictures, seed, images, called };
        verb.SetAction((line, stop) =>
        {
            var name = line.GetRequiredValue(template);
            if (!Template.Names.Contains(name))
                throw Template.Unknown(name);
            if (line.GetValue(images) is { } own)
                return NewFromPictures.Run(line, name, own, line.GetValue(called), line.GetValue(folder), stop);
            var text = Template.File(name);
            var target = Path.GetFullPath(line.GetValue(folder) ?? name);
            var file = Path.Combine(target, ProjectHere.FileName);
            if (File.Exists(file))
                throw ProblemException.Conflict("project_there", $"{file} is there already.", $"Name another folder: steward new {name} FOLDER");
            if (line.GetValue(pictures) is < 0 or > 100_000)
                throw ProblemException.Invalid("pictures_invalid", $"{line.GetValue(pictures)} pictures cannot be drawn.", "Choose 0 to 100000.");
            Draw(target, line.GetValue(seed), line.GetValue(pictures), stop);
            // Last, so that a folder with a steward.yaml is a whole project.
            File.WriteAllText(file, text);
            Tell(line, target, line.GetValue(pictures));
            return Task.FromResult(0);
        });
        return verb;
    }

    private static void Draw(string target, int seed, int count, CancellationToken stop)
    {
        Directory.CreateDirectory(target);
        Parallel.ForEach(FruitPictures.Many(seed, FruitPictures.KnownStyles, 0, count).Index(), new ParallelOptions { CancellationToken = stop }, one =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(target, "data", "pictures", one.Item.Label));
            File.WriteAllBytes(Path.Combine(folder.FullName, $"{one.Item.Style}-{one.Index:00000}.png"), one.Item.Png);
        });
    }

    private static void Tell(ParseResult line, string target, int pictures)
    {
        var here = Path.GetRelativePath(Environment.CurrentDirectory, target);
        string[] next = [$"cd {NewFromPictures.Quote(here)}", .. Next(pictures > 0)];
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(new { folder = target, pictures, next }));
            return;
        }

        AnsiConsole.MarkupLine($"A project is in [bold]{Markup.Escape(here)}[/]{(pictures > 0 ? $", with {pictures:N0} pictures" : "")}.");
        Tell(next);
    }

    /// <summary>What works as it stands, one after the other in one terminal: until the server is up, each command starts one for itself.</summary>
    public static string[] Next(bool pictures) => ["steward project send", .. pictures ? ["steward data add pictures"] : Array.Empty<string>(), "steward run", "steward up"];

    public static void Tell(IEnumerable<string> next)
    {
        AnsiConsole.MarkupLine("Next:");
        foreach (var command in next)
            AnsiConsole.MarkupLine($"  {Markup.Escape(command)}");
    }
}
