namespace Steward.Models;

/// <summary>
/// A version outside of its server: a folder with <c>model.onnx</c>, <c>model.json</c> (this record) and, when the model has one,
/// <c>card.json</c> beside it. An image carries it, and <c>steward serve</c> answers with it.
/// </summary>
/// <param name="Onnx">What the model's bytes must be.</param>
/// <param name="Endpoint">The name under which it answers.</param>
/// <param name="Labels">Names of the classes, in the order of its probabilities; null when the model's own file says them.</param>
public sealed record ModelFolder(string Project, string Model, int Version, Digest Onnx, string Endpoint, IReadOnlyList<string>? Labels)
{
    public const string OnnxFile = "model.onnx", AboutFile = "model.json";

    /// <summary>The form of this file.</summary>
    public int Form { get; init; } = 1;
}
