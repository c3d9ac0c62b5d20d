using System.Text.Json;
using Steward.Blobs;

namespace Steward.Models;

/// <summary>What a version answered to the items of its test split, row by row, as its <c>reference.json</c> tells.</summary>
/// <param name="Keys">Which item each row is about; null when the file does not tell, or names one twice.</param>
public sealed record TestAnswers(IReadOnlyList<string>? Keys, IReadOnlyList<string> Labels, IReadOnlyList<string> Answers)
{
    private const string File = "reference.json";

    /// <summary>Null when there is no such file, or it tells no answers: other trainers need not leave one.</summary>
    public static async Task<TestAnswers?> Of(IReadOnlyDictionary<string, Digest> artifacts, IBlobs blobs, CancellationToken stop)
    {
        if (!artifacts.TryGetValue(File, out var digest))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<Rows>(await blobs.Read(digest, stop), Json.Options);
            if (file is not { Labels: { Count: > 0 } labels, Answers: { } answers } || answers.Count != labels.Count || labels.Contains(null!) || answers.Contains(null!))
                return null;
            var keys = file.Keys is { } named && named.Count == labels.Count && !named.Contains(null!) && named.Distinct(StringComparer.Ordinal).Count() == named.Count ? named : null;
            return new(keys, labels, answers);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or ProblemException { Kind: ProblemKind.NotFound })
        {
            // Foreign, damaged or gone: the comparison does without, and says so.
            return null;
        }
    }

    private sealed record Rows(List<string>? Keys, List<string>? Labels, List<string>? Answers);
}
