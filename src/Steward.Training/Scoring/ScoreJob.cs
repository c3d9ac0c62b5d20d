using System.Text.Json;

namespace Steward.Training;

/// <summary>What the tasks that score find in their folder: the model, the parts, and how to write them.</summary>
/// <param name="Model">Its name and version: <c>offers@3</c>.</param>
/// <param name="Onnx">Of its bytes.</param>
internal sealed record ScoreJob(string Model, Digest Onnx, IReadOnlyList<ScoreJobPart> Parts, IReadOnlyList<string>? Keep, int? Top, int Threads)
{
    public const string File = "score.json", ModelFile = "model.onnx";

    public static string Input(int part, string ending) => $"in-{part}{ending}";

    /// <summary>Written last, at one stroke: a part is done when it is there.</summary>
    public static string Done(int part) => $"done-{part}.json";

    public static ScoreDone? DoneOf(string folder, int part)
    {
        try
        {
            return new FileInfo(Path.Combine(folder, Done(part))) is { Exists: true, LinkTarget: null, Length: < 1 << 16 } file ? Json.Read<ScoreDone>(System.IO.File.ReadAllText(file.FullName)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Name">For people.</param>
/// <param name="Ending"><c>.parquet</c> or <c>.csv</c>, of what comes and of what is made.</param>
/// <param name="Input">Of the file in the folder.</param>
/// <param name="Values">Columns that the names of its folders say.</param>
internal sealed record ScoreJobPart(string Name, string Ending, Digest Input, IReadOnlyDictionary<string, string> Values);

/// <param name="File">In the folder.</param>
/// <param name="Aside">The file that tells the rows without an answer; null when there are none.</param>
internal sealed record ScoreDone(string File, Digest Output, string? Aside, long Rows, long Bad, string Machine);
