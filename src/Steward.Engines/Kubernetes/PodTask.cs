using System.Globalization;
using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Kubernetes;

/// <summary>What a pod says of the task it is an attempt at.</summary>
/// <param name="Failures">Attempts before it that were lost.</param>
internal sealed record PodTask(int Index, string Name, DateTimeOffset Made, int Failures, JobState State, int? ExitCode, string? Reason, string? Machine)
{
    private const string IndexNote = "batch.kubernetes.io/job-completion-index", FailuresNote = "batch.kubernetes.io/job-index-failure-count";

    public static PodTask? Read(JsonNode pod)
    {
        var notes = pod["metadata"]?["annotations"];
        if (!Whole(notes?[IndexNote], out var index) || (string?)pod["metadata"]?["name"] is not { } name)
            return null;
        _ = Whole(notes?[FailuresNote], out var failures);
        _ = DateTimeOffset.TryParse((string?)pod["metadata"]?["creationTimestamp"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made);
        var (state, exit, reason) = Judge(pod);
        return new(index, name, made, failures, state, exit, reason, (string?)pod["spec"]?["nodeName"]);
    }

    private static (JobState, int?, string?) Judge(JsonNode pod)
    {
        var status = pod["status"];
        var container = status?["containerStatuses"]?.AsArray().FirstOrDefault(one => (string?)one?["name"] == IndexedJob.Container)?["state"];
        return (string?)status?["phase"] switch
        {
            "Pending" or null => (JobState.Waiting, null, Waits(status, container)),
            "Running" => (JobState.Running, null, null),
            "Succeeded" => (JobState.Succeeded, 0, null),
            "Failed" => Failed(status!, container?["terminated"]),
            var other => (JobState.Running, null, $"Kubernetes says '{Names.Shorten(other, 30)}', which is not known here."),
        };
    }

    private static (JobState, int?, string?) Failed(JsonNode status, JsonNode? ended)
    {
        var (reason, message) = ((string?)status["reason"], (string?)status["message"]);
        if (Condition(status, "DisruptionTarget") is { } disrupted && (string?)disrupted["status"] == "True")
            return (JobState.Lost, null, Sentence("Its machine was lost", (string?)disrupted["message"] ?? (string?)disrupted["reason"]));
        if (reason == "DeadlineExceeded")
            return (JobState.OverTime, null, "It took longer than it may and was stopped.");
        if (reason is "Evicted" or "NodeLost" or "NodeShutdown" or "Terminated" or "Preempting" or "NodeAffinity" or "UnexpectedAdmissionError")
            return (JobState.Lost, null, Sentence($"Kubernetes took its machine away ({reason})", message));
        if (ended is null)
            return (JobState.Lost, null, Sentence("It ended without a word", message ?? reason));
        var exit = Whole(ended["exitCode"], out var code) ? code : (int?)null;
        return ((string?)ended["reason"], exit) switch
        {
            ("OOMKilled", _) => (JobState.OverMemory, null, "It used more memory than it may and was stopped."),
            ("StartError" or "ContainerCannotRun" or "ContainerStatusUnknown", _) => (JobState.Failed, null, Sentence("It could not be started", (string?)ended["message"])),
            (_, 137 or 143 or 130) => (JobState.Lost, null, "It was killed from outside."),
            (_, 134 or 139) => (JobState.Failed, exit, $"It crashed (signal {exit - 128})."),
            _ => (JobState.Failed, exit, null),
        };
    }

    private static string? Waits(JsonNode? status, JsonNode? container)
    {
        if (container?["waiting"] is { } waiting && (string?)waiting["reason"] is { } why and not "ContainerCreating" and not "PodInitializing")
            return Sentence($"It waits ({Names.Shorten(why, 60)})", (string?)waiting["message"]);
        return status is not null && Condition(status, "PodScheduled") is { } placed && (string?)placed["status"] == "False" ? Sentence("It waits for a machine", (string?)placed["message"]) : null;
    }

    private static string Sentence(string begin, string? more) => string.IsNullOrWhiteSpace(more) ? begin + "." : $"{begin}: {Names.Shorten(more.Trim().TrimEnd('.'), 300)}.";

    public static JsonNode? Condition(JsonNode status, string type) => status["conditions"]?.AsArray().FirstOrDefault(one => (string?)one?["type"] == type);

    /// <summary>A whole number, also where Kubernetes writes it as text.</summary>
    private static bool Whole(JsonNode? node, out int number) => int.TryParse(node?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
