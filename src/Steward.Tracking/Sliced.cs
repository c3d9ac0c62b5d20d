using System.Text.Json;
using Steward.Blobs;

namespace Steward.Tracking;

/// <summary>
/// What the artifact <c>slices.json</c> of a run says of parts of its test split: rows of one city, pictures of one source. Any
/// trainer may log one. A slice is a column and one of its values.
/// </summary>
/// <param name="Metric">The one that slices are ordered by: <c>f1_macro</c>.</param>
/// <param name="LessIsBetter">Of that metric.</param>
/// <param name="Whole">The same metrics over the whole test split.</param>
/// <param name="Slices">In any order.</param>
public sealed record Sliced(string Metric, bool LessIsBetter, IReadOnlyDictionary<string, double> Whole, IReadOnlyList<Slice> Slices)
{
    public const string File = "slices.json";

    /// <summary>A slice of fewer test items tells little: it is marked, and no gate judges it.</summary>
    public const int Fewest = 30;

    private const int MostSlices = 1000;

    /// <summary>Values of columns that were too many to be judged one by one, by column.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>The worst first; small ones come after the rest.</summary>
    public IEnumerable<Slice> WorstFirst => Slices.Where(slice => slice.Metrics.ContainsKey(Metric))
        .OrderBy(slice => slice.IsSmall).ThenBy(slice => LessIsBetter ? -slice.Metrics[Metric].Value : slice.Metrics[Metric].Value).ThenBy(slice => slice.Name, StringComparer.Ordinal);

    /// <summary>Of a version's files.</summary>
    public static Task<Sliced?> Of(IReadOnlyDictionary<string, Digest> files, IBlobs blobs, CancellationToken stop)
        => Of(files.TryGetValue(File, out var digest) ? digest : null, blobs, stop);

    /// <summary>Null when there is no such file, or none that can be read.</summary>
    public static async Task<Sliced?> Of(Digest? file, IBlobs blobs, CancellationToken stop)
    {
        if (file is not { } digest)
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<Sliced>(await blobs.Read(digest, stop), Json.Options);
            return read is { Metric: not null, Whole: not null, Slices: { Count: > 0 and <= MostSlices }, LeftOut: not null } && read.Slices.All(slice => slice is { By: not null, Value: not null, Metrics: not null } && slice.Metrics.Values.All(one => one is not null)) ? read : null;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or ProblemException { Kind: ProblemKind.NotFound })
        {
            // Foreign, damaged or gone: there is nothing to show.
            return null;
        }
    }
}

/// <param name="By">The column, or what the data set knows of a picture: <c>source</c>, <c>folder</c>, <c>size</c>.</param>
/// <param name="Value">"" where nothing is known.</param>
/// <param name="N">Test items in it.</param>
/// <param name="Metrics">By name, without the split.</param>
public sealed record Slice(string By, string Value, int N, IReadOnlyDictionary<string, SliceMetric> Metrics)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSmall => N < Sliced.Fewest;

    /// <summary><c>city=Oslo</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => $"{By}={Value}";

    /// <summary>For people: <c>city Oslo</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Words => Value.Length == 0 ? $"{By} not known" : $"{By} {Value}";
}

/// <param name="Low">Of the bootstrap interval, 95 %.</param>
public sealed record SliceMetric(double Value, double Low, double High);
