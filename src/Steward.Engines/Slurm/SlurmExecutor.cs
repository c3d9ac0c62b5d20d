using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Steward.Work;

namespace Steward.Engines.Slurm;

/// <summary>
/// Jobs as arrays of Slurm. Each task is <c>steward child task</c> on the machine where Slurm put it: limits, environment,
/// log and the end of its family are those of the process engine. What a task says lies in the shared folder; what Slurm
/// says decides which attempt counts and what became of one that fell silent. slurmdbd and sacct are not needed.
/// </summary>
internal sealed partial class SlurmExecutor(string name, SlurmSettings settings, ChildProgram program, TimeProvider clock) : Cluster(name, settings.Patience, clock)
{
    /// <summary>Fixed; what differs comes as arguments, which Slurm hands on as they are.</summary>
    private const string Script = """
        #!/bin/sh
        # $1 the folder of the job, $2 where .NET lies, then the program
        folder=$1 DOTNET_ROOT=$2
        export DOTNET_ROOT DOTNET_EnableDiagnostics=0 DOTNET_gcServer=0 DOTNET_TieredPGO=0
        shift 2
        exec "$@" child task "$folder" "$SLURM_ARRAY_TASK_ID" "${SLURM_RESTART_COUNT:-0}"

        """;

    private const string Cancelled = "It was cancelled.", IdFile = "slurm", CancelFile = "cancelled", NoSuchJob = "Invalid job id";
    private const long RoomForTheProgram = 192L << 20;

    /// <summary>What a task wrote last may come later than what Slurm says: shared folders have caches.</summary>
    private static readonly TimeSpan LateWords = TimeSpan.FromSeconds(10), BetweenSweeps = TimeSpan.FromHours(1), BetweenAsking = TimeSpan.FromSeconds(2);

    private readonly SlurmCommands _slurm = new(name, settings);
    private readonly ConcurrentDictionary<string, TaskFolder> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Job, int Task), long> _silentSince = new();
    private long _swept;

    public override string Kind => "slurm";

    public override ChildProgram Program { get; } = new(settings.Program is { } there ? [there] : program.Command)
    {
        Environment = new Dictionary<string, string>(program.Environment) { ["DOTNET_ROOT"] = settings.Dotnet ?? ChildProgram.Root },
    };

    public override async Task<EngineFacts> Look(CancellationToken stop)
    {
        var version = (await _slurm.Run("sinfo", ["--version"], stop)).Trim();
        var lines = await _slurm.Run("sinfo", ["--noheader", "--Format=Partition:|,Available:|,Nodes:|,CPUsState:|,Memory:|"], stop);
        var places = new List<EnginePlace>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('|') is [var partition, var state, var nodes, var cpus, var memory, ..])
                places.Add(new(partition.TrimEnd('*'), state, (int)Number(nodes), (int)Number(cpus.Split('/')[^1]), Number(memory) * Number(nodes) << 20));
        if (settings.Partition is { } wanted && !places.Exists(place => place.Name == wanted))
            throw EngineProblem.Refused(Name, $"it has no partition '{wanted}', only {string.Join(", ", places.Select(place => place.Name).Distinct())}.");
        return new(version.Replace("slurm ", "", StringComparison.Ordinal), places, []);
    }

    public override ChildFolder Folder(string what) => new(NewFolder(Names.Check("folder", what)));

    public override async Task<Job> Submit(JobSpec spec, CancellationToken stop)
    {
        spec.Checked();
        Sweep();
        foreach (var job in spec.After)
            _ = Find(job) ?? throw Unknown(job);
        var id = spec.Id ?? Names.NewId();
        var folder = await TaskFolder.Create(JobFolder(id), spec, stop);
        var script = Path.Combine(folder.Path, "run.sh");
        await File.WriteAllTextAsync(script, Script.ReplaceLineEndings("\n"), stop);
        string[] after = spec.After.Count == 0 ? [] : [$"--dependency=afterok:{string.Join(':', await Task.WhenAll(spec.After.Select(job => SlurmId(job.Id, stop))))}", "--kill-on-invalid-dep=yes"];
        try
        {
            var said = await _slurm.Run("sbatch", [.. Arguments(id, spec, folder.Path), .. after, script, folder.Path, Program.Environment["DOTNET_ROOT"], .. Program.Command], stop);
            await Keep(folder, said.Split(';')[0].Trim(), stop);
        }
        catch (ProblemException silent) when (silent.Code == EngineProblem.Unreachable)
        {
            // It may have taken the job and not been able to say so; asked again by name, it is not submitted twice.
            if (await SlurmId(id, CancellationToken.None) is null)
            {
                Directory.Delete(folder.Path, recursive: true);
                throw;
            }
        }
        catch (ProblemException)
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }

        _jobs[id] = folder;
        return new(Name, id);
    }

    public override async Task<JobStatus?> Observe(Job job, CancellationToken stop)
    {
        if (Find(job) is not { } folder)
            return null;
        var known = await SlurmId(job.Id, stop) is { } id ? SlurmTask.Read(await _slurm.Ask("squeue", ["--noheader", "--array", "--states=all", $"--jobs={id}", $"--Format={SlurmTask.Format}"], NoSuchJob, stop)) : [];
        var words = folder.States();
        var cancelled = File.Exists(Path.Combine(folder.Path, CancelFile));
        return new([.. Enumerable.Range(0, folder.Spec.Tasks).Select(index => Judge(job.Id, index, known.GetValueOrDefault(index), words.TryGetValue(index, out var word) ? word : null, cancelled))], folder.Spec.Labels);
    }

    public override async Task Cancel(Job job, CancellationToken stop)
    {
        if (await Observe(job, stop) is not { IsOver: false })
            return;
        await File.WriteAllTextAsync(Path.Combine(JobFolder(job.Id), CancelFile), "", stop);
        if (await SlurmId(job.Id, stop) is { } id)
            await _slurm.Ask("scancel", [id], NoSuchJob, stop);
        await Wait(job, stop);
    }

    public override IAsyncEnumerable<LogLine> Logs(Job job, int task, bool follow, CancellationToken stop)
    {
        var folder = Find(job) ?? throw Unknown(job);
        CheckTask(folder.Spec.Tasks, task);
        var asked = 0L;
        return folder.Log(task, follow, async () =>
        {
            // The task's own last word ends it at once; Slurm is asked less often.
            var over = folder.States().TryGetValue(task, out var word) && word.State.IsOver;
            if (!over && asked != 0 && Clock.GetElapsedTime(asked) < BetweenAsking)
                return false;
            asked = Clock.GetTimestamp();
            return (await Observe(job, stop))?.Tasks[task].IsOver ?? true;
        }, stop);
    }

    /// <summary>The task's own word about the attempt that Slurm means, and Slurm's where there is none.</summary>
    private JobTask Judge(string job, int index, SlurmTask? slurm, (int Attempt, JobTask State)? said, bool cancelled)
    {
        // What an attempt says that Slurm has given up is the word of a zombie.
        var word = said is { } heard && heard.Attempt >= (slurm?.Restarts ?? 0) ? heard.State : null;
        var machine = slurm?.Machines is { Length: > 0 } named ? named : word?.Machine;
        word = word is null ? null : word with { Machine = machine };
        if (word is { IsOver: true } and not { State: JobState.Lost })
            return word;
        if (word is { State: JobState.Lost })
            return cancelled ? word with { State = JobState.Cancelled, Reason = Cancelled }
                : slurm?.Judged is { State: JobState.Cancelled or JobState.OverTime or JobState.OverMemory } why ? word with { State = why.State, Reason = why.Reason }
                // Whoever ended it may have been Slurm, which says so in a moment.
                : slurm?.Judged is { State: JobState.Running } && !IsLate(job, index) ? word with { State = JobState.Running, Reason = null }
                : word;
        var (state, reason) = slurm?.Judged ?? (JobState.Lost, "Slurm no longer knows the task, and it left no word of its end.");
        var task = new JobTask(index, state, Reason: reason, Begun: word?.Begun ?? slurm?.Restarts ?? 0, Machine: machine);
        if (!task.IsOver)
        {
            _silentSince.TryRemove((job, index), out _);
            return task;
        }

        if (cancelled && state is JobState.Cancelled)
            return task with { Reason = Cancelled };
        if (slurm is { NeverBegan: true } || (slurm is not null && state is JobState.Lost) || IsLate(job, index))
            return state is JobState.Failed && StartWords(job, index) is { } last ? task with { Reason = $"{reason} {last}" } : task;
        return task with { State = JobState.Running, Reason = null };
    }

    private bool IsLate(string job, int index) => Clock.GetElapsedTime(_silentSince.GetOrAdd((job, index), _ => Clock.GetTimestamp())) > LateWords;

    private IEnumerable<string> Arguments(string id, JobSpec spec, string folder)
    {
        yield return "--parsable";
        yield return $"--job-name={JobName(spec.Name, id)}";
        yield return $"--comment={Comment(spec)}";
        yield return $"--array=0-{spec.Tasks - 1}%{spec.AtOnce}";
        yield return "--ntasks=1";
        yield return $"--cpus-per-task={spec.Limits.Cpus}";
        yield return $"--mem={((spec.Limits.Memory + RoomForTheProgram) >> 20) + 1}M";
        // Slurm counts in minutes and looks now and then; the task's own host keeps the exact time.
        yield return $"--time={(int)Math.Ceiling(spec.Limits.Time.TotalMinutes) + 2}";
        yield return spec.Requeue > 0 ? "--requeue" : "--no-requeue";
        // The environment is sbatch's own: home, path and language. NONE and NIL would read the user's profile on every machine.
        yield return "--export=ALL";
        yield return $"--chdir={folder}";
        yield return $"--output={folder}/start-%a.txt";
        yield return "--open-mode=append";
        foreach (var (option, word) in new[] { ("partition", settings.Partition), ("account", settings.Account), ("qos", settings.Qos) })
            if (word is not null)
                yield return $"--{option}={word}";
    }

    /// <summary>The id of Slurm, as it was kept or, when the server fell in between, as Slurm knows it by our name.</summary>
    private async Task<string?> SlurmId(string id, CancellationToken stop)
    {
        var file = Path.Combine(JobFolder(id), IdFile);
        if (File.Exists(file))
            return await File.ReadAllTextAsync(file, stop);
        if (TaskFolder.Open(JobFolder(id)) is not { } folder)
            return null;
        var found = (await _slurm.Run("squeue", ["--noheader", "--states=all", $"--name={JobName(folder.Spec.Name, id)}", "--Format=ArrayJobID:|"], stop)).Split('|')[0].Trim();
        if (found.Length == 0)
            return null;
        await Keep(folder, found, stop);
        return found;
    }

    private async Task Keep(TaskFolder folder, string id, CancellationToken stop)
    {
        if (!SlurmNumber().IsMatch(id))
            throw EngineProblem.Refused(Name, $"it gave '{Names.Shorten(id)}' as the number of a job.");
        var draft = Path.Combine(folder.Path, IdFile + ".new");
        await File.WriteAllTextAsync(draft, id, stop);
        File.Move(draft, Path.Combine(folder.Path, IdFile), overwrite: true);
    }

    private TaskFolder? Find(Job job)
    {
        if (job.Engine != Name || !OurId().IsMatch(job.Id))
            return null;
        if (!_jobs.TryGetValue(job.Id, out var folder) && TaskFolder.Open(JobFolder(job.Id)) is { } there)
            folder = _jobs[job.Id] = there;
        return folder is not null && Directory.Exists(folder.Path) ? folder : null;
    }

    private string JobFolder(string id) => Path.Combine(settings.Folder, $"job-{id}");

    private string NewFolder(string what) => PrivateFolder.Make(Path.Combine(settings.Folder, $"{what}-{Names.NewId()}"));

    /// <summary>What sbatch or the shell said of a task that could not even begin.</summary>
    private string? StartWords(string job, int index)
    {
        var file = new FileInfo(Path.Combine(JobFolder(job), $"start-{index.ToString(CultureInfo.InvariantCulture)}.txt"));
        return file is { Exists: true, Length: > 0 and < 1 << 20 } ? Names.Shorten(File.ReadLines(file.FullName).Last(), 300) : null;
    }

    /// <summary>Removes what is known of jobs that were over long ago.</summary>
    private void Sweep()
    {
        if (_swept != 0 && Clock.GetElapsedTime(_swept) < BetweenSweeps)
            return;
        _swept = Clock.GetTimestamp();
        if (!Directory.Exists(settings.Folder))
            return;
        foreach (var old in new DirectoryInfo(settings.Folder).EnumerateDirectories("job-*").Where(folder => Clock.GetUtcNow() - folder.LastWriteTimeUtc > settings.Keep))
            if (TaskFolder.Open(old.FullName) is { } job && job.States() is { } states && states.Count == job.Spec.Tasks && states.Values.All(one => one.State.IsOver))
            {
                _jobs.TryRemove(old.Name["job-".Length..], out _);
                old.Delete(recursive: true);
            }
    }

    private static string JobName(string name, string id) => $"{Plain(name, 60)}.{id}";

    private static string Comment(JobSpec spec) => Plain(string.Join(' ', spec.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")), 500);

    /// <summary>For people who look at the queue: plain letters, nothing that any tool could read as more.</summary>
    private static string Plain(string text, int most) => new([.. text.Take(most).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=' or ' ' or '@' or '/' ? c : '_')]);

    private static long Number(string text) => long.TryParse(text.Trim().TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.NonBacktracking)]
    private static partial Regex OurId();

    [GeneratedRegex(@"^[0-9]{1,12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex SlurmNumber();
}
