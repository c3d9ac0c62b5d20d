using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Databricks;

/// <summary>What the Jobs API says of the newest attempt at a task.</summary>
/// <param name="Run">Of this attempt: another one has another.</param>
/// <param name="Attempt">From 0.</param>
/// <param name="Life"><c>life_cycle_state</c>.</param>
/// <param name="Result"><c>result_state</c>, once it is terminated.</param>
/// <param name="Code">Why it ended: <c>termination_details.code</c>.</param>
internal sealed record RunTask(int Index, long Run, int Attempt, string Life, string? Result, string? Code, string? Message, string? Cluster)
{
    /// <summary>Ends that come from below the task: it may be begun again.</summary>
    private static readonly HashSet<string> Losses = ["CLUSTER_ERROR", "CLOUD_FAILURE", "DRIVER_ERROR", "INTERNAL_ERROR", "CLUSTER_REQUEST_LIMIT_EXCEEDED", "STORAGE_ACCESS_ERROR", "BREAKING_CHANGE", "MAX_SPARK_CONTEXTS_EXCEEDED", "WORKSPACE_RUN_LIMIT_EXCEEDED"];

    /// <summary>Whether the task's own host may have left a word about its end.</summary>
    public bool HasWord => Life is "TERMINATED" or "INTERNAL_ERROR" && Result is not "SUCCESS";

    public static RunTask? Read(JsonNode task)
    {
        var (state, details) = (task["state"], task["status"]?["termination_details"]);
        return SubmitRuns.Index((string?)task["task_key"]) is { } index && (long?)task["run_id"] is { } run
            ? new(index, run, (int?)task["attempt_number"] ?? 0, (string?)state?["life_cycle_state"] ?? "PENDING", (string?)state?["result_state"], (string?)details?["code"],
                (string?)details?["message"] is { Length: > 0 } message ? message : (string?)state?["state_message"], (string?)task["cluster_instance"]?["cluster_id"])
            : null;
    }

    /// <param name="said">The word of its host, when there is one.</param>
    /// <param name="begun">Whether its host had begun, which may have left no word.</param>
    /// <param name="error">What Python or Databricks said of a task whose host did not begin.</param>
    public JobTask Judge(TaskEnd? said, bool begun, string? error, bool cancelled)
    {
        var task = new JobTask(Index, JobState.Waiting, Begun: Attempt + (Life is "PENDING" or "QUEUED" or "BLOCKED" or "SKIPPED" ? 0 : 1), Machine: Cluster);
        return Life switch
        {
            "BLOCKED" => task,
            "QUEUED" or "PENDING" => task with { Reason = string.IsNullOrWhiteSpace(Message) ? null : Sentence("It waits", Message) },
            "WAITING_FOR_RETRY" => task with { Reason = "It was lost and is begun again." },
            "RUNNING" or "TERMINATING" => task with { State = JobState.Running },
            "SKIPPED" => Ended(task, JobState.Cancelled, cancelled ? "It was cancelled." : Sentence($"Databricks did not begin it ({Result ?? Code})", Message)),
            "INTERNAL_ERROR" => Over(task, said, begun, error, cancelled),
            "TERMINATED" when Result is "SUCCESS" => task with { State = JobState.Succeeded, ExitCode = 0 },
            "TERMINATED" => Over(task, said, begun, error, cancelled),
            _ => task with { State = JobState.Running, Reason = $"Databricks says '{Names.Shorten(Life, 30)}', which is not known here." },
        };
    }

    private JobTask Over(JobTask task, TaskEnd? said, bool begun, string? error, bool cancelled) => (said, Result) switch
    {
        ({ State: not JobState.Lost } word, _) => task with { State = word.State, ExitCode = word.State is JobState.Succeeded or JobState.Failed ? word.ExitCode : null, Reason = word.Reason, PeakMemory = word.Peak, Begun = word.Begun },
        (_, "CANCELED") => Ended(task, JobState.Cancelled, cancelled ? "It was cancelled." : "It was cancelled in Databricks."),
        (_, "UPSTREAM_CANCELED" or "UPSTREAM_FAILED" or "EXCLUDED" or "DISABLED" or "MAXIMUM_CONCURRENT_RUNS_REACHED") => Ended(task, JobState.Cancelled, cancelled ? "It was cancelled." : Sentence($"Databricks did not begin it ({Result})", Message)),
        (_, "TIMEDOUT") => Ended(task, JobState.OverTime, "It took longer than it may and was stopped."),
        ({ } lost, _) => Ended(task, JobState.Lost, lost.Reason ?? "It was lost.") with { PeakMemory = lost.Peak },
        _ when Life is "INTERNAL_ERROR" || (Code is not null && Losses.Contains(Code)) => Ended(task, JobState.Lost, Sentence($"Its machine was lost ({Code ?? Life})", Message)),
        _ when begun => Ended(task, JobState.Lost, Sentence("It ended without a word", Message)),
        _ => Ended(task, JobState.Failed, Sentence($"It could not be run{(Code is null ? "" : $" ({Code})")}", error ?? Message)),
    };

    private static JobTask Ended(JobTask task, JobState state, string reason) => task with { State = state, Reason = reason };

    private static string Sentence(string begin, string? more) => string.IsNullOrWhiteSpace(more) ? begin + "." : $"{begin}: {Names.Shorten(more.Trim().TrimEnd('.'), 300)}.";
}

/// <summary>The last word of a task's host, <c>end.json</c>.</summary>
/// <param name="Peak">Bytes.</param>
/// <param name="Run">The attempt it is about: a failure is not repeated, its word is.</param>
internal sealed record TaskEnd(JobState State, int? ExitCode, string? Reason, long Peak, int Begun, long Run);
