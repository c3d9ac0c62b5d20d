using Microsoft.ML.OnnxRuntime;
using Steward.Onnx;

namespace Steward.Bench;

/// <summary>The least there is: one session, one thread, values over pinned memory made once, nothing parsed, written or kept.</summary>
internal sealed class RawEngine : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs, _outputs;
    private readonly OrtValue[] _from, _to;

    public RawEngine(byte[] model, OrtValue input, params (string Name, long Columns)[] outputs)
    {
        OrtTelemetry.Off();
        using var settings = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new(model, settings);
        _inputs = [_session.InputNames[0]];
        _outputs = [.. outputs.Select(output => output.Name)];
        _from = [input];
        var rows = input.GetTensorTypeAndShape().Shape[0];
        _to = [.. outputs.Select(output => OrtValue.CreateTensorValueFromMemory(GC.AllocateArray<float>((int)(rows * output.Columns), pinned: true), [rows, output.Columns]))];
    }

    public static OrtValue Pinned<T>(T[] values, params long[] shape) where T : unmanaged
    {
        OrtTelemetry.Off();
        var pinned = GC.AllocateArray<T>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        return OrtValue.CreateTensorValueFromMemory(pinned, shape);
    }

    public void Run() => _session.Run(_options, _inputs, _from, _outputs, _to);

    public void Dispose()
    {
        foreach (var value in _from.Concat(_to))
            value.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
