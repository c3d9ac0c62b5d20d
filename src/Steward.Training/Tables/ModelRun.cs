using Steward.Onnx;

namespace Steward.Training;

/// <summary>Runs a finished model over rows of a table, a piece at a time: what it says is what callers will hear.</summary>
internal sealed class ModelRun : IDisposable
{
    private const int Chunk = 2048;

    private readonly OnnxSession _session;

    public ModelRun(byte[] onnx, int threads = 1)
    {
        using var file = OnnxFile.Keep(onnx);
        _session = OnnxSession.Open(file, new() { Threads = threads });
    }

    public Signature Signature => _session.Signature;

    /// <param name="rows">With a column for every input.</param>
    /// <param name="outputs">Names wanted.</param>
    /// <param name="use">Gets each piece: the first of its rows, how many, and the outputs, which it must not keep.</param>
    /// <param name="stop">Ends it.</param>
    public void Over(Rows rows, IReadOnlyList<string> outputs, Action<int, int, IReadOnlyList<OnnxValue>> use, CancellationToken stop)
    {
        var columns = _session.Signature.Inputs.Select(input => (rows.Get(input.Name, "the model"), input.Type)).ToList();
        for (var from = 0; from < rows.Count; from += Chunk)
        {
            var count = Math.Min(Chunk, rows.Count - from);
            Once(TableInputs.Of(columns, from, count), outputs, values => use(from, count, values), stop);
        }
    }

    /// <summary>One number per row.</summary>
    public double[] Numbers(Rows rows, string output, CancellationToken stop)
    {
        var all = new double[rows.Count];
        Over(rows, [output], (from, _, values) => values[0].Data<double>().CopyTo(all.AsSpan(from)), stop);
        return all;
    }

    /// <summary>A row of numbers per row.</summary>
    public Matrix Table(Rows rows, string output, CancellationToken stop)
    {
        Matrix? all = null;
        Over(rows, [output], (from, count, values) =>
        {
            var width = (int)values[0].Shape[1];
            all ??= new(new float[(long)rows.Count * width], width);
            values[0].Data<float>().CopyTo(all.Values.AsSpan(from * width));
        }, stop);
        return all ?? new([], 1);
    }

    /// <summary>One call of the model, for inputs that are no columns.</summary>
    public void Once(IReadOnlyDictionary<string, OnnxValue> inputs, IReadOnlyList<string> outputs, Action<IReadOnlyList<OnnxValue>> use, CancellationToken stop)
    {
        IReadOnlyList<OnnxValue> results = [];
        try
        {
            results = _session.Run(inputs, outputs, stop: stop);
            use(results);
        }
        finally
        {
            foreach (var value in inputs.Values.Concat(results))
                value.Dispose();
        }
    }

    public void Dispose() => _session.Dispose();
}
