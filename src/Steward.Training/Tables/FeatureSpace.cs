using Steward.Onnx;

namespace Steward.Training;

/// <summary>Runs the graph of features over rows.</summary>
internal sealed class FeatureSpace : IDisposable
{
    private static readonly string[] DateParts = ["days", "year", "day_of_year", "day"];

    private const int Chunk = 4096;

    private readonly Engine _engine;

    public FeatureSpace(IReadOnlyList<Feature> features)
    {
        Features = features;
        var graph = new OnnxGraph("features");
        var all = FeatureGraph.Write(graph, features);
        graph.Output("features", all, ElementType.Float, "N", "D");
        _engine = new(graph, threads: 0);
        Names = [.. features.SelectMany(NamesOf)];
    }

    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Of the columns of the matrix: <c>city=Oslo</c>, <c>ordered.weekday=0</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Each feature with the first of its columns.</summary>
    public IEnumerable<(Feature Feature, int First)> Placed
    {
        get
        {
            var first = 0;
            foreach (var feature in Features)
            {
                yield return (feature, first);
                first += NamesOf(feature).Count();
            }
        }
    }

    public Matrix Of(Rows rows, CancellationToken stop)
    {
        var matrix = new Matrix(new float[(long)rows.Count * Names.Count], Names.Count);
        for (var from = 0; from < rows.Count; from += Chunk)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(Chunk, rows.Count - from);
            var inputs = TableInputs.Of(Features.Select(feature => (rows.Get(feature.Name, "train.features"), TableInputs.TypeOf(feature.Kind))), from, count);
            try
            {
                _engine.Run(inputs, outputs => outputs[0].Data<float>().CopyTo(matrix.Values.AsSpan(from * Names.Count)));
            }
            finally
            {
                foreach (var input in inputs.Values)
                    input.Dispose();
            }
        }
        return matrix;
    }

    public void Dispose() => _engine.Dispose();

    private static IEnumerable<string> NamesOf(Feature feature)
    {
        IEnumerable<string> own = feature switch
        {
            OneHotFeature words => [.. words.Words.Select(word => $"{feature.Name}={Steward.Names.Shorten(word, 40)}"), $"{feature.Name}=(other)", $"{feature.Name}=(none)"],
            HashFeature hash => [.. Enumerable.Range(0, hash.Buckets).Select(bucket => $"{feature.Name}#{bucket}"), $"{feature.Name}=(other)", $"{feature.Name}=(none)"],
            MeansFeature { Overall.Length: 1 } => [$"{feature.Name}.mean"],
            MeansFeature means => Enumerable.Range(0, means.Overall.Length).Select(k => $"{feature.Name}.mean{k}"),
            DateFeature date => [.. DateParts.Select(part => $"{feature.Name}.{part}"), .. Enumerable.Range(0, 7).Select(day => $"{feature.Name}.weekday={day}"),
                .. Enumerable.Range(1, 12).Select(month => $"{feature.Name}.month={month}"), .. Enumerable.Range(0, date.Hours ? 24 : 0).Select(hour => $"{feature.Name}.hour={hour}")],
            _ => [feature.Name],
        };
        return feature.MayLack && feature is not (OneHotFeature or HashFeature) ? own.Append($"{feature.Name}=(none)") : own;
    }
}

/// <summary>Columns as a model takes them: DOUBLE with NaN, INT64 microseconds, or texts with "" where nothing is known.</summary>
internal static class TableInputs
{
    public static ElementType TypeOf(ColumnKind kind) => kind switch { ColumnKind.Number => ElementType.Double, ColumnKind.Time => ElementType.Int64, _ => ElementType.String };

    /// <summary>Anything can be taken as a text; numbers and times only as what they are.</summary>
    /// <exception cref="ProblemException"><c>column_unfit</c>.</exception>
    public static Dictionary<string, OnnxValue> Of(IEnumerable<(Column Column, ElementType Type)> columns, int from, int count)
        => columns.ToDictionary(one => one.Column.Name, one => (one.Column, one.Type) switch
        {
            (NumberColumn number, ElementType.Double) => OnnxValue.Of(number.Values.AsMemory(from, count), count),
            (TimeColumn time, ElementType.Int64) => OnnxValue.Of(time.Micros.AsMemory(from, count), count),
            (_, ElementType.String) => OnnxValue.OfTexts([.. Enumerable.Range(from, count).Select(one.Column.Say)], count),
            _ => throw ProblemException.Invalid("column_unfit", $"The column '{Names.Shorten(one.Column.Name)}' holds {one.Column.Kind.ToString().ToLowerInvariant()}s, and the model wants {one.Type}.", "Bring the kind of values that the model learned from."),
        });
}
