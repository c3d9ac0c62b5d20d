namespace Steward.Onnx;

/// <summary>What the walk lets through. The defaults suit models from anywhere.</summary>
public sealed record OnnxLimits
{
    /// <summary>Bytes of the whole file. 1 GiB; protobuf itself ends at 2 GiB.</summary>
    public int MaxFileBytes { get; init; } = 1 << 30;

    /// <summary>Messages within messages. One sub-graph takes three; protobuf's own readers stop at 100.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Messages in the whole file (nodes, attributes, tensors, dimensions). Real models stay under a million.</summary>
    public int MaxParts { get; init; } = 4_000_000;

    /// <summary>Bytes one tensor may take once it is unfolded; a sparse tensor of ten bytes can declare terabytes. 1 GiB.</summary>
    public long MaxTensorBytes { get; init; } = 1L << 30;

    /// <summary>Lets ONNX Runtime's own operators (<c>com.microsoft</c>) through: quantised and fused models use them.</summary>
    public bool AllowMicrosoftOperators { get; init; }

    internal bool Allows(string domain) =>
        domain is "" or "ai.onnx" or "ai.onnx.ml" || (AllowMicrosoftOperators && domain == "com.microsoft");
}
