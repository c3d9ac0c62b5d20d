using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Steward.Work;

/// <summary>What <c>steward child NAME FOLDER</c> does: runs one child of the program and ends.</summary>
public static class ChildMain
{
    /// <summary>Said of a child that an engine placed: the engine ends it, no server holds its input.</summary>
    internal const string Placed = "placed";

    private const int Mistake = 70, Stopped = 130, Usage = 2;

    /// <param name="children">Asked for only when one is wanted.</param>
    /// <param name="words">What follows <c>child</c>.</param>
    public static async Task<int> Run(Func<IEnumerable<IChild>> children, string[] words)
    {
        if (words is [Reaper.Verb, var prefix])
            return await Reaper.Run(prefix);
        if (words is [TaskHost.Verb, var job, var index, var attempt])
            return await TaskHost.Run(job, index, attempt);
        if (words is not ([_, _] or [_, _, Placed]) || words is not [var name, var folder, ..] || children().FirstOrDefault(one => one.Name == name) is not { } child)
        {
            await Console.Error.WriteLineAsync("The server runs this by itself: steward child NAME FOLDER.");
            return Usage;
        }

        var placed = words.Length == 3;
        if (!placed)
            DieWithTheServer();
        using var stop = new CancellationTokenSource();
        using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        return await Run(child, folder, placed ? ChildTask.Number : null, stop.Token);
    }

    /// <summary>Where a child leaves what it says to the person who asked.</summary>
    internal static string ProblemFile(int? number) => number is { } one ? $"problem-{one}.json" : "problem.json";

    private static async Task<int> Run(IChild child, string folder, int? number, CancellationToken stop)
    {
        var lines = TextWriter.Synchronized(Console.Out);
        try
        {
            await child.Run(folder, (share, message) => lines.WriteLine(Json.Write(new ChildNews(share, message))), stop);
            return 0;
        }
        catch (ProblemException problem)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, ProblemFile(number)), Json.Write(new ChildProblem(problem.Kind, problem.Code, problem.Message, problem.Try)), CancellationToken.None);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync(error.ToString());
            return Mistake;
        }
    }

    /// <summary>The server holds the other end of our input and never writes: its end is ours.</summary>
    private static void DieWithTheServer() => new Thread(() =>
    {
        using var server = Console.OpenStandardInput();
        while (server.ReadByte() >= 0)
        {
        }

        using var us = Process.GetCurrentProcess();
        us.Kill();
    }) { IsBackground = true }.Start();
}

/// <summary>One line of a child's output.</summary>
internal sealed record ChildNews(double? Progress, string? Message);

/// <summary>What a child says to the person who asked.</summary>
internal sealed record ChildProblem(ProblemKind Kind, string Code, string Why, string? Try);
