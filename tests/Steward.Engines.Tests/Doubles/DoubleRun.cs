using System.Text.Json.Nodes;
using Steward.Work;

namespace Steward.Engines.Tests.Doubles;

/// <summary>The jobs service's part: begins each task of a run when those it waits for are over, and again as often as it may be.</summary>
internal sealed class DoubleRun(JsonNode body, long id, Func<long> number, Func<string, string> mount, IExecutor machine)
{
    private readonly List<DoubleTask> _tasks = [.. body["tasks"]!.AsArray().Select(task => new DoubleTask(task!, number, mount, machine))];

    public long Id => id;

    public JsonNode Body => body;

    public IReadOnlyList<DoubleTask> Tasks => _tasks;

    public void Begin()
    {
        var keys = _tasks.ToDictionary(task => task.Key);
        foreach (var task in _tasks)
            task.Begin([.. task.Waits.Select(key => keys[key])]);
    }

    /// <summary>Asked for, not yet done: the answer comes before the end does.</summary>
    public void Cancel() => _ = Task.WhenAll(_tasks.Select(task => task.Cancel()));

    public Task End() => Task.WhenAll(_tasks.Select(task => task.Cancel()));
}

/// <summary>One task and its attempts.</summary>
internal sealed class DoubleTask(JsonNode spec, Func<long> number, Func<string, string> mount, IExecutor machine)
{
    private volatile bool _isCancelled;
    private Task _work = Task.CompletedTask;
    private volatile DoubleAttempt _attempt = new(spec, number(), 0, mount, machine);

    public string Key { get; } = (string)spec["task_key"]!;

    public IEnumerable<string> Waits => spec["depends_on"]?.AsArray().Select(one => (string)one!["task_key"]!) ?? [];

    public DoubleAttempt Attempt => _attempt;

    public void Begin(IReadOnlyList<DoubleTask> before) => _work = Task.Run(() => Run(before));

    public async Task Cancel()
    {
        _isCancelled = true;
        await _attempt.Cancel();
        await _work;
    }

    public JsonObject Object(string? lie) => _attempt.Object(Key, lie);

    private async Task Run(IReadOnlyList<DoubleTask> before)
    {
        foreach (var task in before)
            await task._work;
        for (var left = (int?)spec["max_retries"] ?? 0; ; left--)
        {
            if (_isCancelled)
            {
                _attempt.Skip();
                return;
            }

            await _attempt.Run();
            if (_attempt.Succeeded || _attempt.IsCancelled || left == 0)
                return;
            _attempt = new(spec, number(), _attempt.Number + 1, mount, machine);
        }
    }
}

/// <summary>One attempt: a real process, started as Databricks starts a Python file, on a machine of its own.</summary>
internal sealed class DoubleAttempt(JsonNode spec, long id, int number, Func<string, string> mount, IExecutor machine)
{
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously), _cancel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Job? _process;
    private volatile bool _fallen;
    private volatile string _life = "PENDING";
    private string? _result, _code, _message;

    public long Id => id;

    public int Number => number;

    public string Cluster { get; } = (string?)spec["existing_cluster_id"] ?? $"0101-000000-{id}";

    public bool Succeeded => _result == "SUCCESS";

    public bool IsCancelled => _result == "CANCELED";

    public bool IsOver => _life is "TERMINATED" or "INTERNAL_ERROR" or "SKIPPED";

    public async Task Run()
    {
        var python = spec["spark_python_task"]!;
        string[] parameters = [.. python["parameters"]!.AsArray().Select(one => mount(((string)one!).Replace("{{task.run_id}}", $"{id}", StringComparison.Ordinal)))];
        _process = await machine.Submit(new JobSpec("python", ["/usr/bin/python3", mount((string)python["python_file"]!), .. parameters]) { Limits = new() { Memory = 1L << 40, Time = TimeSpan.FromSeconds((int)spec["timeout_seconds"]!) } });
        _life = "RUNNING";
        var over = machine.Wait(_process);
        var first = await Task.WhenAny(over, _lost.Task, _cancel.Task);
        if (first == _cancel.Task)
        {
            _life = "TERMINATING";
            await machine.Cancel(_process);
            End("TERMINATED", "CANCELED", "USER_CANCELED", "Run cancelled.");
        }
        else if (_fallen)
        {
            await _lost.Task;
            End("INTERNAL_ERROR", "FAILED", "CLUSTER_ERROR", $"Cluster {Cluster} was terminated: the driver is not responsive.");
        }
        else
            switch ((await over).Tasks[0])
            {
                case { State: JobState.Succeeded }:
                    End("TERMINATED", "SUCCESS", "SUCCESS", null);
                    break;
                case { State: JobState.OverTime }:
                    End("TERMINATED", "TIMEDOUT", "RUN_EXECUTION_ERROR", "Run timed out.");
                    break;
                default:
                    End("TERMINATED", "FAILED", "RUN_EXECUTION_ERROR", "Workload failed, see run output for details");
                    break;
            }
    }

    public Task Cancel()
    {
        _cancel.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>It was cancelled before it began.</summary>
    public void Skip() => End("SKIPPED", "UPSTREAM_CANCELED", "CANCELED", "An upstream task was canceled.");

    /// <summary>Its machine is gone, or is thought to be.</summary>
    public async Task Lose(bool reallyEnds)
    {
        _fallen = true;
        if (reallyEnds && _process is not null)
            await machine.Cancel(_process);
        _lost.TrySetResult();
    }

    /// <summary>What the API answers of its output: the last that Python said.</summary>
    public async Task<JsonObject> Output()
    {
        var lines = new List<string>();
        if (_process is not null)
            await foreach (var line in machine.Logs(_process))
                lines.Add(line.Text);
        return new() { ["metadata"] = Object("", null), ["logs"] = string.Join('\n', lines), ["error"] = _result == "FAILED" ? lines.LastOrDefault() : null };
    }

    public JsonObject Object(string key, string? lie)
    {
        var state = new JsonObject { ["life_cycle_state"] = lie ?? _life, ["state_message"] = _message ?? "" };
        var status = new JsonObject { ["state"] = IsOver ? "TERMINATED" : _life };
        if (_result is not null && lie is null)
        {
            state["result_state"] = _result;
            status["termination_details"] = new JsonObject { ["code"] = _code, ["message"] = _message, ["type"] = Succeeded ? "SUCCESS" : "CLIENT_ERROR" };
        }

        var task = new JsonObject { ["task_key"] = key, ["run_id"] = id, ["attempt_number"] = number, ["state"] = state, ["status"] = status };
        if (_process is not null)
            task["cluster_instance"] = new JsonObject { ["cluster_id"] = Cluster };
        return task;
    }

    private void End(string life, string result, string code, string? message)
    {
        (_result, _code, _message) = (result, code, message);
        _life = life;
    }
}
