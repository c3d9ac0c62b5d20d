using Steward.Blobs;
using Steward.Onnx;

namespace Steward.Models;

/// <summary>Walks the model file byte by byte: data outside the file, foreign operators, tensors that lie about their size.</summary>
internal sealed class ScanGate(IBlobs blobs) : IGate
{
    public string Name => "scan";

    public async Task<GateResult> Check(ModelVersion version, GateSpec config, CancellationToken stop)
    {
        var findings = OnnxCheck.Walk(await blobs.Read(version.Onnx, stop));
        var clean = findings.Count == 0;
        return new("scan", "scan of the ONNX file clean", clean, findings.Count == 1 ? "1 finding" : $"{findings.Count} findings", "0 findings",
            clean ? "Nothing in the file reaches outside of it or lies about its size." : findings[0].Sentence,
            clean ? null : "Export the model to plain ONNX, in one file, with standard operators.");
    }
}
