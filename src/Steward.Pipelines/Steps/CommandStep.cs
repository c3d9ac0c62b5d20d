using Steward.Outside;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>Runs a program through an engine; what it says last is kept.</summary>
internal sealed class CommandStep(IExecutors engines, Secrets secrets, Allowed allowed) : IStep
{
    private const int Lines = 20;

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
        var spec = new JobSpec($"{context.Window.Pipeline} {context.Id}", plan.Run)
        {
            Environment = environment.Concat(window).ToDictionary(),
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
            return status.Succeeded
                ? new([], 0, said.Length > 0 ? said : "It said nothing.")
                : throw ProblemException.Invalid("command_failed", $"{Names.Shorten(plan.Run[0])} {(task.Reason is { } reason ? $"ended: {reason}" : $"ended with {task.ExitCode}")}{(said.Length > 0 ? $" It said: {said}" : "")}");
        }
        catch (OperationCanceledException)
        {
            await engine.Cancel(job, CancellationToken.None);
            throw;
        }
    }

    /// <summary>A server that was killed left its job running: who takes the run over finds it by its name, and does not let two do the same. One that was cancelled or lost is followed by another.</summary>
    private static async Task<Job> Placed(IExecutor engine, JobSpec spec, StepContext context, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            var named = spec with { Id = Digest.Of(Json.Write(new { context.Run, context.Id, spec.Command, spec.Environment, attempt })).Hex[..32] };
            if (await engine.Observe(engine.Named(named), stop) is not { } status)
                return await engine.Submit(named, stop);
            if (status.Tasks[0].State is not (JobState.Cancelled or JobState.Lost))
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
