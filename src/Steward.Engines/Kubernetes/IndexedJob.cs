using System.Text;
using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Kubernetes;

/// <summary>A job as an Indexed Job of <c>batch/v1</c>: hardened as Steward's other manifests, one pod for each task, repeated only when it was disrupted.</summary>
internal static class IndexedJob
{
    public const string Container = "task", About = "steward/job";
    private const string Work = "/work", Tmp = "/tmp";
    private const long RoomOnDisk = 10L << 30;

    public static JsonObject Of(string name, JobSpec spec, KubernetesSettings settings)
    {
        var labels = new JsonObject { ["app.kubernetes.io/managed-by"] = "steward", ["app.kubernetes.io/name"] = "steward-job" };
        var onJob = (JsonObject)labels.DeepClone();
        if (settings.Queue is { } queue)
            onJob["kueue.x-k8s.io/queue-name"] = queue;
        return new()
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = settings.Namespace,
                ["labels"] = onJob,
                ["annotations"] = new JsonObject { [About] = Json.Write(JobNote.Of(spec)) },
            },
            ["spec"] = new JsonObject
            {
                ["completionMode"] = "Indexed",
                ["completions"] = spec.Tasks,
                ["parallelism"] = Math.Min(spec.AtOnce, spec.Tasks),
                ["backoffLimitPerIndex"] = spec.Requeue,
                ["ttlSecondsAfterFinished"] = (int)settings.Keep.TotalSeconds,
                ["podFailurePolicy"] = new JsonObject
                {
                    ["rules"] = new JsonArray(
                        // Its node went, or something more urgent came: that may be repeated, what failed by itself may not.
                        new JsonObject { ["action"] = "Count", ["onPodConditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True" }) },
                        new JsonObject { ["action"] = "FailIndex", ["onExitCodes"] = new JsonObject { ["containerName"] = Container, ["operator"] = "NotIn", ["values"] = new JsonArray(0) } }),
                },
                ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels }, ["spec"] = Pod(name, spec, settings) },
            },
        };
    }

    private static JsonObject Pod(string name, JobSpec spec, KubernetesSettings settings)
    {
        var pod = new JsonObject
        {
            ["restartPolicy"] = "Never",
            ["activeDeadlineSeconds"] = (long)Math.Max(1, Math.Ceiling(spec.Limits.Time.TotalSeconds)),
            ["terminationGracePeriodSeconds"] = 5,
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true, ["runAsUser"] = settings.User, ["runAsGroup"] = settings.User, ["fsGroup"] = settings.User,
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = Container,
                ["image"] = settings.Image,
                ["command"] = new JsonArray([.. spec.Command.Select(part => (JsonNode)Literal(part))]),
                ["workingDir"] = spec.Folder ?? Work,
                ["env"] = Variables(name, spec),
                ["resources"] = new JsonObject
                {
                    ["requests"] = new JsonObject { ["cpu"] = $"{spec.Limits.Cpus}", ["memory"] = $"{spec.Limits.Memory}", ["ephemeral-storage"] = "64Mi" },
                    ["limits"] = new JsonObject { ["memory"] = $"{spec.Limits.Memory}", ["ephemeral-storage"] = $"{RoomOnDisk}" },
                },
                ["securityContext"] = new JsonObject
                {
                    ["allowPrivilegeEscalation"] = false, ["readOnlyRootFilesystem"] = true, ["privileged"] = false,
                    ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                },
                ["volumeMounts"] = new JsonArray([Mount("work", Work), Mount("tmp", Tmp), .. settings.Claim is null ? [] : new[] { Mount("shared", settings.Folder!) }]),
            }),
            ["volumes"] = new JsonArray([Empty("work"), Empty("tmp"), .. settings.Claim is { } claim ? [new JsonObject { ["name"] = "shared", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } }] : Array.Empty<JsonNode>()]),
        };
        if (settings.ServiceAccount is { } account)
            pod["serviceAccountName"] = account;
        if (settings.PriorityClass is { } priority)
            pod["priorityClassName"] = priority;
        if (settings.PullSecret is { } secret)
            pod["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = secret });
        return pod;
    }

    private static JsonArray Variables(string name, JobSpec spec)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = Work, ["LANG"] = "C.UTF-8", ["TMPDIR"] = Tmp };
        foreach (var (key, value) in spec.Environment)
            values[key] = value;
        values["STEWARD_JOB"] = name;
        return new([
            new JsonObject { ["name"] = "STEWARD_TASK_INDEX", ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.annotations['batch.kubernetes.io/job-completion-index']" } } },
            .. values.Select(one => new JsonObject { ["name"] = one.Key, ["value"] = Literal(one.Value) }),
        ]);
    }

    /// <summary>In commands and variables Kubernetes replaces <c>$(NAME)</c>, and reads <c>$$</c> as one dollar.</summary>
    private static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static JsonObject Mount(string name, string path) => new() { ["name"] = name, ["mountPath"] = path };

    private static JsonObject Empty(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject() };

    /// <summary>A name that may also be the beginning of its pods' host names, the same for nobody else.</summary>
    public static string NameOf(string name, string id)
    {
        var plain = new StringBuilder();
        foreach (var c in name.ToLowerInvariant().Take(30))
            plain.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        var begin = plain.ToString().Trim('-');
        return $"{(begin.Length > 0 && char.IsAsciiLetter(begin[0]) ? begin : ("job-" + begin).TrimEnd('-'))}-{id[12..]}";
    }
}

/// <summary>What is kept with the job for whoever asks later, perhaps another server.</summary>
internal sealed record JobNote(int Tasks, int Requeue, int LogLines, IReadOnlyDictionary<string, string> Labels)
{
    public static JobNote Of(JobSpec spec) => new(spec.Tasks, spec.Requeue, spec.Limits.LogLines, spec.Labels);

    /// <summary>Null when the job is not one of ours.</summary>
    public static JobNote? Read(JsonNode job)
    {
        try
        {
            return (string?)job["metadata"]?["annotations"]?[IndexedJob.About] is { } text && Json.Read<JobNote>(text) is { Tasks: >= 1 and <= 10_000, Labels: not null } note ? note : null;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
