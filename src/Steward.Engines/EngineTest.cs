using Steward.Work;

namespace Steward.Engines;

/// <summary>What a test of an engine found.</summary>
/// <param name="Problem">Why it does not work, in a sentence.</param>
/// <param name="Seconds">From submitting the no-op until it was known to be done.</param>
/// <param name="Machine">Where the no-op ran.</param>
public sealed record EngineReport(string Name, string Kind, bool Works, string? Problem, string? Version, IReadOnlyList<EnginePlace> Places, IReadOnlyList<string> Notes, double? Seconds, string? Machine);

internal static class EngineTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const string Word = "steward was here";

    public static async Task<EngineReport> Run(IExecutor engine, TimeProvider clock, CancellationToken stop)
    {
        var report = new EngineReport(engine.Name, engine.Kind, false, null, null, [], [], null, null);
        try
        {
            var facts = await engine.Look(stop);
            report = report with { Version = facts.Version, Places = facts.Places, Notes = facts.Notes };
            var began = clock.GetTimestamp();
            // An agent runs no program that its operator did not allow, but itself it always is.
            var (command, memory) = engine.Kind == "agent" ? ([.. engine.Program.Command, "--version"], 512L << 20) : ((string[])["echo", Word], 64L << 20);
            var job = await engine.Submit(new JobSpec("steward-test", command) { Limits = new() { Memory = memory, Time = Patience }, Labels = new Dictionary<string, string> { ["reason"] = "test" } }, stop);
            var task = await Ended(engine, job, stop);
            if (task.State is not JobState.Succeeded)
                return report with { Problem = $"A task that only says a word {Verb(task)}: {task.Reason ?? $"it ended with code {task.ExitCode}."}" };
            await foreach (var line in engine.Logs(job, 0, follow: false, stop))
                if (line.Text == Word || (engine.Kind == "agent" && line.Text.Length > 0))
                    return report with { Works = true, Seconds = Math.Round(clock.GetElapsedTime(began).TotalSeconds, 2), Machine = task.Machine };
            return report with { Problem = "A task ran, but what it said did not come back." };
        }
        catch (ProblemException problem)
        {
            return report with { Problem = problem.Message };
        }
    }

    private static async Task<JobTask> Ended(IExecutor engine, Job job, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return (await engine.Wait(job, patience.Token)).Tasks[0];
        }
        catch (OperationCanceledException)
        {
            var last = (await engine.Observe(job, CancellationToken.None))?.Tasks[0];
            await engine.Cancel(job, CancellationToken.None);
            stop.ThrowIfCancellationRequested();
            return new(0, JobState.Cancelled, Reason: $"it was accepted but not done within {Say.Span(Patience)}. {last?.Reason}".TrimEnd());
        }
    }

    private static string Verb(JobTask task) => task.State switch
    {
        JobState.Failed => "failed",
        JobState.Lost => "was lost",
        JobState.Cancelled => "was given up",
        _ => "was stopped",
    };
}
