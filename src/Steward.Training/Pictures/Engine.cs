using Steward.Onnx;

namespace Steward.Training;

/// <summary>Arithmetic by ONNX Runtime: a small graph that is run again and again.</summary>
internal sealed class Engine : IDisposable
{
    private readonly OnnxSession _session;

    /// <param name="graph">With inputs and outputs.</param>
    /// <param name="threads">Inside one operator; 0 takes all cores.</param>
    internal Engine(OnnxGraph graph, int threads)
    {
        using var file = OnnxFile.Keep(graph.ToModel());
        _session = OnnxSession.Open(file, new() { Threads = threads });
    }

    /// <summary>Runs the graph; <paramref name="use"/> sees the outputs in their declared order and must not keep them.</summary>
    internal void Run(IReadOnlyDictionary<string, OnnxValue> inputs, Action<IReadOnlyList<OnnxValue>> use)
    {
        var outputs = _session.Run(inputs);
        try
        {
            use(outputs);
        }
        finally
        {
            foreach (var output in outputs)
                output.Dispose();
        }
    }

    public void Dispose() => _session.Dispose();
}
