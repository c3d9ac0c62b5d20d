using System.Text.Json;
using Steward.Blobs;

namespace Steward.Tracking.Pages;

/// <summary>What the artifact <c>evaluation.json</c> of a run says of its test split. Any trainer may log one.</summary>
/// <param name="Kinds">Names of the labels.</param>
/// <param name="Confusion">Rows are what was shown, columns what was answered.</param>
/// <param name="PerKind">In the order of the kinds.</param>
public sealed record Evaluated(IReadOnlyList<string> Kinds, IReadOnlyList<IReadOnlyList<long>> Confusion, IReadOnlyList<KindEvaluated> PerKind)
{
    public const string File = "evaluation.json";

    // A matrix of more is not read by anybody, and a file of more is not an evaluation.
    private const int MostKinds = 40;
    private const long MostBytes = 32L << 20;

    /// <summary>Null when the run has none, or none that can be shown.</summary>
    public static async Task<Evaluated?> Of(IReadOnlyList<RunArtifact> files, IBlobs blobs, CancellationToken stop)
    {
        if (files.FirstOrDefault(file => file.Name == File) is not { Size: <= MostBytes } file)
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<Evaluated>(await blobs.Read(file.Blob, stop), Json.Options);
            return read is { Kinds: not null, Confusion: not null, PerKind: not null } && read.Fits ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Fits => Kinds.Count is > 1 and <= MostKinds && Confusion.Count == Kinds.Count && PerKind.Count == Kinds.Count
        && Kinds.All(kind => kind is not null) && PerKind.All(kind => kind is not null) && Confusion.All(row => row is not null && row.Count == Kinds.Count && row.All(cell => cell >= 0));

    internal long Shown(int kind) => Confusion[kind].Sum();

    /// <summary>The share of a kind that was answered so, 0 to 1.</summary>
    internal double Share(int shown, int answered) => Shown(shown) is > 0 and var all ? Confusion[shown][answered] / (double)all : 0;

    /// <summary>The commonest mistake; null when there is none.</summary>
    internal (int Shown, int Answered)? Worst => (from shown in Enumerable.Range(0, Kinds.Count)
                                                   from answered in Enumerable.Range(0, Kinds.Count)
                                                   where shown != answered && Confusion[shown][answered] > 0
                                                   orderby Share(shown, answered) descending
                                                   select ((int, int)?)(shown, answered)).FirstOrDefault();
}

/// <param name="F1Low">Of the interval that holds the true F1 with 95 %.</param>
/// <param name="N">Test pictures of this kind.</param>
public sealed record KindEvaluated(string Kind, double Precision, double Recall, double F1, double F1Low, double F1High, long N);
