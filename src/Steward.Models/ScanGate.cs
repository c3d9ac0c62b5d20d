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
        return new("scan", "nothing hidden in the model file (ONNX scan)", clean, Say.Count(findings.Count, "finding"), "0 findings",
            clean ? "Nothing in the file reaches outside of it or lies about its size." : findings[0].Sentence,
            clean ? null : "Export the model to plain ONNX, in one file, with standard operators.");
    }
}
