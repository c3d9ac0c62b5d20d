using System.Reflection;
using System.Runtime.InteropServices;
using Steward.Blobs;
using Steward.Identity;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>A study as it is logged while its training runs: the parent, a run per tune, steps as they come, files at the end.</summary>
internal sealed class StudyLog : IDisposable
{
    private readonly IRuns _runs;
    private readonly IBlobs _blobs;
    private readonly Who _who;
    private readonly Dictionary<string, Run> _tunes = [];
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly StudyPlan _plan;
    private readonly HashSet<string> _byStep = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _read = [];

    private StudyLog(IRuns runs, IBlobs blobs, Who who, string id, StudyPlan plan) => (_runs, _blobs, _who, Id, _plan) = (runs, blobs, who, id, plan);

    public string Id { get; }

    public void Dispose() => _one.Dispose();

    /// <summary>Starts the study and its tunes; what an attempt before left running is ended as failed.</summary>
    public static async Task<StudyLog> Begin(IRuns runs, IBlobs blobs, Who who, TrainOrder order, string? model, StudyPlan plan, Checkout? checkout, string task, CancellationToken stop)
    {
        var experiment = model ?? order.Project;
        await EndLeftovers(runs, who, order.Project, experiment, task, stop);
        var about = new NewRun(order.Project, experiment)
        {
            Data = plan.Data,
            Code = Code,
            Environment = Environment,
            Checkout = checkout,
            ProjectFile = plan.ProjectFile,
            Lock = Packages,
        };
        var study = await runs.Start(who, about with
        {
            Name = $"{plan.Data}, {order.Reason}",
            Params = plan.Params,
            Tags = new Dictionary<string, string>
            {
                ["primary"] = plan.Primary.Metric, ["direction"] = plan.Primary.Direction is Direction.Minimize ? "minimize" : "maximize",
                ["data"] = plan.Data, ["model"] = experiment, ["reason"] = order.Reason, ["task"] = task, ["on"] = plan.On ?? "this server",
            },
        }, stop);
        var log = new StudyLog(runs, blobs, who, study.Id, plan);
        foreach (var (name, settings) in plan.Tunes)
            log._tunes[name] = await runs.Start(who, about with { Name = name, Parent = study.Id, Params = settings, Tags = new Dictionary<string, string> { ["data"] = plan.Data } }, stop);
        return log;
    }

    /// <summary>Logs the steps that the training process wrote since the last look.</summary>
    public async Task Follow(ChildFolder folder, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            foreach (var step in _plan.Parts.SelectMany(part => NewSteps(Path.Combine(folder.Path, TrainJob.Steps(part)))).ToList())
            {
                _byStep.UnionWith(step.Metrics.Keys);
                await _runs.Metrics(_who, _tunes[step.Tune].Id, [.. step.Metrics.Select(metric => new MetricPoint(metric.Key, metric.Value, step.Step))], stop);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Keeps what the training process left, and ends the tunes. The study is ended with its task.</summary>
    public async Task Keep(ChildFolder folder, CancellationToken stop)
    {
        await Follow(folder, stop);
        var outcome = new List<TuneOutcome>();
        foreach (var part in _plan.Parts)
            outcome.AddRange(Json.Read<JobOutcome>(await File.ReadAllTextAsync(Path.Combine(folder.Path, TrainJob.Outcome(part)), stop)).Tunes);
        foreach (var tune in outcome)
        {
            var run = _tunes[tune.Tune].Id;
            // What was logged step by step has its last word there; the same number at step 0 would come before.
            await _runs.Metrics(_who, run, [.. tune.Metrics.Where(metric => !_byStep.Contains(metric.Key)).Select(metric => new MetricPoint(metric.Key, metric.Value))], stop);
            foreach (var (artifact, file) in tune.Files)
                await _runs.Artifact(_who, run, artifact, await _blobs.Put(await File.ReadAllBytesAsync(Path.Combine(folder.Path, Path.GetFileName(file)), stop), stop), stop);
            await _runs.End(_who, run, RunStatus.Finished, stop);
        }

        var best = _plan.Primary.Direction is Direction.Maximize ? outcome.MaxBy(Main)! : outcome.MinBy(Main)!;
        string[] told = [_plan.Primary.Metric, _plan.OfTest, "test.n"];
        await _runs.Metrics(_who, Id, [.. told.Where(best.Metrics.ContainsKey).Select(metric => new MetricPoint(metric, best.Metrics[metric]))], stop);
        await _runs.Tags(_who, Id, new Dictionary<string, string> { ["best"] = best.Tune }, stop);
    }

    private double Main(TuneOutcome tune) => tune.Metrics[_plan.Primary.Metric];

    /// <summary>Ends everything that still runs, also while the server stops.</summary>
    public async Task GiveUp(RunStatus status, Exception why)
    {
        await _runs.Tags(_who, Id, new Dictionary<string, string> { ["why"] = Names.Shorten(why.Message, 300) });
        foreach (var run in _tunes.Values.Select(tune => tune.Id).Append(Id))
            if (await _runs.Find(run) is { IsOver: false })
                await _runs.End(_who, run, status);
    }

    private static async Task EndLeftovers(IRuns runs, Who who, string project, string experiment, string task, CancellationToken stop)
    {
        foreach (var study in (await runs.Newest(project, experiment, stop: stop)).Where(run => !run.IsOver && run.Tags.GetValueOrDefault("task") == task))
        {
            foreach (var tune in (await runs.Children(study.Id, stop)).Where(run => !run.IsOver))
                await runs.End(who, tune.Id, RunStatus.Failed, stop);
            await runs.End(who, study.Id, RunStatus.Failed, stop);
        }
    }

    /// <summary>Whole lines only: the last one may still be being written.</summary>
    private List<JobStep> NewSteps(string path)
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _read.GetValueOrDefault(path);
        var bytes = new byte[Math.Max(0, file.Length - file.Position)];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read[path] = _read.GetValueOrDefault(path) + whole;
        return [.. System.Text.Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json.Read<JobStep>)];
    }

    /// <summary>The commit that this program was built from.</summary>
    internal static string? Code { get; } = typeof(StudyLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>What the program that trains is made of, to the version: a Python lock is no part of what it does.</summary>
    private static EnvironmentText? Packages { get; } = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0] is { Length: > 0 } file && File.Exists(file) ? new("packages.json", File.ReadAllText(file)) : null;

    private static string Environment { get; } = $".NET {System.Environment.Version}, {RuntimeInformation.OSDescription}, {System.Environment.ProcessorCount} cores";
}
