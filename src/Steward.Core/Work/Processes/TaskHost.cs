using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Steward.Work;

/// <summary>
/// One task on a machine where another engine placed it (<c>steward child task FOLDER TASK ATTEMPT</c>): it gets what the
/// process engine promises (its own environment and folder, limits, a log, an end for its whole family), and what becomes
/// of it is written into the job's folder.
/// </summary>
internal static class TaskHost
{
    public const string Verb = "task";
    private const int Usage = 2, CouldNot = 1;
    private const int MostBytesOfACharacter = 6; // as JSON

    /// <param name="attempt">From 0: how many times its machine was lost before.</param>
    public static async Task<int> Run(string folder, string task, string attempt)
    {
        if (TaskFolder.Open(folder) is not { } job || !int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || !int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            await Console.Error.WriteLineAsync($"There is no task '{task}' of a job in {folder}: is the folder the same here and on the server?");
            return Usage;
        }

        var state = new JobTask(index, JobState.Running, Begun: number + 1, Machine: Environment.MachineName);
        if (number > job.Spec.Requeue)
        {
            job.Write(number, state with { State = JobState.Lost, Begun = number, Reason = $"Its machine was lost {Say.Count(number, "time")}; it may be begun again {Say.Count(job.Spec.Requeue, "time")}." });
            return CouldNot;
        }

        job.Write(number, state);
        var end = await Run(job, index, number);
        job.Write(number, end with { Begun = number + Math.Max(1, end.Begun) });
        return end.State is JobState.Succeeded ? 0 : end.ExitCode ?? CouldNot;
    }

    private static async Task<JobTask> Run(TaskFolder job, int index, int attempt)
    {
        var marker = $"{Verb}/{RandomNumberGenerator.GetHexString(16, lowercase: true)}/";
        var run = new ProcessRun(index, job.Spec with { Requeue = job.Spec.Requeue - attempt }, $"{marker}{index}", Scratch, new ProcessTable(marker), TimeProvider.System);
        using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            run.End(JobState.Lost, "It was ended from outside.");
        });
        var log = new TaskLogWriter(job.LogFile(index, attempt), run.Log, 2L * MostBytesOfACharacter * job.Spec.LogCharacters).Run();
        await run.Run();
        await log;
        return run.Status;
    }

    private static string Scratch() => Directory.CreateTempSubdirectory("steward-task-").FullName;
}
