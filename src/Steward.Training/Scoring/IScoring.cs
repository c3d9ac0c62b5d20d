using Steward.Work;

namespace Steward.Training;

/// <summary>Scores files with a registered model on any engine that shares a folder with this server, each file a task of one array.</summary>
public interface IScoring
{
    /// <summary>Which version a reference means now; throws <c>model_version_not_found</c>.</summary>
    Task<ScoringModel> Model(string project, Reference reference, CancellationToken stop = default);

    /// <summary>Scores every part, also when others fail; gives them in their order.</summary>
    Task<IReadOnlyList<ScoredPart>> Run(ScoreOrder order, Func<double?, string?, Task> report, CancellationToken stop = default);
}

/// <summary>A version to score with.</summary>
/// <param name="Onnx">Its bytes.</param>
public sealed record ScoringModel(string Model, int Version, Digest Onnx)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => $"{Model}@{Version}";
}

/// <param name="Key">The same when it is tried again: what an earlier server left running under it is ended.</param>
/// <param name="Kept">Told of each part as soon as it is scored; its files are gone when the work is over.</param>
public sealed record ScoreOrder(string Project, string Key, ScoringModel Model, IReadOnlyList<PartToScore> Parts, Func<ScoredPart, Task> Kept)
{
    public const int MostParts = 1000;

    /// <summary>This machine when nothing is said.</summary>
    public string Engine { get; init; } = "process";

    /// <summary>The columns that stand beside the answers; all when null.</summary>
    public IReadOnlyList<string>? Keep { get; init; }

    /// <summary>Of a recommender, a row for each of the best so many: the key, <c>place</c>, <c>item</c>, <c>score</c>, <c>model</c>.</summary>
    public int? Top { get; init; }

    public JobLimits Limits { get; init; } = new() { Memory = 4L << 30, Time = TimeSpan.FromHours(6) };
}

/// <param name="Name">For people.</param>
/// <param name="Ending"><c>.parquet</c> or <c>.csv</c>.</param>
/// <param name="Bring">Puts the file where it is told.</param>
public sealed record PartToScore(string Name, string Ending, Func<string, CancellationToken, Task> Bring)
{
    /// <summary>Columns that the names of its folders say.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <param name="File">What was made, and with the rows without an answer <paramref name="Aside"/>; null when there is a problem.</param>
/// <param name="Rows">All of the part; <paramref name="Bad"/> of them have no answer.</param>
public sealed record ScoredPart(int Number, PartToScore Part, string? File, Digest? Output, string? Aside, long Rows, long Bad, string Machine, ProblemException? Problem)
{
    /// <summary>Of what was made.</summary>
    public IReadOnlyList<string> Columns(CancellationToken stop) => BatchFiles.Columns(File!, Path.GetDirectoryName(File)!, stop).ConvertAll(column => column.Name);

    /// <summary>Rows of what was made, as text.</summary>
    public IEnumerable<IReadOnlyList<string?>> Read(IReadOnlyList<string> columns, CancellationToken stop) => BatchFiles.Read(File!, columns, Path.GetDirectoryName(File)!, stop);
}

/// <summary>Tables as parts.</summary>
public static class ScoreTable
{
    /// <summary>Each file of the snapshot is a part; a table without rows is one.</summary>
    public static IReadOnlyList<PartToScore> Parts(Data.Tables.OpenTable table) => table.Files.Count == 0
        ? [Part(table, 0)]
        : [.. table.Files.Select((file, i) => Part(table with { Files = [file] }, i))];

    private static PartToScore Part(Data.Tables.OpenTable some, int number) => new(BatchTable.Name(number), ".parquet", (to, stop) => Task.Run(() => BatchTable.Write(some, to, stop), stop));
}
