using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Steward.Work;

/// <summary>
/// A job as it lies in a folder that the server and the machines of an engine share: what to do, and for each attempt at
/// each task its state and its log. Each attempt has files of its own and the newest counts, so that one that goes on where
/// nobody can reach it (a zombie) is not heard.
/// </summary>
public sealed class TaskFolder
{
    private const string SpecFile = "job.json";
    private const int LargestState = 64 << 10, LargestSpec = 8 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<int, (int Attempt, JobTask State)> _over = new();

    private TaskFolder(string path, JobSpec spec) => (Path, Spec) = (path, spec);

    public string Path { get; }

    public JobSpec Spec { get; }

    /// <summary>Where the words of an attempt go.</summary>
    internal string LogFile(int task, int attempt) => File($"log-{task}-{attempt}.jsonl");

    /// <summary>Makes the folder, which only its owner may enter, and writes down what to do.</summary>
    public static async Task<TaskFolder> Create(string path, JobSpec spec, CancellationToken stop)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
        var made = new TaskFolder(path, spec);
        await using var file = System.IO.File.Create(made.File(SpecFile));
        await JsonSerializer.SerializeAsync(file, spec, TaskJson.Default.JobSpec, stop);
        return made;
    }

    /// <summary>Null when there is no job in the folder.</summary>
    public static TaskFolder? Open(string path)
    {
        var file = new FileInfo(System.IO.Path.Combine(path, SpecFile));
        if (!file.Exists || file.Length > LargestSpec)
            return null;
        using var stream = file.OpenRead();
        return new(path, JsonSerializer.Deserialize(stream, TaskJson.Default.JobSpec)!);
    }

    /// <summary>How the newest attempt at each task stands, of those that have begun; attempts count from 0.</summary>
    public IReadOnlyDictionary<int, (int Attempt, JobTask State)> States()
    {
        var newest = new Dictionary<int, int>();
        foreach (var path in Directory.EnumerateFiles(Path, "state-*.json"))
            if (System.IO.Path.GetFileNameWithoutExtension(path).Split('-') is [_, var task, var attempt] && int.TryParse(task, out var index) && int.TryParse(attempt, out var number) && number >= newest.GetValueOrDefault(index))
                newest[index] = number;
        var states = new Dictionary<int, (int, JobTask)>(newest.Count);
        foreach (var (index, attempt) in newest)
            if (_over.TryGetValue(index, out var before) && before.Attempt == attempt)
                states[index] = before;
            else if (State(index, attempt) is { } state)
            {
                states[index] = (attempt, state);
                if (state.IsOver)
                    _over[index] = (attempt, state);
            }

        return states;
    }

    internal void Write(int attempt, JobTask state)
    {
        var draft = File($"draft-{state.Index}-{attempt}");
        System.IO.File.WriteAllText(draft, JsonSerializer.Serialize(state, TaskJson.Default.JobTask));
        System.IO.File.Move(draft, File($"state-{state.Index}-{attempt}.json"), overwrite: true);
    }

    /// <summary>The lines of a task's newest attempt, and of those that follow it; with <paramref name="follow"/> until the task is over.</summary>
    public async IAsyncEnumerable<LogLine> Log(int task, bool follow, Func<Task<bool>> isOver, [EnumeratorCancellation] CancellationToken stop)
    {
        var attempt = NewestLog(task);
        var file = new TaskLogReader(Spec.Limits.LogLines, Spec.LogCharacters);
        for (var last = !follow; ;)
        {
            foreach (var line in file.News(LogFile(task, attempt)))
                yield return line;
            if (attempt < NewestLog(task))
            {
                attempt++;
                file.Begin();
                continue;
            }

            if (last)
                yield break;
            last = await isOver();
            if (!last)
                await Task.Delay(BetweenLooks, stop);
        }
    }

    private int NewestLog(int task) => Directory.EnumerateFiles(Path, $"log-{task}-*.jsonl")
        .Select(path => int.TryParse(System.IO.Path.GetFileNameWithoutExtension(path).Split('-')[^1], out var attempt) ? attempt : 0).DefaultIfEmpty().Max();

    private JobTask? State(int task, int attempt)
    {
        try
        {
            var file = new FileInfo(File($"state-{task}-{attempt}.json"));
            return file.Exists && file.Length <= LargestState ? JsonSerializer.Deserialize(System.IO.File.ReadAllText(file.FullName), TaskJson.Default.JobTask) : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null; // being replaced just now, or not ours
        }
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>Made when the program is built: a task begins sooner than with reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobSpec)), JsonSerializable(typeof(JobTask)), JsonSerializable(typeof(TaskLogLine))]
internal sealed partial class TaskJson : JsonSerializerContext;
