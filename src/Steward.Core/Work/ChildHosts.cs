using System.Text;
using System.Text.Json;

namespace Steward.Work;

/// <summary>Runs children of the program through the process engine. What comes back from one is not trusted: it may have eaten a hostile file.</summary>
internal sealed class ChildHosts(ProcessExecutor executor, WorkFolder work, ChildProgram program) : IChildHosts
{
    private const int LastWords = 8, LargestProblem = 16 << 10;
    private const string PlacedFile = "placed.json";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    public ChildFolder Folder(string child) => new(work.New(Names.Check("child", child)));

    public async Task Run(string child, ChildFolder folder, JobLimits limits, Func<double?, string?, Task> report, CancellationToken stop)
    {
        var job = await executor.Submit(new JobSpec(child, [.. program.Command, "child", Names.Check("child", child), folder.Path])
        {
            Folder = folder.Path,
            Environment = new Dictionary<string, string>(program.Environment) { ["HOME"] = folder.Path },
            Limits = limits,
            HoldInput = true,
        }, stop);
        var lastWords = new Queue<string>();
        try
        {
            await foreach (var line in executor.Logs(job, 0, follow: true, stop))
                if (!line.IsError && News(line.Text) is { } news)
                    await report(news.Progress, news.Message);
                else if (!string.IsNullOrWhiteSpace(line.Text))
                {
                    lastWords.Enqueue(Names.Shorten(line.Text, 300));
                    if (lastWords.Count > LastWords)
                        lastWords.Dequeue();
                }
        }
        catch
        {
            await executor.Cancel(job, CancellationToken.None);
            throw;
        }

        var end = (await executor.Wait(job, stop)).Tasks[0];
        stop.ThrowIfCancellationRequested();
        if (end.State is JobState.Succeeded)
            return;
        throw end.State is JobState.Failed && Problem(folder, null) is { } problem
            ? problem
            : new ProblemException(ProblemKind.Unavailable, end.State is JobState.Lost ? "child_lost" : "child_failed", Sentence(child, end, lastWords), "Try again; if it happens again, give it less to do or more memory.");
    }

    public async Task Run(IExecutor engine, string child, ChildFolder folder, ChildArray array, Func<double?, string?, Task> report, CancellationToken stop)
    {
        if ((await Each(engine, child, folder, array, report, stop)).FirstOrDefault(one => one is not null) is { } first)
            throw first;
    }

    public async Task<IReadOnlyList<ProblemException?>> Each(IExecutor engine, string child, ChildFolder folder, ChildArray array, Func<double?, string?, Task> report, CancellationToken stop)
    {
        await EndLeftovers(engine, folder, array.Key, stop);
        var job = await engine.Submit(new JobSpec(child, [.. engine.Program.Command, "child", Names.Check("child", child), folder.Path, ChildMain.Placed])
        {
            Tasks = array.Tasks,
            AtOnce = Math.Min(array.Tasks, array.AtOnce),
            Folder = folder.Path,
            Environment = engine.Program.Environment,
            Limits = array.Limits,
            Labels = array.Labels,
            Requeue = array.Requeue,
        }, stop);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, PlacedFile), Json.Write(new PlacedJob(array.Key, job)), stop);
            var waiting = engine.Wait(job, stop);
            while (!waiting.IsCompleted)
            {
                await Task.WhenAny(waiting, Task.Delay(BetweenLooks, stop));
                await Tell(engine, job, array, report, stop);
            }

            return [.. (await waiting).Tasks.Select(task => task.State is JobState.Succeeded ? null : (task.State is JobState.Failed ? Problem(folder, task.Index) : null) ?? new ProblemException(ProblemKind.Unavailable, "child_failed",
                $"On the engine '{engine.Name}' {array.Called} {task.Index + 1} of {array.Tasks} failed. {task.Reason ?? $"It ended with code {task.ExitCode}."}", "Try again; if it happens again, give it less to do or more memory."))];
        }
        catch
        {
            await engine.Cancel(job, CancellationToken.None);
            throw;
        }
    }

    private static async Task Tell(IExecutor engine, Job job, ChildArray array, Func<double?, string?, Task> report, CancellationToken stop)
    {
        try
        {
            if (await engine.Observe(job, stop) is not { } status)
                return;
            var (over, run) = (status.Tasks.Count(task => task.IsOver), status.Tasks.Count(task => task.State is JobState.Running));
            var waits = over + run == 0 ? status.Tasks[0].Reason : null;
            await report((double)over / array.Tasks, $"{over} of {Say.Count(array.Tasks, array.Called)} done, {run} running on {engine.Name}. {waits}".TrimEnd());
        }
        catch (ProblemException silent) when (silent.Kind is ProblemKind.Unavailable)
        {
            await report(null, silent.Message); // waited for: it may be back in a moment
        }
    }

    /// <summary>A server that was killed left its job running; whoever tries again does not let two do the same.</summary>
    private static async Task EndLeftovers(IExecutor engine, ChildFolder own, string key, CancellationToken stop)
    {
        foreach (var file in Directory.GetParent(own.Path)!.EnumerateDirectories().Select(folder => new FileInfo(Path.Combine(folder.FullName, PlacedFile))).Where(file => file.Exists && file.Length < LargestProblem).ToList())
            if (Placed(await File.ReadAllTextAsync(file.FullName, stop)) is { } placed && placed.Key == key && placed.Job.Engine == engine.Name)
            {
                await engine.Cancel(placed.Job, stop);
                file.Directory!.Delete(recursive: true);
            }
    }

    private static PlacedJob? Placed(string text)
    {
        try
        {
            return Json.Read<PlacedJob>(text);
        }
        catch (JsonException)
        {
            return null; // the server fell while it wrote
        }
    }

    private sealed record PlacedJob(string Key, Job Job);

    private static string Sentence(string child, JobTask end, Queue<string> lastWords)
    {
        var how = end.Reason ?? $"It ended with code {end.ExitCode}.";
        return lastWords.Count == 0 || end.State is not JobState.Failed
            ? $"The part of the program that does '{child}' failed. {how}"
            : $"The part of the program that does '{child}' failed. {how} Its last words: {string.Join(" / ", lastWords)}";
    }

    private static ChildNews? News(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return Json.Read<ChildNews>(line);
        }
        catch (JsonException)
        {
            return null; // a library that prints to standard output
        }
    }

    private static string Clean(string text, int most) => string.Join('\n', text[..Math.Min(text.Length, most)].Split('\n').Select(line => Names.Shorten(line, most)));

    private static ProblemException? Problem(ChildFolder folder, int? number)
    {
        var file = new FileInfo(Path.Combine(folder.Path, ChildMain.ProblemFile(number)));
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestProblem)
            return null;
        try
        {
            var said = Json.Read<ChildProblem>(File.ReadAllText(file.FullName, Encoding.UTF8));
            return said is { Code: { Length: > 0 and <= 80 } code, Why: not null } && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
                ? new(said.Kind, code, Clean(said.Why, 2000), said.Try is null ? null : Clean(said.Try, 500))
                : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }
}
