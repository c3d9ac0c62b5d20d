using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Packaging.Ci;
using Steward.Projects;

namespace Steward.Host.Verbs;

/// <summary><c>steward lint [FILE]</c>: reads a project file as the server would; needs no server.</summary>
internal static class LintVerb
{
    private const long MostBytes = 1 << 20;

    public static Command Tree()
    {
        var file = new Argument<string?>("file") { Description = "The project file; by default the steward.yaml of this folder.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("lint", "Check a project file without sending it, and whether the lock of its environment is of its files. Exit code 1 when the file is wrong.") { file };
        verb.SetAction(line =>
        {
            var path = ProjectFileAt(line.GetValue(file));
            var (read, complaints) = new ProjectFileReader(Platform.Sections).Read(File.ReadAllText(path));
            var warning = read is null ? null : ProjectLint.Warning(Path.GetDirectoryName(path)!, read);
            if (line.GetValue(Show.AsJson))
                Console.WriteLine(Json.Write(new { file = path, valid = read is not null, complaints, warnings = warning is var (said, help) ? [new { why = said, @try = help }] : Array.Empty<object>() }));
            else if (read is not null)
                AnsiConsole.MarkupLine($"[green]well[/]  {Markup.Escape(path)}: project '{Markup.Escape(read.Project)}'{(read.Sections.Count == 0 ? "" : $" with {string.Join(", ", read.Sections.Keys.Order(StringComparer.Ordinal))}")}.");
            else
                foreach (var complaint in complaints)
                    AnsiConsole.MarkupLine($"[red]{Markup.Escape(path)}:{complaint.Line}:{complaint.Column}[/]  {Markup.Escape(complaint.Why)} {Markup.Escape(complaint.Try ?? "")}");
            if (warning is var (why, tryThis) && !line.GetValue(Show.AsJson))
                AnsiConsole.MarkupLine($"[yellow]but[/]   {Markup.Escape(why)} Try: {Markup.Escape(tryThis)}");
            return read is null ? 1 : 0;
        });
        return verb;
    }

    /// <summary>The named file, or the one of this folder; refuses what cannot be a project file.</summary>
    public static string ProjectFileAt(string? named)
    {
        var path = named ?? ProjectHere.File() ?? throw ProblemException.NotFound("file", ProjectHere.FileName, "Begin a project: steward new fruit");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw ProblemException.NotFound("file", path, "Look at the path.");
        return file.Length <= MostBytes ? file.FullName : throw ProblemException.Invalid("too_large", $"{path} has {Say.Bytes(file.Length)}; a project file has at most {Say.Bytes(MostBytes)}.", "Name the steward.yaml itself.");
    }
}
