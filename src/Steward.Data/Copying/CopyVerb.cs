using System.CommandLine;
using System.Text.RegularExpressions;
using Steward.Cli;
using Steward.Work;

namespace Steward.Data.Copying;

/// <summary><c>steward copy shop:raw/2026/ lake:incoming/</c>.</summary>
internal static partial class CopyVerb
{
    public static Command Tree(Server server)
    {
        var from = new Argument<string>("from") { Description = "Connection and file, or connection and folder: shop:raw/2026/" };
        var to = new Argument<string>("to") { Description = "Connection and folder, or the name of the one file: lake:incoming/" };
        var limit = new Option<string?>("--bandwidth") { Description = "At most so much a second: 500KiB, 10MiB." };
        var background = new Option<bool>("--no-wait") { Description = "Do not wait for the end; steward task watch follows it." };
        var verb = new Command("copy", "Copy files from one connection to another. What is there already is passed over, and a copy that was cut goes on where it was; Ctrl-C leaves it running, steward task cancel ends it.") { from, to, limit, background };
        verb.SetAction(async (line, stop) =>
        {
            var project = server.Project();
            var task = await server.Post<TaskView>($"/api/projects/{Server.Segment(project)}/copies", new { from = line.GetRequiredValue(from), to = line.GetRequiredValue(to), bandwidth = Bytes(line.GetValue(limit)) }, stop);
            if (line.GetValue(background))
            {
                Show.Done(line, $"The copy is task {task.Id}.", task);
                return 0;
            }

            var exit = await WorkVerbs.Watch(line, server, project, task.Id, stop);
            if (exit == 0 && !line.GetValue(Show.AsJson))
                Tell((await server.Get<TaskView>($"/api/projects/{Server.Segment(project)}/tasks/{task.Id}", stop)).Result is { } result ? Json.Read<CopyReport>(result.GetRawText()) : null);
            return exit;
        });
        return verb;
    }

    /// <summary>A size such as 10MiB in bytes; null when none was said.</summary>
    internal static long? Bytes(string? said)
    {
        if (said is null)
            return null;
        var match = Size().Match(said);
        return match.Success
            ? (long)(double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) * (match.Groups[2].Value switch { "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => 1 }))
            : throw ProblemException.Invalid("bandwidth_invalid", $"'{Names.Shorten(said)}' is not an amount of bytes.", "Write 500KiB or 10MiB.");
    }

    private static void Tell(CopyReport? report)
    {
        if (report is null)
            return;
        Console.WriteLine(report.Words);
        foreach (var file in report.LeftOut)
            Console.WriteLine($"left out  {file.Name}: {file.Why}");
    }

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)(KiB|MiB|GiB|B|)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Size();
}
