
namespace Steward.Training;

/// <summary>A task of kind <c>batch</c>: the exact version, and files or parts of one snapshot, to be scored on an engine.</summary>
/// <param name="Table">The snapshot whose files are the parts; null for files that were sent.</param>
internal sealed record BatchOrder(string Project, ScoringModel Model, string Engine, string? Table, IReadOnlyList<BatchPart> Parts)
{
    public const string Kind = "batch";
}

/// <param name="Name">For people, and for the one who asked to find the file again; no path of this server's.</param>
/// <param name="Input">The file's bytes; of a table, what names the part.</param>
internal sealed record BatchPart(string Name, Digest Input)
{
    public string Ending => Partition.Ending(Name)!;

    /// <summary>What tells the result from all others: the model by name and bytes, the input, how it is written, and what its folders say.</summary>
    public Digest Same(ScoringModel model) => Digest.Of(Json.Write(new { form = 1, model.Name, model.Onnx, Input, Ending, values = Partition.Values(Name).OrderBy(one => one.Key, StringComparer.Ordinal) }));
}

/// <summary>How a batch stands.</summary>
public sealed record BatchView(string Model, Digest Onnx, string Engine, string? Table, IReadOnlyList<BatchPartView> Parts);

/// <param name="Output">Null while it is not scored.</param>
/// <param name="Bad">Of <paramref name="Rows"/> those without an answer.</param>
/// <param name="Task">The task that scored it, which may be an earlier one.</param>
/// <param name="Problem">Why it was not scored.</param>
public sealed record BatchPartView(string Name, Digest Input, Digest? Output, long Size, bool HasAside, long Rows, long Bad, string? Machine, string? Task, string? Problem);
