using Steward.Onnx;

namespace Steward.Serving;

/// <summary>What one row of a classifier's answer says.</summary>
/// <param name="Second">Index of the runner-up, -1 when there is one class only.</param>
internal readonly record struct Guess(int Label, float Confidence, int Second, float Margin, bool IsFinite);

/// <summary>The entry <c>coverage</c> of a model's file.</summary>
/// <param name="Level">How often a set holds the truth: 0.9.</param>
internal sealed record CoverageEntry(double Level, float[]? Least)
{
    /// <summary>Null when it says nothing that can be used.</summary>
    public static CoverageEntry? Of(string? entry)
    {
        try
        {
            return entry is not null && Json.Read<CoverageEntry>(entry) is { Level: > 0 and < 1, Least: not null } read ? read : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// Finds label and confidence in a model's outputs: <c>probabilities</c> float[N,K] (else the only float[N,K] output),
/// and <c>embedding</c> float[N,D] when there is one.
/// </summary>
internal sealed record Classifier(string Probabilities, string? Embedding, IReadOnlyList<string>? Labels)
{
    /// <summary>How probable each class must be to belong to the answer's set; null when the model does not say.</summary>
    public CoverageEntry? Coverage { get; init; }

    /// <summary>The classes that hold the truth as often as the model says, the most probable first; null when it says nothing.</summary>
    public IReadOnlyList<string>? Among(ReadOnlySpan<float> row)
        => Coverage is { Least: { } least } && least.Length == row.Length ? [.. Statistics.Conformal.Among(row, least).Select(Label)] : null;

    /// <param name="task">What the model says it does; null when it does not say.</param>
    public static Classifier? Of(Signature signature, IReadOnlyList<string>? labels, string? task = null)
    {
        // A recommender's scores and a forecast's steps are tables of numbers, too.
        if (task is not null && !task.EndsWith("classification", StringComparison.Ordinal))
            return null;
        var tables = signature.Outputs.Where(output => output.Type == ElementType.Float && output.Shape is { Count: 2 }).ToList();
        var probabilities = tables.Find(output => output.Name == "probabilities") ?? (tables.Count == 1 ? tables[0] : null);
        if (probabilities is null)
            return null;
        var embedding = tables.Find(output => output.Name == "embedding" && output != probabilities);
        return new(probabilities.Name, embedding?.Name, labels);
    }

    /// <summary>The class's name, or its number when nobody named it.</summary>
    public string Label(int index) => Labels is not null && index < Labels.Count ? Labels[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static Guess Read(ReadOnlySpan<float> row)
    {
        var (best, second, finite) = (0, -1, true);
        for (var i = 0; i < row.Length; i++)
        {
            finite &= float.IsFinite(row[i]);
            if (i == 0)
                continue;
            if (row[i] > row[best])
                (best, second) = (i, best);
            else if (second < 0 || row[i] > row[second])
                second = i;
        }

        return row.IsEmpty ? new(-1, float.NaN, -1, 0, false) : new(best, row[best], second, row[best] - (second < 0 ? 0 : row[second]), finite);
    }
}
