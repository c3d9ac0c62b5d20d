using System.Globalization;
using Steward.Work;

namespace Steward.Engines.Slurm;

/// <summary>A task as squeue tells it.</summary>
/// <param name="Restarts">How often it was given back to the queue, because its machine was lost or somebody wanted it so.</param>
internal sealed record SlurmTask(int Index, string State, string Reason, int Restarts, string Machines)
{
    /// <summary>One line of squeue for each task of an array, in this form.</summary>
    public const string Format = "ArrayTaskID:|,State:|,Reason:|,RestartCnt:|,NodeList:|";

    private const string NeverStarts = "DependencyNeverSatisfied";

    /// <summary>Lines that are not ours are passed over.</summary>
    public static Dictionary<int, SlurmTask> Read(string lines)
    {
        var tasks = new Dictionary<int, SlurmTask>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('|') is [var index, var state, var reason, var restarts, var machines, ..] && int.TryParse(index.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                tasks[number] = new(number, state.Trim(), Names.Shorten(reason.Trim()), int.TryParse(restarts.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0, Names.Shorten(machines.Trim()));
        return tasks;
    }

    /// <summary>It never began: no word of it will come.</summary>
    public bool NeverBegan => State is "CANCELLED" && Machines.Length == 0;

    /// <summary>What Slurm's state means here, for a task that left no word itself; states of squeue(1), version 24.05.</summary>
    public (JobState State, string? Reason) Judged => State switch
    {
        "PENDING" when Reason == NeverStarts => (JobState.Cancelled, "A job that had to succeed first did not."),
        "PENDING" or "CONFIGURING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" => (JobState.Waiting, Reason is "" or "None" ? null : $"It waits ({Reason})."),
        "RUNNING" or "COMPLETING" or "SIGNALING" or "STAGE_OUT" or "STOPPED" or "SUSPENDED" or "RESIZING" => (JobState.Running, null),
        "CANCELLED" when Reason is NeverStarts or "Dependency" => (JobState.Cancelled, "A job that had to succeed first did not."),
        "CANCELLED" => (JobState.Cancelled, "It was cancelled in Slurm."),
        "TIMEOUT" or "DEADLINE" => (JobState.OverTime, "It took longer than Slurm lets it and was stopped."),
        "OUT_OF_MEMORY" => (JobState.OverMemory, "It used more memory than Slurm lets it and was stopped."),
        "NODE_FAIL" or "BOOT_FAIL" => (JobState.Lost, $"Its machine {Machines} was lost.".Replace("  ", " ", StringComparison.Ordinal)),
        "PREEMPTED" or "REVOKED" => (JobState.Lost, "Slurm took its machine away for something more urgent."),
        "COMPLETED" or "FAILED" => (JobState.Failed, $"Slurm says {State}, but the task left no word of its end."),
        _ => (JobState.Running, $"Slurm says '{Names.Shorten(State, 30)}', which is not known here."),
    };
}
