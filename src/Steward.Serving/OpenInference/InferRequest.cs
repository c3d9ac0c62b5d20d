namespace Steward.Serving.OpenInference;

/// <summary>What a client asks: values for the inputs, and which outputs it wants back.</summary>
/// <param name="Id">Echoed when it was given, also when it is empty.</param>
/// <param name="Outputs">Null for all of them.</param>
/// <param name="BinaryAnswer">What an output is sent as when it does not say.</param>
internal sealed record InferRequest(string? Id, List<Tensor> Inputs, List<WantedOutput>? Outputs, bool BinaryAnswer) : IDisposable
{
    public void Dispose() => Inputs.ForEach(input => input.Dispose());
}

internal sealed record WantedOutput(string Name, bool? Binary);
