using System.CommandLine;
using Steward.Cli;
using Steward.Work;

namespace Steward.Data.Copying;

/// <summary><c>steward copy shop:raw/2026/ lake:incoming/</c>.</summary>
internal static class CopyVerb
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
            var task = await server.Post<TaskView>($"/api/projects/{Server.Segment(project)}/copies", new { from = line.GetRequiredValue(from), to = line.GetRequiredValue(to), bandwidth = CopyOrder.Bytes(line.GetValue(limit)) }, stop);
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

    private static void Tell(CopyReport? report)
    {
        if (report is null)
            return;
        Console.WriteLine(report.Words);
        foreach (var file in report.LeftOut)
            Console.WriteLine($"left out  {file.Name}: {file.Why}");
    }
}
