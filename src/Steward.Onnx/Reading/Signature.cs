namespace Steward.Onnx;

/// <summary>What a model takes and gives, in the model's own order.</summary>
public sealed record Signature(IReadOnlyList<SignatureValue> Inputs, IReadOnlyList<SignatureValue> Outputs)
{
    public SignatureValue? Input(string name) => Inputs.FirstOrDefault(value => value.Name == name);

    public SignatureValue? Output(string name) => Outputs.FirstOrDefault(value => value.Name == name);
}

/// <summary>One input or output.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Element type of a tensor; <see cref="ElementType.Undefined"/> for anything else.</param>
/// <param name="Shape">Dimensions of a tensor; null when the model leaves even their number open.</param>
/// <param name="Kind"><c>tensor</c>, <c>sequence</c>, <c>map</c>, <c>sparse</c>, <c>optional</c>, <c>opaque</c> or <c>unknown</c>.</param>
public sealed record SignatureValue(string Name, ElementType Type, IReadOnlyList<Dim>? Shape, string Kind = "tensor")
{
    public override string ToString() => $"{Name}: {(Kind == "tensor" ? Type : Kind)}[{(Shape is null ? "..." : string.Join(',', Shape))}]";
}

/// <summary>What a file says about itself, read without any engine.</summary>
/// <param name="Signature">Inputs (without those that have a constant as default) and outputs.</param>
/// <param name="Producer">The tool that wrote it.</param>
/// <param name="IrVersion">Version of the file format.</param>
/// <param name="Opsets">Version of each operator set by domain; the standard one is "".</param>
/// <param name="Metadata">Free entries; of two with one key the last counts.</param>
public sealed record OnnxDescription(
    Signature Signature, string Producer, long IrVersion, IReadOnlyDictionary<string, long> Opsets, IReadOnlyDictionary<string, string> Metadata);
