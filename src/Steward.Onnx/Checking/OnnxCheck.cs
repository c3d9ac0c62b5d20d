namespace Steward.Onnx;

/// <summary>
/// Reads a whole model, byte by byte, before any engine sees it. It refuses data outside the file, operators that are not
/// standard, fields nobody knows, and tensors that declare more than they hold. What an operator makes of honest inputs
/// (a Tile or Expand to gigabytes, a Loop without end) cannot be seen here: that is left to process limits and time-outs.
/// </summary>
public static class OnnxCheck
{
    /// <summary>Every reason not to load the model; empty for a sound one. Never throws, whatever the bytes.</summary>
    public static IReadOnlyList<OnnxFinding> Walk(ReadOnlySpan<byte> model, OnnxLimits? limits = null)
    {
        limits ??= new();
        if (model.Length > limits.MaxFileBytes)
            return [new("", OnnxCodes.TooLarge, $"The model has {model.Length} bytes; the limit is {limits.MaxFileBytes}.")];
        var walk = new Checking.OnnxWalk(limits);
        walk.Model(model);
        return walk.Findings;
    }

    /// <summary>The model's signature and metadata, once it passed the walk.</summary>
    /// <exception cref="OnnxRefusedException">The walk found something.</exception>
    public static OnnxDescription Require(ReadOnlySpan<byte> model, OnnxLimits? limits = null)
    {
        var findings = Walk(model, limits);
        if (findings.Count > 0) throw new OnnxRefusedException(findings);
        return Reading.ModelReader.Read(model);
    }
}
