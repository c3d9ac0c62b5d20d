using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Steward.Kubernetes;
using Steward.Work;

namespace Steward.Engines.Tests.Doubles;

/// <summary>The kubelet's part: a pod is a real process, with the command and the variables that the manifest gives it.</summary>
internal sealed partial class DoublePod(JsonObject job, int index, int failures, string node, IExecutor machine)
{
    private readonly JsonNode _spec = job["spec"]!["template"]!["spec"]!, _container = job["spec"]!["template"]!["spec"]!["containers"]![0]!;
    private readonly DateTimeOffset _made = DateTimeOffset.UtcNow;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Job? _process;
    private JobTask? _ended;
    private string? _startError;

    public string Name { get; } = $"{job["metadata"]!["name"]}-{index}-{Names.NewId()[^5..]}";

    public string Container => (string)_container["name"]!;

    public string Node => node;

    public bool HasBegun => _process is not null;

    public bool IsOver => _ended is not null || _startError is not null || IsDisrupted;

    public bool Succeeded => !IsDisrupted && _ended is { State: JobState.Succeeded };

    public bool IsDisrupted => _lost.Task.IsCompleted;

    public int? ExitCode => IsDisrupted ? null : _startError is not null ? 128 : _ended?.State is JobState.OverMemory or JobState.OverTime ? 137 : _ended?.ExitCode;

    public async Task Run()
    {
        var variables = Variables();
        string[] command = [.. _container["command"]!.AsArray().Select(part => Expanded((string)part!, variables))];
        if (Program(command[0]) is null)
        {
            _startError = $"exec: \"{command[0]}\": executable file not found in $PATH";
            return;
        }

        // The process engine counts its own tasks; this one's number comes from the manifest.
        _process = await machine.Submit(new JobSpec("pod", ["env", $"STEWARD_TASK_INDEX={variables["STEWARD_TASK_INDEX"]}", .. command])
        {
            Environment = variables,
            Folder = Folder(),
            Limits = new() { Memory = (long)Quantity.Parse((string)_container["resources"]!["limits"]!["memory"]!)!.Value.Value, Time = TimeSpan.FromSeconds((long)_spec["activeDeadlineSeconds"]!) },
        });
        var over = machine.Wait(_process);
        if (await Task.WhenAny(over, _lost.Task) == over)
            _ended = (await over).Tasks[0];
    }

    public async Task End()
    {
        if (_process is not null)
            await machine.Cancel(_process);
    }

    /// <summary>Its node is gone: the pod is set to failed, whether its process knows or not.</summary>
    public async Task Lose(bool reallyEnds)
    {
        _lost.TrySetResult();
        if (reallyEnds)
            await End();
    }

    public async Task Log(HttpContext http, bool follow, int tail, string? since)
    {
        var from = DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;
        var lines = new List<LogLine>();
        await foreach (var line in machine.Logs(_process!, 0, follow, http.RequestAborted))
            // The API takes times to the second.
            if (line.At.ToUnixTimeSeconds() < from.ToUnixTimeSeconds())
                continue;
            else if (follow)
            {
                await Write(line);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
            else
                lines.Add(line);
        foreach (var line in lines.TakeLast(tail))
            await Write(line);

        Task Write(LogLine line) => http.Response.WriteAsync($"{line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture)}00Z {line.Text}\n", http.RequestAborted);
    }

    public JsonObject Object(string? lie) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["labels"] = new JsonObject { ["batch.kubernetes.io/job-name"] = (string)job["metadata"]!["name"]! },
            ["annotations"] = new JsonObject { ["batch.kubernetes.io/job-completion-index"] = $"{index}", ["batch.kubernetes.io/job-index-failure-count"] = $"{failures}" },
            ["creationTimestamp"] = _made.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        },
        ["spec"] = new JsonObject { ["nodeName"] = node },
        ["status"] = Status(lie),
    };

    private JsonObject Status(string? lie)
    {
        var ended = _ended;
        var status = new JsonObject { ["phase"] = lie ?? (!IsOver ? HasBegun ? "Running" : "Pending" : Succeeded ? "Succeeded" : "Failed") };
        if (IsDisrupted)
            status["conditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True", ["reason"] = "DeletionByPodGC", ["message"] = "PodGC: node no longer exists" });
        else if (_startError is not null)
            status["containerStatuses"] = InState("terminated", new() { ["exitCode"] = 128, ["reason"] = "StartError", ["message"] = _startError });
        else if (ended is not null)
            status["containerStatuses"] = InState("terminated", new() { ["exitCode"] = ExitCode, ["reason"] = ended.State switch { JobState.Succeeded => "Completed", JobState.OverMemory => "OOMKilled", _ => "Error" } });
        else
            status["containerStatuses"] = HasBegun ? InState("running", []) : InState("waiting", new() { ["reason"] = "ContainerCreating" });
        if (ended?.State is JobState.OverTime && !IsDisrupted)
            (status["reason"], status["message"]) = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        return status;
    }

    private JsonArray InState(string state, JsonObject what) => new(new JsonObject { ["name"] = Container, ["state"] = new JsonObject { [state] = what } });

    /// <summary>An empty volume is the process's own folder; the claim is the folder that the test shares.</summary>
    private string? Folder()
    {
        var path = (string)_container["workingDir"]!;
        var mount = _container["volumeMounts"]!.AsArray().Where(one => (path + "/").StartsWith((string)one!["mountPath"]! + "/", StringComparison.Ordinal)).MaxBy(one => ((string)one!["mountPath"]!).Length)
            ?? throw new InvalidOperationException($"{path} lies on the read-only root.");
        var volume = _spec["volumes"]!.AsArray().Single(one => (string)one!["name"]! == (string)mount["name"]!)!;
        return volume["emptyDir"] is not null ? null : (string?)volume["persistentVolumeClaim"]!["claimName"] == DoubleCluster.Shared ? path : throw new InvalidOperationException("There is no such claim.");
    }

    private Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>();
        foreach (var one in _container["env"]!.AsArray())
            variables[(string)one!["name"]!] = (string?)one["valueFrom"]?["fieldRef"]?["fieldPath"] switch
            {
                null => Expanded((string?)one["value"] ?? "", variables),
                "metadata.annotations['batch.kubernetes.io/job-completion-index']" => $"{index}",
                var other => throw new InvalidOperationException($"Unknown field {other}."),
            };
        return variables;
    }

    /// <summary>As Kubernetes does: <c>$(NAME)</c> is replaced when there is such a variable, <c>$$</c> is a dollar.</summary>
    private static string Expanded(string text, Dictionary<string, string> variables)
        => Reference().Replace(text, match => match.Value == "$$" ? "$" : variables.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private static string? Program(string name) => name.StartsWith('/') ? File.Exists(name) && (File.GetUnixFileMode(name) & UnixFileMode.UserExecute) != 0 ? name : null
        : name.Length == 0 || name.Contains('/', StringComparison.Ordinal) ? null
        : "/usr/local/bin:/usr/bin:/bin".Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")]
    private static partial Regex Reference();
}
