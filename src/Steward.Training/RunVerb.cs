using System.CommandLine;
using Spectre.Console;
using Steward.Cli;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary><c>steward run</c>: trains on the newest snapshot and follows the task to its end.</summary>
internal static class RunVerb
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static Command Tree(Server server)
    {
        var quick = new Option<bool>("--quick") { Description = "A first look: one tune with fewer patterns." };
        var version = new Option<int?>("--version-of-data") { Description = "The version of the data set; the newest by default." };
        var detach = new Option<bool>("--detach") { Description = "Do not wait for the end." };
        var on = new Option<string?>("--on") { Description = "The engine that runs the tunes, each as a task of its own: steward engine list." };
        var set = new Option<string[]>("--set") { Description = "A parameter of the project's own command: --set epochs=20." };
        var verb = new Command("run", "Train on the newest data and wait for the result; Ctrl-C stops waiting, not the training. A project with a command of its own runs it here.") { quick, version, on, detach, set };
        verb.SetAction(async (line, stop) =>
        {
            var project = Server.Segment(server.Project());
            if (await server.Get<TrainSection>($"/api/projects/{project}/train", stop) is { Run: not null } plan)
            {
                var training = new CommandTraining(server, server.Project(), plan, Environment.CurrentDirectory);
                var study = await training.Run(Changed(line.GetValue(set) ?? []), line.GetValue(version), text => (line.GetValue(Show.AsJson) ? Console.Error : Console.Out).WriteLine(text), stop);
                Show.Done(line, "The command is done. What it logged: steward runs list", new { study });
                return;
            }
            var checkout = await WorkTree.Find(Environment.CurrentDirectory, stop) is { } tree ? await tree.Look(stop) : null;
            foreach (var note in checkout?.NotKept ?? [])
                Console.Error.WriteLine($"Not kept with the run: {note}");
            var task = await server.Post<TaskView>($"/api/projects/{project}/train", new { quick = line.GetValue(quick), version = line.GetValue(version), on = line.GetValue(on), checkout }, stop);
            if (!line.GetValue(detach))
                task = await Follow(server, project, task, line.GetValue(Show.AsJson), stop);
            if (task.State is WorkState.Failed or WorkState.Cancelled)
                throw ProblemException.Conflict("training_" + task.State.ToString().ToLowerInvariant(), $"The training ended as {task.State.ToString().ToLowerInvariant()}: {task.Error ?? "somebody cancelled it"}.", "steward runs list shows how far it came.");
            Show.Done(line, task.IsOver ? "The training is done. The best tune is registered: steward model list" : $"Task {task.Id} trains.", task);
        });
        return verb;
    }

    private static Dictionary<string, string> Changed(string[] set) => set.Select(one => one.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length == 2
        ? pair[1]
        : throw ProblemException.Invalid("param_invalid", $"'{Names.Shorten(pair[0])}' sets nothing.", "Write --set epochs=20."));

    private static async Task<TaskView> Follow(Server server, string project, TaskView task, bool silent, CancellationToken stop)
    {
        var said = "";
        while (!task.IsOver)
        {
            await Task.Delay(BetweenLooks, stop);
            task = await server.Get<TaskView>($"/api/projects/{project}/tasks/{task.Id}", stop);
            if (silent || task.Message is null || task.Message == said)
                continue;
            said = task.Message;
            AnsiConsole.MarkupLine($"[grey]{task.Progress ?? 0,5:P0}[/] {Markup.Escape(said)}");
        }

        return task;
    }
}
