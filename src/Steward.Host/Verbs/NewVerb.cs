using System.CommandLine;
using System.IO.Compression;
using Spectre.Console;
using Steward.Cli;
using Steward.Host.Templates;
using Steward.Host.Templates.Fruit;
using Steward.Host.Templates.Offers;

namespace Steward.Host.Verbs;

/// <summary><c>steward new TEMPLATE [FOLDER]</c>: a project to begin with, its pictures or files included.</summary>
internal static class NewVerb
{
    public static Command Tree()
    {
        var template = new Argument<string>("template") { Description = string.Join(", ", Template.Names) + "." };
        var folder = new Argument<string?>("folder") { Description = "Where it goes; a new folder with the template's name by default.", Arity = ArgumentArity.ZeroOrOne };
        var pictures = new Option<int>("--pictures") { Description = "How many pictures are drawn, 0 to 100000.", DefaultValueFactory = _ => 2400 };
        var seed = new Option<int>("--seed") { Description = "Another seed draws other pictures, and makes up another shop.", DefaultValueFactory = _ => 1 };
        var images = new Option<string?>("--images") { Description = "A folder of your own pictures instead: one folder a kind, or train/ and test/ with kinds inside." };
        var called = new Option<string?>("--name") { Description = "What the project of your own pictures is called; by default like their folder." };
        var verb = new Command("new", "Begin a project from a template, or with your own pictures.") { template, folder, pictures, seed, images, called };
        verb.SetAction((line, stop) =>
        {
            var name = line.GetRequiredValue(template);
            if (!Template.Names.Contains(name))
                throw Template.Unknown(name);
            if (line.GetValue(images) is { } own)
                return name == Template.Fruit ? NewFromPictures.Run(line, name, own, line.GetValue(called), line.GetValue(folder), stop) : throw Template.WantsNoPictures(name);
            var text = Template.File(name);
            var target = Path.GetFullPath(line.GetValue(folder) ?? name);
            var file = Path.Combine(target, ProjectHere.FileName);
            if (File.Exists(file))
                throw ProblemException.Conflict("project_there", $"{file} is there already.", $"Name another folder: steward new {name} FOLDER");
            if (line.GetValue(pictures) is < 0 or > 100_000)
                throw ProblemException.Invalid("pictures_invalid", $"{line.GetValue(pictures)} pictures cannot be drawn.", "Choose 0 to 100000.");
            Directory.CreateDirectory(target);
            var made = name switch
            {
                Template.Offers => Offers(line, target, line.GetValue(seed)),
                Template.Forecast => Forecast(target),
                _ => Fruit(target, line.GetValue(seed), line.GetValue(pictures), stop),
            };
            // Last, so that a folder with a steward.yaml is a whole project.
            File.WriteAllText(file, text);
            Tell(line, target, made);
            return Task.FromResult(0);
        });
        return verb;
    }

    private static Made Fruit(string target, int seed, int count, CancellationToken stop)
    {
        Parallel.ForEach(FruitPictures.Many(seed, FruitPictures.KnownStyles, 0, count).Index(), new ParallelOptions { CancellationToken = stop }, one =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(target, "data", "pictures", one.Item.Label));
            File.WriteAllBytes(Path.Combine(folder.FullName, $"{one.Item.Style}-{one.Index:00000}.png"), one.Item.Png);
        });
        return new(count > 0 ? $", with {count:N0} pictures" : "", new() { ["pictures"] = count }, Next(count > 0));
    }

    /// <summary>Files wait where the server of this folder looks for arrivals.</summary>
    private static Made Offers(ParseResult line, string target, int seed)
    {
        var data = line.GetValue(Commands.Data) is null && Environment.GetEnvironmentVariable("STEWARD_DATA") is not { Length: > 0 } ? Path.Combine(target, Path.GetFileName(new Settings().Data)) : SettingsFrom.Line(line).Data;
        var (inbox, files) = (Path.Combine(data, "inbox", "offers"), new ShopFiles(new(seed)));
        var count = files.Write(inbox);
        files.Correct(target, ShopFiles.Correction);
        Template.Credit(Template.Offers, target);
        return new($"; {Say.Count(count, "file")} wait in {Path.GetRelativePath(Environment.CurrentDirectory, inbox)}", new() { ["files"] = count, ["inbox"] = inbox }, ["steward up"]);
    }

    private static Made Forecast(string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "data"));
        using (var from = new GZipStream(Template.Open("forecast/ridership.csv.gz"), CompressionMode.Decompress))
        using (var to = File.Create(Path.Combine(target, "data", "ridership.csv")))
            from.CopyTo(to);
        Template.Credit(Template.Forecast, target);
        return new(", with 5,698 days", new() { ["files"] = 1 }, ["steward project send", "steward table import data/ridership.csv --as silver.ridership", "steward run", "steward up"]);
    }

    private static void Tell(ParseResult line, string target, Made made)
    {
        var here = Path.GetRelativePath(Environment.CurrentDirectory, target);
        string[] next = [$"cd {NewFromPictures.Quote(here)}", .. made.Next];
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(new Dictionary<string, object>(made.Figures) { ["folder"] = target, ["next"] = next }));
            return;
        }

        AnsiConsole.MarkupLine($"A project is in [bold]{Markup.Escape(here)}[/]{Markup.Escape(made.With)}.");
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

    /// <summary>What came with a project.</summary>
    /// <param name="With">For people, behind where it is.</param>
    /// <param name="Figures">For programs.</param>
    private sealed record Made(string With, Dictionary<string, object> Figures, IReadOnlyList<string> Next);
}
