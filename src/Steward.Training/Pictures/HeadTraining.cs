using Steward.Onnx;

namespace Steward.Training;

/// <summary>Trains a head by Adam in seeded batches. A batch's gradients come from a graph that ONNX Runtime runs; what is left
/// out at random (Srivastava et al., 2014) comes from the seed.</summary>
internal sealed class HeadTraining : IDisposable
{
    private const int Batch = 64;

    // Of the numbers that go in, this many of 256 are left out, so that no head leans on a few of them.
    private const int Blind = 26;

    private readonly Head _head;
    private readonly HeadTune _tune;
    private readonly Random _chance;
    private readonly Engine _engine;
    private readonly (string Name, float[] Values, Adam Adam)[] _parameters;

    internal HeadTraining(Head head, HeadTune tune, int seed)
    {
        (_head, _tune, _chance) = (head, tune, new Random(seed));
        var layers = head.Hidden is null ? [("last", head.Last)] : new[] { ("hidden", head.Hidden), ("last", head.Last) };
        _parameters = [.. layers.SelectMany(layer => new[]
        {
            (layer.Item1 + ".weights", layer.Item2.Weights, new Adam(layer.Item2.Weights, tune.L2)),
            (layer.Item1 + ".biases", layer.Item2.Biases, new Adam(layer.Item2.Biases, 0)),
        })];
        _engine = new(Step(head), threads: 1);
    }

    /// <summary>Walks over all rows for some epochs; after each one <paramref name="epoch"/> gets its number and mean loss, and says whether to go on.</summary>
    /// <param name="rows">Along the axes.</param>
    /// <param name="labels">One per row.</param>
    /// <param name="weights">How much each row counts.</param>
    /// <param name="epoch">Told after each.</param>
    /// <param name="stop">Ends the training.</param>
    internal void Run(float[][] rows, int[] labels, float[] weights, Func<int, double, bool> epoch, CancellationToken stop)
    {
        var order = Enumerable.Range(0, rows.Length).ToArray();
        var (turn, turns) = (0, (rows.Length + Batch - 1) / Batch * _tune.Epochs);
        for (var e = 1; e <= _tune.Epochs; e++)
        {
            _chance.Shuffle(order);
            double loss = 0, total = 0;
            foreach (var batch in order.Chunk(Batch))
            {
                stop.ThrowIfCancellationRequested();
                var rate = _tune.LearningRate * 0.5f * (1 + MathF.Cos(MathF.PI * turn++ / turns));
                loss += Turn(batch, rows, labels, weights, rate, turn);
                total += batch.Sum(i => weights[i]);
            }
            if (!epoch(e, loss / total))
                return;
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>One batch; returns its weighted loss.</summary>
    private double Turn(int[] batch, float[][] rows, int[] labels, float[] weights, float rate, int turn)
    {
        var (count, inputs, kinds) = (batch.Length, rows[0].Length, _head.Last.Outputs);
        var (x, truth, weight, loss) = (new float[count * inputs], new float[count * kinds], new float[count], 0.0);
        var seen = new byte[inputs];
        for (var b = 0; b < count; b++)
        {
            _chance.NextBytes(seen);
            var from = rows[batch[b]];
            var to = x.AsSpan(b * inputs, inputs);
            for (var i = 0; i < inputs; i++)
                to[i] = seen[i] < Blind ? 0 : from[i] * (256f / (256 - Blind));
            truth[(b * kinds) + labels[batch[b]]] = 1;
            weight[b] = weights[batch[b]] / count;
        }

        var values = new Dictionary<string, OnnxValue>
        {
            ["rows"] = OnnxValue.Of<float>(x, count, inputs),
            ["truth"] = OnnxValue.Of<float>(truth, count, kinds),
            ["weight"] = OnnxValue.Of<float>(weight, count, 1),
        };
        if (_head.Hidden is { } hidden)
            values["kept"] = OnnxValue.Of<float>(Kept(count * hidden.Outputs), count, hidden.Outputs);
        foreach (var (name, parameter, _) in _parameters)
            values[name] = name.EndsWith("weights", StringComparison.Ordinal) ? OnnxValue.Of<float>(parameter, parameter.Length / Inputs(name), Inputs(name)) : OnnxValue.Of<float>(parameter, parameter.Length);
        try
        {
            _engine.Run(values, outputs =>
            {
                var p = outputs[0].Data<float>();
                for (var b = 0; b < count; b++)
                    loss -= weights[batch[b]] * Math.Log(Math.Max(p[(b * kinds) + labels[batch[b]]], 1e-12));
                for (var i = 0; i < _parameters.Length; i++)
                    _parameters[i].Adam.Move(outputs[i + 1].Data<float>(), rate, turn);
            });
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
        return loss;

        int Inputs(string name) => name == "hidden.weights" ? inputs : _head.Last.Inputs;
    }

    /// <summary>Hidden units that take part in a batch, scaled up for those that do not.</summary>
    private float[] Kept(int count)
    {
        var (kept, bytes, left) = (new float[count], new byte[count], (int)(256 * _tune.Dropout));
        _chance.NextBytes(bytes);
        for (var i = 0; i < count; i++)
            kept[i] = bytes[i] < left ? 0 : 256f / (256 - left);
        return kept;
    }

    /// <summary>Forward and back: probabilities, then a gradient per parameter in the order hidden weights, hidden biases, last weights, last biases.</summary>
    private static OnnxGraph Step(Head head)
    {
        var graph = new OnnxGraph("step");
        var rows = graph.Input("rows", ElementType.Float, "N", head.Hidden?.Inputs ?? head.Last.Inputs);
        var truth = graph.Input("truth", ElementType.Float, "N", head.Last.Outputs);
        var weight = graph.Input("weight", ElementType.Float, "N", 1);
        var (top, kept, raw) = (rows, "", "");
        if (head.Hidden is { } hidden)
        {
            kept = graph.Input("kept", ElementType.Float, "N", hidden.Outputs);
            raw = graph.Gemm(rows, graph.Input("hidden.weights", ElementType.Float, hidden.Outputs, hidden.Inputs), graph.Input("hidden.biases", ElementType.Float, hidden.Outputs), transposed: true);
            top = graph.Mul(graph.Relu(raw), kept);
        }
        var last = graph.Input("last.weights", ElementType.Float, head.Last.Outputs, head.Last.Inputs);
        var p = graph.Softmax(graph.Gemm(top, last, graph.Input("last.biases", ElementType.Float, head.Last.Outputs), transposed: true));
        graph.Output("probabilities", p, ElementType.Float, "N", head.Last.Outputs);

        var error = graph.Mul(graph.Sub(p, truth), weight);
        if (head.Hidden is { } below)
        {
            var on = graph.Cast(graph.Node("Greater", [raw, graph.Constant(OnnxTensor.Scalar(0f))]), ElementType.Float);
            var down = graph.Mul(graph.Mul(graph.MatMul(error, last), kept), on);
            graph.Output("hidden.weights.gradient", Outer(down, rows), ElementType.Float, below.Outputs, below.Inputs);
            graph.Output("hidden.biases.gradient", Sum(down), ElementType.Float, below.Outputs);
        }
        graph.Output("last.weights.gradient", Outer(error, top), ElementType.Float, head.Last.Outputs, head.Last.Inputs);
        graph.Output("last.biases.gradient", Sum(error), ElementType.Float, head.Last.Outputs);
        return graph;

        string Outer(string a, string b) => graph.Node("Gemm", [a, b], OnnxSetting.Int("transA", 1));
        string Sum(string a) => graph.Node("ReduceSum", [a, graph.Constant(OnnxTensor.Of<long>([0]))], OnnxSetting.Int("keepdims", 0));
    }
}
