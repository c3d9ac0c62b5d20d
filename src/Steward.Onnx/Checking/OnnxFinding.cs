namespace Steward.Onnx;

/// <summary>One reason not to load a model.</summary>
/// <param name="Path">Where inside the model, for instance <c>graph/node[3]/attribute[0]/t/external_data[0]</c>.</param>
/// <param name="Code">Stable word for programs, one of <see cref="OnnxCodes"/>.</param>
/// <param name="Sentence">What is wrong, for people.</param>
public sealed record OnnxFinding(string Path, string Code, string Sentence);

/// <summary>The codes a finding can have.</summary>
public static class OnnxCodes
{
    public const string Malformed = "malformed";
    public const string UnknownField = "unknown-field";
    public const string RepeatedField = "repeated-field";
    public const string TooLarge = "too-large";
    public const string TooDeep = "too-deep";
    public const string TooManyParts = "too-many-parts";
    public const string ExternalData = "external-data";
    public const string CustomDomain = "custom-domain";
    public const string TensorSize = "tensor-size";
    public const string NoGraph = "no-graph";
    public const string LinkedFile = "linked-file";
    public const string RuntimeRefused = "runtime-refused";
}

/// <summary>The model was refused. It holds every reason that was found.</summary>
public sealed class OnnxRefusedException(IReadOnlyList<OnnxFinding> findings, Exception? cause = null)
    : Exception(string.Join(' ', findings.Select(finding => finding.Sentence).Distinct().Take(3)), cause)
{
    public IReadOnlyList<OnnxFinding> Findings { get; } = findings;

    internal static OnnxRefusedException For(string code, string sentence, Exception? cause = null) =>
        new([new("", code, sentence)], cause);
}
