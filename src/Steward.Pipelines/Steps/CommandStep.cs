using Steward.Data.Connections;
using Steward.Outside;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>Runs a program through an engine; what it says last is kept, and the files it leaves are brought where the plan says.</summary>
internal sealed class CommandStep(IExecutors engines, IConnections connections, Secrets secrets, Allowed allowed) : IStep
{
    private const int Lines = 20, MostFiles = 10_000;

    public string Kind => "command";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var plan = context.As<CommandPlan>();
        var engine = engines.Get(plan.RunOn ?? "process", context.Project.Name);
        // What an agent may run is said where it runs.
        if (!allowed.Commands && engine.Kind != "agent")
            throw ProblemException.Denied("This server runs no commands for project files: others can reach it.", "Who runs the server may allow it: STEWARD_ALLOW=commands.");
        var environment = plan.Env.ToDictionary(pair => pair.Key, pair => secrets.Filled(pair.Value));
        var window = new Dictionary<string, string>
        {
            ["STEWARD_PROJECT"] = context.Project.Name,
            ["STEWARD_PIPELINE"] = context.Window.Pipeline,
            ["STEWARD_RUN"] = context.Run,
            ["STEWARD_WINDOW_START"] = context.Window.StartAt.UtcDateTime.ToString("O"),
            ["STEWARD_WINDOW_END"] = context.Window.EndAt.UtcDateTime.ToString("O"),
        };
        using var folder = plan.Brings is null ? null : engine.Folder("command");
        var spec = new JobSpec($"{context.Window.Pipeline} {context.Id}", plan.Run)
        {
            Environment = environment.Concat(window).ToDictionary(),
            Folder = folder?.Path,
            BringsAll = folder is not null,
            Limits = new() { Memory = plan.Memory, Time = plan.Timeout },
            Labels = new Dictionary<string, string> { ["project"] = context.Project.Name, ["pipeline"] = context.Window.Pipeline, ["step"] = context.Id },
        };
        using var away = engine.Kind == "process" ? null : context.Away();
        var job = await Placed(engine, spec, context, stop);
        try
        {
            var status = await engine.Wait(job, stop);
            var said = secrets.Redact(await Last(engine, job, stop), plan.Env.Values);
            var task = status.Tasks[0];
            if (status.Succeeded)
                return folder is null ? new([], 0, said.Length > 0 ? said : "It said nothing.") : await Brought(context, plan.Brings!, folder.Path, said, stop);
            throw ProblemException.Invalid("command_failed", $"{Names.Shorten(plan.Run[0])} {(task.Reason is { } reason ? $"ended: {reason}" : $"ended with {task.ExitCode}.")}{(said.Length > 0 ? $" It said: {said}" : "")}");
        }
        catch (OperationCanceledException)
        {
            await engine.Cancel(job, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Each file is there whole or not at all, in place of one of that name.</summary>
    private async Task<StepMade> Brought(StepContext context, string to, string folder, string said, CancellationToken stop)
    {
        var (connection, below) = Places.Elsewhere(to) ?? (Places.OfInbox, Places.Below(to));
        var files = new DirectoryInfo(folder).EnumerateFiles().Where(file => file.LinkTarget is null && file.Name[0] != '.').OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        if (files.Count > MostFiles)
            throw ProblemException.Invalid("too_many_files", $"It left {files.Count:N0} files; at most {MostFiles:N0} are brought, and none of these was.", "Pack them together, or let several steps bring them.");
        await using var store = await connections.Files(context.Project.Name, connection, stop);
        foreach (var (file, i) in files.Select((file, i) => (file, i)))
        {
            await context.Report((double)i / files.Count, $"brings {file.Name}");
            await using var bytes = file.OpenRead();
            await store.Put(FileNames.Check(below + file.Name), bytes, stop);
        }

        var sum = files.Sum(file => file.Length);
        return new([], 0, $"{(files.Count == 0 ? "It left no file" : $"{Say.Count(files.Count, "file")}, {Say.Bytes(sum)}, to {to}")}.{(said.Length > 0 ? $" It said: {said}" : "")}") { Figures = new Dictionary<string, long> { ["files"] = files.Count, ["bytes"] = sum } };
    }

    /// <summary>A server that was killed left its job running: who takes the run over finds it by its name, and does not let two do the same. One that was cancelled or lost is followed by another, and so is one whose files were to come into a folder of the server that is gone.</summary>
    private static async Task<Job> Placed(IExecutor engine, JobSpec spec, StepContext context, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            var named = spec with { Id = Digest.Of(Json.Write(new { context.Run, context.Id, spec.Command, spec.Environment, attempt })).Hex[..32] };
            if (await engine.Observe(engine.Named(named), stop) is not { } status)
                return await engine.Submit(named, stop);
            if (spec.BringsAll)
                await engine.Cancel(engine.Named(named), stop);
            else if (status.Tasks[0].State is not (JobState.Cancelled or JobState.Lost))
                return engine.Named(named);
        }
    }

    private static async Task<string> Last(IExecutor engine, Job job, CancellationToken stop)
    {
        var last = new Queue<string>();
        await foreach (var line in engine.Logs(job, stop: stop))
        {
            last.Enqueue(line.Text);
            if (last.Count > Lines)
                last.Dequeue();
        }

        return Names.Shorten(string.Join(" ¦ ", last), 1000);
    }
}
