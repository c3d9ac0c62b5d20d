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
    private const string PlanTag = "plan";

    private readonly IRuns _runs;
    private readonly IBlobs _blobs;
    private readonly Who _who;
    private readonly Dictionary<string, Run> _tunes = [];
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly StudyPlan _plan;
    private readonly HashSet<(string Tune, string Metric)> _byStep = [];
    private readonly List<(string Tune, IReadOnlyDictionary<string, double> Metrics)> _done = [];
    private readonly NewRun _about;
    private readonly Dictionary<string, long> _read = [];

    private StudyLog(IRuns runs, IBlobs blobs, Who who, string id, StudyPlan plan, NewRun about) => (_runs, _blobs, _who, Id, _plan, _about) = (runs, blobs, who, id, plan, about);

    public string Id { get; }

    /// <summary>What an earlier attempt finished, and need not be done again.</summary>
    public IReadOnlyList<DoneTune> Done { get; private set; } = [];

    /// <summary>What is left running when the server stops is gone on with by the next one.</summary>
    public bool GoesOn => _plan.GoesOn is not null;

    public void Dispose() => _one.Dispose();

    /// <summary>Starts the study and its tunes, or goes on with a search that was cut off; what else an attempt before left running is ended as failed.</summary>
    public static async Task<StudyLog> Begin(IRuns runs, IBlobs blobs, Who who, TrainOrder order, string? model, StudyPlan plan, Checkout? checkout, string task, CancellationToken stop)
    {
        var experiment = model ?? order.Project;
        var left = await EndLeftovers(runs, who, order.Project, experiment, task, plan.GoesOn, stop);
        var about = new NewRun(order.Project, experiment)
        {
            Data = plan.Data,
            Code = Code,
            Environment = Environment,
            Checkout = checkout,
            ProjectFile = plan.ProjectFile,
            Lock = Packages,
        };
        var tags = new Dictionary<string, string>
        {
            ["primary"] = plan.Primary.Metric, ["direction"] = plan.Primary.Direction is Direction.Minimize ? "minimize" : "maximize",
            ["data"] = plan.Data, ["model"] = experiment, ["reason"] = order.Reason, ["task"] = task, ["on"] = plan.On ?? "this server",
        };
        if (plan.GoesOn is not null)
            tags[PlanTag] = plan.GoesOn;
        var study = left ?? await runs.Start(who, about with { Name = $"{plan.Data}, {order.Reason}", Params = plan.Params, Tags = tags }, stop);
        var log = new StudyLog(runs, blobs, who, study.Id, plan, about with { Parent = study.Id, Tags = new Dictionary<string, string> { ["data"] = plan.Data } });
        if (left is not null)
            log.Done = await log.Finished(stop);
        foreach (var (name, settings) in plan.Tunes.Where(tune => log.Done.All(done => done.Name != tune.Name)))
            await log.Start(name, settings, stop);
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
                if (step.Params is { } settings)
                    await Start(step.Tune, new Dictionary<string, string>((_plan.OfTrials ?? settings).Where(one => !settings.ContainsKey(one.Key)).Concat(settings)), stop);
                _byStep.UnionWith(step.Metrics.Keys.Select(metric => (step.Tune, metric)));
                await _runs.Metrics(_who, _tunes[step.Tune].Id, [.. step.Metrics.Select(metric => new MetricPoint(metric.Key, metric.Value, step.Step))], stop);
                if (step.Outcome is { } outcome)
                    await Keep(folder, outcome, stop);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Keeps what the training process left, and says which tune was best. The study is ended with its task.</summary>
    public async Task Keep(ChildFolder folder, CancellationToken stop)
    {
        await Follow(folder, stop);
        var finite = _done.FindAll(tune => double.IsFinite(Main(tune.Metrics)));
        if (finite.Count == 0)
            throw ProblemException.Conflict("nothing_learned", $"No tune came to a number in {_plan.Primary.Metric}.", "Lower learning_rate, or narrow what is searched.");
        var (name, metrics) = _plan.Primary.Direction is Direction.Maximize ? finite.MaxBy(tune => Main(tune.Metrics)) : finite.MinBy(tune => Main(tune.Metrics));
        string[] told = [_plan.Primary.Metric, _plan.OfTest, "test.n"];
        await _runs.Metrics(_who, Id, [.. told.Where(metrics.ContainsKey).Select(metric => new MetricPoint(metric, metrics[metric]))], stop);
        await _runs.Tags(_who, Id, new Dictionary<string, string> { ["best"] = name }, stop);
    }

    /// <summary>Keeps what one tune left, and ends it.</summary>
    private async Task Keep(ChildFolder folder, TuneOutcome tune, CancellationToken stop)
    {
        var run = _tunes[tune.Tune].Id;
        // What was logged step by step has its last word there; the same number at step 0 would come before.
        await _runs.Metrics(_who, run, [.. tune.Metrics.Where(metric => !_byStep.Contains((tune.Tune, metric.Key))).Select(metric => new MetricPoint(metric.Key, metric.Value))], stop);
        foreach (var (artifact, file) in tune.Files)
            await _runs.Artifact(_who, run, artifact, await _blobs.Put(await File.ReadAllBytesAsync(Path.Combine(folder.Path, Path.GetFileName(file)), stop), stop), stop);
        if (tune.StoppedAfter is { } spent)
            await _runs.Tags(_who, run, new Dictionary<string, string> { ["stopped_after"] = spent.ToString(System.Globalization.CultureInfo.InvariantCulture) }, stop);
        await _runs.End(_who, run, RunStatus.Finished, stop);
        _done.Add((tune.Tune, tune.Metrics));
    }

    private async Task Start(string name, IReadOnlyDictionary<string, string> settings, CancellationToken stop)
        => _tunes[name] = await _runs.Start(_who, _about with { Name = name, Params = settings }, stop);

    /// <summary>The tunes that an earlier attempt finished.</summary>
    private async Task<List<DoneTune>> Finished(CancellationToken stop)
    {
        var finished = new List<DoneTune>();
        foreach (var run in (await _runs.Children(Id, stop)).Where(run => run.Status is RunStatus.Finished))
        {
            var scores = await _runs.MetricsOf(run.Id, _plan.Primary.Metric, stop);
            finished.Add(new(run.Name, run.Params, [.. scores.Select(point => new SpentScore((int)point.Step, point.Value))]));
            _done.Add((run.Name, run.Metrics));
        }
        return finished;
    }

    private double Main(IReadOnlyDictionary<string, double> metrics) => metrics.GetValueOrDefault(_plan.Primary.Metric, double.NaN);

    /// <summary>Ends everything that still runs, also while the server stops.</summary>
    public async Task GiveUp(RunStatus status, Exception why)
    {
        await _runs.Tags(_who, Id, new Dictionary<string, string> { ["why"] = Names.Shorten(why.Message, 300) });
        foreach (var run in _tunes.Values.Select(tune => tune.Id).Append(Id))
            if (await _runs.Find(run) is { IsOver: false })
                await _runs.End(_who, run, status);
    }

    /// <returns>The study that can be gone on with: the same plan was cut off in it.</returns>
    private static async Task<Run?> EndLeftovers(IRuns runs, Who who, string project, string experiment, string task, string? goesOn, CancellationToken stop)
    {
        Run? again = null;
        foreach (var study in (await runs.Newest(project, experiment, stop: stop)).Where(run => !run.IsOver && run.Tags.GetValueOrDefault("task") == task))
        {
            foreach (var tune in (await runs.Children(study.Id, stop)).Where(run => !run.IsOver))
                await runs.End(who, tune.Id, RunStatus.Failed, stop);
            if (again is null && goesOn is not null && study.Tags.GetValueOrDefault(PlanTag) == goesOn)
                again = study;
            else
                await runs.End(who, study.Id, RunStatus.Failed, stop);
        }
        return again;
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
