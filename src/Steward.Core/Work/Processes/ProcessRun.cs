using System.Diagnostics;

namespace Steward.Work;

/// <summary>One task of a job: a process, its family, its limits and its log.</summary>
/// <param name="scratch">Makes the empty private folder of an attempt.</param>
internal sealed class ProcessRun(int index, JobSpec spec, string marker, Func<string> scratch, ProcessTable table, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200), LookCloser = TimeSpan.FromMilliseconds(20), Grace = TimeSpan.FromSeconds(3), LastLines = TimeSpan.FromSeconds(2);
    private readonly Lock _one = new();
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (JobState State, string Reason)? _verdict;

    public LogRing Log { get; } = new(Math.Clamp(spec.Limits.LogLines, 1, 100_000), spec.LogCharacters);

    public JobTask Status { get; private set; } = new(index, JobState.Waiting, Machine: Environment.MachineName);

    /// <summary>Ends the process, or sees to it that it never starts; the first reason given is the one that is told.</summary>
    public void End(JobState state, string reason)
    {
        lock (_one)
        {
            if (Status.IsOver || _verdict is not null)
                return;
            _verdict = (state, reason);
        }

        _stopping.TrySetResult();
    }

    /// <summary>Runs it to its end; when it is lost, again as often as it may be.</summary>
    public async Task Run()
    {
        try
        {
            do
                await Attempt();
            while (Status is { State: JobState.Waiting });
        }
        finally
        {
            Log.Close();
        }
    }

    private async Task Attempt()
    {
        string? own = null;
        try
        {
            own = scratch();
            Over(_verdict is null ? await Start(own) : null);
        }
        catch (Exception error)
        {
            await Sweep();
            Over(null, $"It could not be started: {error.Message}");
        }
        finally
        {
            if (own is not null)
                WorkFolder.Remove(own);
        }
    }

    private async Task<int?> Start(string own)
    {
        var program = Session.Find(spec.Command[0]) ?? throw new IOException($"there is no program '{Names.Shorten(spec.Command[0])}'.");
        var start = Session.Start([program, .. spec.Command.Skip(1)], spec.Folder ?? own, new Dictionary<string, string>(spec.Environment)
        {
            ["TMPDIR"] = own,
            [ChildTask.Variable] = index.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [ProcessTable.Variable] = marker,
        });
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        Status = Status with { State = JobState.Running, Reason = null, Begun = Status.Begun + 1 };
        table.Root(process.Id, marker);
        Tame(process.Id);
        if (!spec.HoldInput)
            process.StandardInput.Close();
        var lines = Task.WhenAll(Log.Fill(process.StandardOutput.BaseStream, false, clock), Log.Fill(process.StandardError.BaseStream, true, clock));
        var exit = process.WaitForExitAsync(CancellationToken.None);
        await Watch(process, exit);
        await exit;
        await Sweep();
        table.Forget(process.Id);
        // A stranger that took the pipe along would keep it open for ever.
        await Task.WhenAny(lines, Task.Delay(LastLines, clock));
        return process.ExitCode;
    }

    /// <summary>The kernel, should it run short of memory, takes the child and not the server; and what grows faster than we look is refused.</summary>
    private void Tame(int process)
    {
        if (!ProcessTable.IsKnown)
            return;
        Posix.Limit(process, (spec.Limits.Memory * 2) + (1L << 30));
        try
        {
            File.WriteAllText($"/proc/{process}/oom_score_adj", "1000");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // it is gone already, or may not be touched
        }
    }

    private async Task Watch(Process process, Task exit)
    {
        var began = clock.GetTimestamp();
        for (var wait = Look; ;)
        {
            await Task.WhenAny(exit, _stopping.Task, Task.Delay(wait, clock));
            if (exit.IsCompleted)
                return;
            if (_verdict is { } ended)
            {
                await Kill(process, exit, ended.State is JobState.OverMemory ? TimeSpan.Zero : Grace);
                return;
            }

            var used = Used(process);
            if (used > Status.PeakMemory)
                Status = Status with { PeakMemory = used };
            wait = used > spec.Limits.Memory / 2 ? LookCloser : Look;
            if (used > spec.Limits.Memory)
                End(JobState.OverMemory, $"It used more than {Say.Bytes(spec.Limits.Memory)} of memory and was stopped.");
            else if (clock.GetElapsedTime(began) > spec.Limits.Time)
                End(JobState.OverTime, $"It took longer than {Say.Span(spec.Limits.Time)} and was stopped.");
        }
    }

    private long Used(Process process)
    {
        if (ProcessTable.IsKnown)
            return table.Of(marker).Sum(one => one.Memory);
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // it has just ended
        }
    }

    /// <summary>Asks everyone of the family to end, and ends those who have not when the grace is over.</summary>
    private async Task Kill(Process process, Task exit, TimeSpan grace)
    {
        if (ProcessTable.IsKnown)
        {
            if (grace > TimeSpan.Zero)
            {
                table.Of(marker).ForEach(one => Posix.Signal(one.Id, Posix.Terminate));
                await Task.WhenAny(exit, Task.Delay(grace, clock));
            }

            await Sweep();
        }
        else if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    /// <summary>Ends what is left of the family; new members that a dying one started are found in the next round.</summary>
    private async Task Sweep()
    {
        for (var round = 0; round < 500 && table.Of(marker) is { Count: > 0 } left; round++)
        {
            left.ForEach(one => Posix.Signal(one.Id, Posix.Kill));
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private void Over(int? exit, string? failure = null)
    {
        lock (_one)
            Status = _verdict is { } ended ? Status with { State = ended.State, Reason = ended.Reason }
                : failure is not null ? Status with { State = JobState.Failed, Reason = failure }
                : StateOf(exit!.Value) is JobState.Lost && Status.Begun <= spec.Requeue ? Status with { State = JobState.Waiting, Reason = ReasonOf(exit.Value) }
                : Status with { State = StateOf(exit.Value), ExitCode = exit, Reason = ReasonOf(exit.Value) };
    }

    // .NET tells a process that ended by a signal as 128 and the signal's number, as shells do.
    private static JobState StateOf(int exit) => exit switch
    {
        0 => JobState.Succeeded,
        128 + Posix.Kill or 128 + Posix.Terminate or 128 + Posix.Interrupt => JobState.Lost,
        _ => JobState.Failed,
    };

    private static string? ReasonOf(int exit) => exit switch
    {
        128 + Posix.Kill => "It was killed from outside, perhaps by the system for want of memory.",
        128 + Posix.Terminate or 128 + Posix.Interrupt => "It was ended from outside.",
        128 + Posix.Segment or 128 + Posix.Abort => $"It crashed (signal {exit - 128}).",
        _ => null,
    };
}
