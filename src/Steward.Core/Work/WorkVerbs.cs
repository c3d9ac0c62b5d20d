using System.CommandLine;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Spectre.Console;
using Steward.Cli;

namespace Steward.Work;

/// <summary><c>steward task</c>.</summary>
public static class WorkVerbs
{
    public static Command Tree(Server server) => new("task", "What the server does or will do: training, checks, windows.") { List(server), ShowOne(server), Watch(server), Cancel(server) };

    /// <summary>Shows a task's progress until it is over; exit code 1 when it failed or was cancelled. Other rooms' verbs end with it, too.</summary>
    public static async Task<int> Watch(ParseResult line, Server server, string project, string id, CancellationToken stop)
    {
        var task = line.GetValue(Show.AsJson)
            ? await Follow(server, project, id, now => Console.WriteLine(Json.Write(now)), stop)
            : await AnsiConsole.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async screen =>
            {
                var bar = screen.AddTask("…", maxValue: 1);
                return await Follow(server, project, id, now =>
                {
                    bar.Description = Markup.Escape($"{now.Kind}: {now.Message ?? Word(now)}");
                    bar.Value = now.Progress ?? 0;
                }, stop);
            });
        if (!line.GetValue(Show.AsJson))
            Console.WriteLine($"The {task.Kind} task {task.State switch { WorkState.Done => "is done", WorkState.Failed => "failed", _ => "was cancelled" }}.{(task.Error is null ? "" : " " + task.Error)}");
        return task.State is WorkState.Done ? 0 : 1;
    }

    private static Command List(Server server)
    {
        var limit = new Option<int>("--limit") { Description = "How many, at most 1000.", DefaultValueFactory = _ => 20 };
        var verb = new Command("list", "List the newest tasks of a project.") { limit };
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<TaskView>>($"{Tasks(server.Project())}?limit={line.GetValue(limit).ToString(CultureInfo.InvariantCulture)}", stop), "No task yet.",
            ("task", one => one.Id), ("kind", one => one.Kind), ("key", one => one.Key), ("state", Word), ("progress", Percent), ("added", one => Say.Ago(one.CreatedAt, DateTimeOffset.UtcNow)), ("by", one => one.AddedBy)));
        return verb;
    }

    private static Command ShowOne(Server server)
    {
        var id = Id();
        var verb = new Command("show", "Show one task.") { id };
        verb.SetAction(async (line, stop) =>
        {
            var one = await server.Get<TaskView>(Path(server.Project(), line.GetRequiredValue(id)), stop);
            Show.One(line, one,
                ("task", one.Id), ("kind", one.Kind), ("key", one.Key), ("state", Word(one)), ("progress", Percent(one)), ("says", one.Message), ("error", one.Error),
                ("attempt", $"{one.Attempt} of {one.MaxAttempts}"), ("added", $"{At(one.CreatedAt)} by {one.AddedBy}"), ("due", one.State is WorkState.Waiting ? At(one.DueAt) : null),
                ("started", At(one.StartedAt)), ("ended", At(one.EndedAt)), ("result", one.Result?.GetRawText()));
        });
        return verb;
    }

    private static Command Watch(Server server)
    {
        var id = Id();
        var verb = new Command("watch", "Follow a task until it is over; exit code 1 when it failed or was cancelled.") { id };
        verb.SetAction((line, stop) => Watch(line, server, server.Project(), line.GetRequiredValue(id), stop));
        return verb;
    }

    private static Command Cancel(Server server)
    {
        var id = Id();
        var verb = new Command("cancel", "Ask a task to stop.") { id };
        verb.SetAction(async (line, stop) =>
        {
            var one = await server.Post<TaskView>(Path(server.Project(), line.GetRequiredValue(id)) + "/cancel", null, stop);
            Show.Done(line, one.IsOver ? $"The {one.Kind} task is cancelled." : $"The {one.Kind} task was asked to stop.", one);
        });
        return verb;
    }

    private static async Task<TaskView> Follow(Server server, string project, string id, Action<TaskView> tell, CancellationToken stop)
    {
        TaskView? last = null;
        while (last is not { IsOver: true })
        {
            using var reply = await server.Open(Path(project, id) + "/live", stop);
            await using var stream = await reply.Content.ReadAsStreamAsync(stop);
            try
            {
                await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<TaskView>(data, Json.Options)!).EnumerateAsync(stop))
                    tell(last = item.Data);
            }
            catch (Exception cut) when (cut is IOException or HttpRequestException)
            {
                // The server ended: the next look says so, or goes on with the one that followed.
            }
        }

        return last;
    }

    private static Argument<string> Id() => new("task") { Description = "Its id: steward task list." };

    private static string Tasks(string project) => $"/api/projects/{Server.Segment(project)}/tasks";

    private static string Path(string project, string id) => $"{Tasks(project)}/{Server.Segment(id)}";

    private static string Word(TaskView task) => task is { CancelAsked: true, IsOver: false } ? "stopping" : task.State.ToString().ToLowerInvariant();

    private static string Percent(TaskView task) => task.Progress?.ToString("P0", CultureInfo.InvariantCulture) ?? "";

    private static string? At(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
