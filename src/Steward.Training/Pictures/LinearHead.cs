namespace Steward.Training;

/// <summary>Multinomial logistic regression on standardised features, trained by Adam (Kingma and Ba, 2015) in seeded batches.</summary>
internal sealed class LinearHead
{
    private const int Batch = 32;
    private readonly int _length;
    private readonly float[] _centre, _scale;
    private readonly float[][] _weights;
    private readonly float[] _biases;

    /// <param name="rows">Training features, from which each feature's mean and spread are taken.</param>
    /// <param name="kinds">Number of labels.</param>
    internal LinearHead(float[][] rows, int kinds)
    {
        _length = rows[0].Length;
        (_centre, _scale) = (new float[_length], new float[_length]);
        foreach (var row in rows)
            Lanes.AddScaled(_centre, row, 1f / rows.Length);
        foreach (var row in rows)
            for (var i = 0; i < _length; i++)
                _scale[i] += (row[i] - _centre[i]) * (row[i] - _centre[i]) / rows.Length;
        for (var i = 0; i < _length; i++)
            _scale[i] = 1 / MathF.Sqrt(_scale[i] + 1e-6f);
        _weights = [.. Enumerable.Range(0, kinds).Select(_ => new float[_length])];
        _biases = new float[kinds];
    }

    private LinearHead(LinearHead like)
    {
        (_length, _centre, _scale) = (like._length, like._centre, like._scale);
        _weights = [.. like._weights.Select(_ => new float[_length])];
        _biases = new float[like._biases.Length];
    }

    /// <summary>An untrained head with the same standardisation.</summary>
    internal LinearHead Fresh() => new(this);

    /// <summary>Divides the logits; set after training so that confidence means what it says.</summary>
    internal float Temperature { get; set; } = 1;

    internal float[] Standardised(float[] row)
    {
        var to = new float[_length];
        for (var i = 0; i < _length; i++)
            to[i] = (row[i] - _centre[i]) * _scale[i];
        return to;
    }

    /// <summary>Weights [length, kinds] and biases [kinds] for raw features, standardisation and temperature folded in.</summary>
    internal (float[] Weights, float[] Biases) Folded()
    {
        var kinds = _biases.Length;
        var (weights, biases) = (new float[_length * kinds], new float[kinds]);
        for (var k = 0; k < kinds; k++)
        {
            double bias = _biases[k];
            for (var i = 0; i < _length; i++)
            {
                var weight = _weights[k][i] * _scale[i];
                bias -= weight * _centre[i];
                weights[(i * kinds) + k] = weight / Temperature;
            }
            biases[k] = (float)(bias / Temperature);
        }
        return (weights, biases);
    }

    /// <summary>A random projection of standardised features, folded for raw ones: matrix [length, wide] and offset [wide]. Distances
    /// between pictures are nearly kept (Johnson and Lindenstrauss), which is what drift is measured on.</summary>
    internal (float[] Matrix, float[] Offset) Projection(int wide, Random chance)
    {
        var (matrix, offset) = (new float[_length * wide], new float[wide]);
        var size = 1 / MathF.Sqrt(_length);
        for (var i = 0; i < _length; i++)
            for (var d = 0; d < wide; d++)
            {
                var weight = matrix[(i * wide) + d] = (chance.Next(2) == 0 ? size : -size) * _scale[i];
                offset[d] -= weight * _centre[i];
            }
        return (matrix, offset);
    }

    /// <summary>Probabilities of a standardised row.</summary>
    internal float[] Probabilities(float[] standardised)
    {
        var p = new float[_biases.Length];
        for (var k = 0; k < p.Length; k++)
            p[k] = (Lanes.Dot(_weights[k], standardised) + _biases[k]) / Temperature;
        var max = p.Max();
        float sum = 0;
        for (var k = 0; k < p.Length; k++)
            sum += p[k] = MathF.Exp(p[k] - max);
        for (var k = 0; k < p.Length; k++)
            p[k] /= sum;
        return p;
    }

    /// <summary>Walks over all standardised rows for some epochs; after each one <paramref name="epoch"/> gets its number and mean loss.</summary>
    internal void Train(float[][] rows, int[] labels, float[] weights, HeadTune tune, Random chance, Action<int, double> epoch, CancellationToken stop)
    {
        var kinds = _biases.Length;
        var gradients = Enumerable.Range(0, kinds).Select(_ => new float[_length + 1]).ToArray();
        var adams = Enumerable.Range(0, kinds).Select(_ => new Adam(_length + 1)).ToArray();
        var order = Enumerable.Range(0, rows.Length).ToArray();
        var turns = 0;
        for (var e = 1; e <= tune.Epochs; e++)
        {
            chance.Shuffle(order);
            var rate = tune.LearningRate * 0.5f * (1 + MathF.Cos(MathF.PI * (e - 1) / tune.Epochs));
            double loss = 0, total = 0;
            foreach (var batch in order.Chunk(Batch))
            {
                stop.ThrowIfCancellationRequested();
                foreach (var gradient in gradients)
                    Array.Clear(gradient);
                foreach (var i in batch)
                {
                    var p = Probabilities(rows[i]);
                    loss -= weights[i] * Math.Log(Math.Max(p[labels[i]], 1e-12));
                    total += weights[i];
                    for (var k = 0; k < kinds; k++)
                    {
                        var error = (p[k] - (k == labels[i] ? 1 : 0)) * weights[i] / batch.Length;
                        Lanes.AddScaled(gradients[k].AsSpan(0, _length), rows[i], error);
                        gradients[k][_length] += error;
                    }
                }
                turns++;
                for (var k = 0; k < kinds; k++)
                    adams[k].Move(_weights[k], ref _biases[k], gradients[k], rate, tune.L2, turns);
            }
            epoch(e, loss / total);
        }
    }
}
