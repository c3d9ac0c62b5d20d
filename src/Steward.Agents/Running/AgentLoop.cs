using System.Collections.Concurrent;
using Steward.Work;

namespace Steward.Agents.Running;

/// <summary>
/// Asks for tasks, runs them, tells how they go; each goes on while the line is cut, and what was not told is told when it
/// is back.
/// </summary>
internal sealed class AgentLoop(AgentLink link, AgentSettings settings, IExecutor engine, TaskLuggage luggage, Persistence again, AgentVoice voice)
{
    private readonly ConcurrentDictionary<TaskKey, HeldTask> _held = new();
    private readonly Bell _news = new(), _room = new();

    /// <summary>Until it is stopped, or the server says that this agent may not work any more.</summary>
    public async Task Run(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loops = new[] { Taking(end.Token), Telling(end.Token) };
        var first = await Task.WhenAny(loops);
        await end.CancelAsync();
        foreach (var task in _held.Values)
            task.Cancel();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await GiveBack();
            throw;
        }

        await first;
    }

    private async Task Taking(CancellationToken stop)
    {
        while (true)
        {
            var room = _room.Next;
            var free = settings.AtOnce - _held.Count;
            using var shorter = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var asking = again.Call(() => link.Take(Math.Max(0, free), [.. _held.Keys], shorter.Token), shorter.Token);
            // With its hands full it asks for orders only; the first free hand asks anew.
            if (free <= 0 && await Task.WhenAny(asking, room) == room)
                await shorter.CancelAsync();
            Orders orders;
            try
            {
                orders = await asking;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                continue;
            }

            foreach (var key in orders.Stop)
                if (_held.TryGetValue(key, out var task))
                    task.Cancel();
            foreach (var given in orders.Tasks)
            {
                var task = new HeldTask(given);
                if (_held.TryAdd(given.Key, task))
                    _ = Do(task);
            }
        }
    }

    private async Task Telling(CancellationToken stop)
    {
        while (true)
        {
            var news = _news.Next;
            List<Report> reports = [.. _held.Values.Select(task => task.News()).OfType<Report>().Take(50)];
            if (reports.Count == 0)
            {
                await news.WaitAsync(stop);
                continue;
            }

            foreach (var heard in await again.Call(() => link.Tell(reports, stop), stop))
            {
                if (!_held.TryGetValue(heard.Key, out var task))
                    continue;
                var report = reports.First(one => one.Key == heard.Key);
                task.Heard(report);
                if (heard.Held && report.End is null)
                    continue;
                // Told to its end, or another's by now: then what it still does here has no effect and is ended.
                task.Cancel();
                _held.TryRemove(heard.Key, out _);
                _room.Ring();
            }
        }
    }

    private async Task Do(HeldTask task)
    {
        using var done = task;
        var (key, spec) = (task.Given.Key, task.Given.Spec);
        voice.Say($"{spec.Name} {key.Number}: began");
        JobTask ended;
        IReadOnlyList<TaskFile> files = [];
        try
        {
            if (settings.Refuse(spec) is { } no)
                ended = new(0, JobState.Failed, Reason: no);
            else if (task.Given.Files is null)
                ended = await Engine(task, spec, key.Number);
            else
                (ended, files) = await InFolder(task, spec, key.Number);
        }
        catch (OperationCanceledException) when (task.Stopped.IsCancellationRequested)
        {
            ended = new(0, JobState.Cancelled, Reason: "It was cancelled.");
        }
        catch (Exception error)
        {
            ended = new(0, JobState.Failed, Reason: $"The agent could not run it: {error.Message}");
        }

        task.Ended(ended with { Index = key.Number }, files);
        voice.Say($"{spec.Name} {key.Number}: {ended.State.ToString().ToLowerInvariant()}{(ended.ExitCode is > 0 and var code ? $" ({code})" : "")}{(ended.Reason is { } why ? $". {why}" : "")}");
        _news.Ring();
    }

    /// <summary>With what the job's folder holds; what the task left, also one that failed, is brought before its end is told.</summary>
    private async Task<(JobTask, IReadOnlyList<TaskFile>)> InFolder(HeldTask task, JobSpec spec, int number)
    {
        using var folder = await luggage.Unpack(task.Given, task.Stopped);
        var ended = await Engine(task, spec with { Folder = folder.Path, Command = [.. spec.Command.Select(word => word.Replace(GivenTask.FolderWord, folder.Path, StringComparison.Ordinal))] }, number);
        // Nobody reads files of any name when the task failed; what it says of itself, by its number, is wanted all the more.
        var wanted = ended.State is JobState.Succeeded || (ended.State is JobState.Failed && !spec.BringsAll);
        return (ended, wanted ? await luggage.Pack(task.Given, folder, task.Stopped) : []);
    }

    private async Task<JobTask> Engine(HeldTask task, JobSpec spec, int number)
    {
        if (spec.Command[0] == AgentSettings.Ours && ChildProgram.Ours() is var ours)
            spec = spec with { Command = [.. ours.Command, .. spec.Command.Skip(1)], Environment = new Dictionary<string, string>([.. ours.Environment, .. spec.Environment.Where(one => !ours.Environment.ContainsKey(one.Key))]) };
        var job = await engine.Submit(spec with { Tasks = 1, FirstIndex = number, Requeue = 0, After = [] }, CancellationToken.None);
        _ = CancelWhenAsked(task, job);
        await foreach (var line in engine.Logs(job, 0, follow: true, CancellationToken.None))
        {
            task.Add(line);
            _news.Ring();
        }

        return (await engine.Wait(job, CancellationToken.None)).Tasks[0];
    }

    private async Task CancelWhenAsked(HeldTask task, Job job)
    {
        await task.Stop;
        await engine.Cancel(job, CancellationToken.None);
    }

    private async Task GiveBack()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await link.End(patience.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or ProblemException)
        {
            voice.Say("The server could not be told; it takes the tasks back by itself in a minute.");
        }
    }
}
