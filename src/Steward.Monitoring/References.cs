using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Steward.Blobs;
using Steward.Models;
using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>Reads a version's <c>reference.json</c> and learns what is usual from it, once per content.</summary>
internal sealed class References(IModels models, IBlobs blobs)
{
    /// <summary>A change of style lies outside the widest axes of a picture classifier: with 16 of 64 it took twice as many answers to see it.</summary>
    private const int Axes = 32;
    private const string File = "reference.json";
    private readonly ConcurrentDictionary<(string, string, int), VersionReference> _known = new();

    public async Task<VersionReference> Of(string project, string model, int version, CancellationToken stop)
    {
        var key = (project, model, version);
        if (_known.TryGetValue(key, out var known))
            return known;
        if (await models.Find(project, new Reference(model, version, null), stop) is not { } found)
            return new("", [], null, $"{model}@{version} is not in the registry.");
        // A version never changes, so this is read once; blobs that cannot be read throw and are tried again.
        var read = found.Artifacts.TryGetValue(File, out var digest)
            ? Read(found.Data, digest, await blobs.Read(digest, stop))
            : new VersionReference(found.Data, [], null, $"{found.Name} has no {File}: train it with Steward, or log the file with the run.");
        return _known.GetOrAdd(key, read);
    }

    /// <summary>What a version's windows are compared with from now on, as it was kept.</summary>
    public async Task<NewNormal> NewNormal(Digest kept, CancellationToken stop)
    {
        var normal = Json.Read<KeptNormal>(System.Text.Encoding.UTF8.GetString(await blobs.Read(kept, stop)));
        return new(new(normal.Drift), normal.Kinds);
    }

    /// <summary>Keeps it; the digest finds it again.</summary>
    public async Task<Digest> Keep(NewNormal normal, CancellationToken stop)
        => (await blobs.Put(System.Text.Encoding.UTF8.GetBytes(Json.Write(new KeptNormal(normal.Drift.Reference, normal.Kinds))), stop)).Digest;

    /// <summary>Learns what is usual from embeddings; the digest seeds it, so that every server learns the same.</summary>
    /// <exception cref="ArgumentException">Too few rows, or all alike.</exception>
    public static EmbeddingDrift Fit(IReadOnlyList<float[]> rows, Digest seed)
        => EmbeddingDrift.Fit(Flat(rows), rows.Count == 0 ? 1 : rows[0].Length, new Random(int.Parse(seed.Hex.AsSpan(0, 7), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), Axes);

    /// <summary>Row after row. The log keeps 16-bit floats: what is compared with it is rounded alike.</summary>
    public static float[] Flat(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row).Select(value => (float)(Half)value)];

    private static VersionReference Read(string data, Digest digest, byte[] json)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ReferenceFile>(json, Json.Options) ?? throw new JsonException();
            IReadOnlyList<double> confidences = file.Confidences ?? [];
            var rows = (file.Embeddings ?? []).Where(row => row.Length == file.Dimensions && row.All(value => Half.IsFinite((Half)value))).ToList();
            var told = Told(data, confidences, file);
            return rows.Count < EmbeddingDrift.FewestReferenceRows
                ? told with { Missing = $"The test split has {rows.Count} rows with an embedding; drift needs {EmbeddingDrift.FewestReferenceRows}." }
                : told with { Drift = Fit(rows, digest), Missing = confidences.Count == 0 ? $"{File} holds no confidences." : null };
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return new(data, [], null, $"{File} cannot be used: {Names.Shorten(error.Message, 200)}");
        }
    }

    private static VersionReference Told(string data, IReadOnlyList<double> confidences, ReferenceFile file)
    {
        List<string> answers = file.Answers ?? [], labels = file.Labels ?? [];
        var known = answers.Count == labels.Count;
        return new(data, confidences, null, null)
        {
            Kinds = answers.CountBy(answer => answer, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            Wrong = known ? answers.Zip(labels).Count(pair => pair.First != pair.Second) : 0,
            Rows = known ? answers.Count : 0,
        };
    }

    private sealed record ReferenceFile(int Dimensions, List<float[]>? Embeddings, List<double>? Confidences, List<string>? Labels, List<string>? Answers);

    private sealed record KeptNormal(EmbeddingReference Drift, IReadOnlyDictionary<string, int> Kinds);
}
