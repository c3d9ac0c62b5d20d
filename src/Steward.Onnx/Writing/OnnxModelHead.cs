namespace Steward.Onnx;

/// <summary>What a model says about itself. The defaults load in every ONNX Runtime since 1.13.</summary>
public sealed record OnnxModelHead
{
    public string Producer { get; init; } = "steward";

    public string ProducerVersion { get; init; } = "";

    public string Doc { get; init; } = "";

    /// <summary>Version of the standard operator set. 17 still has ReduceMean's axes as an attribute.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Version of <c>ai.onnx.ml</c> (trees, scalers), declared only when a node uses it.</summary>
    public int MlOpset { get; init; } = 3;

    /// <summary>Free entries, for instance <c>labels</c>; written in ordinal order of their keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
