using System.Globalization;
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
    private readonly TrainJob _job;
    private readonly Dictionary<string, long> _read = [];

    private StudyLog(IRuns runs, IBlobs blobs, Who who, TrainJob job, string id) => (_runs, _blobs, _who, _job, Id) = (runs, blobs, who, job, id);

    public string Id { get; }

    public void Dispose() => _one.Dispose();

    /// <summary>Starts the study and its tunes; what an attempt before left running is ended as failed.</summary>
    public static async Task<StudyLog> Begin(IRuns runs, IBlobs blobs, Who who, TrainOrder order, TrainSection plan, TrainJob job, string task, CancellationToken stop)
    {
        var experiment = plan.Model ?? order.Project;
        await EndLeftovers(runs, who, order.Project, experiment, task, stop);
        var about = new NewRun(order.Project, experiment)
        {
            Data = job.Data,
            Code = Code,
            Environment = Environment,
        };
        var study = await runs.Start(who, about with
        {
            Name = $"{job.Data}, {order.Reason}",
            Params = new Dictionary<string, string>
            {
                ["kinds"] = Text(job.Labels.Count),
                ["pictures"] = Text(job.Items.Count),
                ["filters"] = Text(job.Filters),
                ["copies"] = Text(job.Copies),
                ["seed"] = Text(job.Seed),
            },
            Tags = new Dictionary<string, string> { ["primary"] = "valid.f1_macro", ["data"] = job.Data, ["model"] = experiment, ["reason"] = order.Reason, ["task"] = task, ["on"] = order.On ?? plan.On ?? "this server" },
        }, stop);
        var log = new StudyLog(runs, blobs, who, job, study.Id);
        foreach (var tune in job.Tunes)
            log._tunes[tune.Name] = await runs.Start(who, about with
            {
                Name = tune.Name,
                Parent = study.Id,
                Params = new Dictionary<string, string>
                {
                    ["l2"] = Text(tune.L2),
                    ["learning_rate"] = Text(tune.LearningRate),
                    ["epochs"] = Text(tune.Epochs),
                    ["hidden"] = Text(tune.Hidden),
                    ["dropout"] = Text(tune.Dropout),
                    ["filters"] = Text(job.Filters),
                    ["copies"] = Text(job.Copies),
                    ["seed"] = Text(job.Seed),
                    ["label_weight"] = Text(plan.LabelWeight),
                },
                Tags = new Dictionary<string, string> { ["data"] = job.Data },
            }, stop);
        return log;
    }

    /// <summary>Logs the steps that the training process wrote since the last look.</summary>
    public async Task Follow(ChildFolder folder, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            foreach (var step in _job.Parts.SelectMany(part => NewSteps(Path.Combine(folder.Path, TrainJob.Steps(part)))).ToList())
                await _runs.Metrics(_who, _tunes[step.Tune].Id,
                    [new("train.loss", step.Loss, step.Epoch), new("valid.accuracy", step.ValidAccuracy, step.Epoch), new("valid.f1_macro", step.ValidF1, step.Epoch)], stop);
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
        foreach (var part in _job.Parts)
            outcome.AddRange(Json.Read<JobOutcome>(await File.ReadAllTextAsync(Path.Combine(folder.Path, TrainJob.Outcome(part)), stop)).Tunes);
        foreach (var tune in outcome)
        {
            var run = _tunes[tune.Tune].Id;
            // valid.f1_macro was logged by epoch; the same number at step 0 would come before them.
            await _runs.Metrics(_who, run, [.. tune.Metrics.Where(metric => metric.Key != "valid.f1_macro").Select(metric => new MetricPoint(metric.Key, metric.Value))], stop);
            foreach (var (artifact, file) in tune.Files)
                await _runs.Artifact(_who, run, artifact, await _blobs.Put(await File.ReadAllBytesAsync(Path.Combine(folder.Path, Path.GetFileName(file)), stop), stop), stop);
            await _runs.End(_who, run, RunStatus.Finished, stop);
        }

        var best = outcome.MaxBy(tune => tune.Metrics["valid.f1_macro"])!;
        await _runs.Metrics(_who, Id, [new("valid.f1_macro", best.Metrics["valid.f1_macro"]), new("test.f1_macro", best.Metrics["test.f1_macro"]), new("test.n", best.Metrics["test.n"])], stop);
        await _runs.Tags(_who, Id, new Dictionary<string, string> { ["best"] = best.Tune }, stop);
    }

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
    private static string? Code { get; } = typeof(StudyLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private static string Environment { get; } = $".NET {System.Environment.Version}, {RuntimeInformation.OSDescription}, {System.Environment.ProcessorCount} cores";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
