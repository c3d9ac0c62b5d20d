using System.Security.Cryptography;
using Steward.Work;

namespace Steward.Training;

/// <summary>Scores one part, in a process of its own where an engine placed it. Begun again, it does not do again what is done.</summary>
internal sealed class ScoreChild : IChild
{
    public string Name => "score";

    public async Task Run(string folder, Action<double?, string?> tell, CancellationToken stop)
    {
        var (job, number) = (Json.Read<ScoreJob>(await File.ReadAllTextAsync(Path.Combine(folder, ScoreJob.File), stop)), ChildTask.Number);
        if (ScoreJob.DoneOf(folder, number) is not null)
            return;
        var part = job.Parts[number];
        try
        {
            await Score(folder, job, number, part, stop);
        }
        catch (ProblemException problem)
        {
            throw new ProblemException(problem.Kind, problem.Code, problem.Message.Replace(ScoreJob.Input(number, part.Ending), part.Name, StringComparison.Ordinal), problem.Try);
        }
    }

    public static async Task<Digest> DigestOf(string file, CancellationToken stop)
    {
        await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return Digest.FromHash(await SHA256.HashDataAsync(bytes, stop));
    }

    private static async Task Score(string folder, ScoreJob job, int number, ScoreJobPart part, CancellationToken stop)
    {
        var (onnx, input) = (await File.ReadAllBytesAsync(Path.Combine(folder, ScoreJob.ModelFile), stop), Path.Combine(folder, ScoreJob.Input(number, part.Ending)));
        if (Digest.Of(onnx) != job.Onnx || await DigestOf(input, stop) != part.Input)
            throw ProblemException.Conflict("seal_changed", $"What this machine sees in the shared folder is not what was put there for {Names.Shorten(part.Name, 200)}.", "Look at the shared file system, and try again.");
        // A machine that was given up may still be writing: each attempt has a file of its own, and the last word decides.
        var output = Path.Combine(folder, $"out-{number}-{Names.NewId()}{part.Ending}");
        var report = await BatchScoring.Score(onnx, job.Model, input, output, new() { Threads = job.Threads, Values = part.Values, Keep = job.Keep, Top = job.Top }, null, stop);
        var done = new ScoreDone(Path.GetFileName(output), await DigestOf(output, stop), Path.GetFileName(report.BadFile), report.Rows, report.Bad, Environment.MachineName);
        var draft = Path.Combine(folder, $"{Names.NewId()}.new");
        await File.WriteAllTextAsync(draft, Json.Write(done), stop);
        File.Move(draft, Path.Combine(folder, ScoreJob.Done(number)), overwrite: true);
    }
}
