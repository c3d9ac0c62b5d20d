using System.Text;
using Steward.Onnx;

namespace Steward.Training;

/// <summary>How a model's outputs become columns of a file.</summary>
internal sealed class BatchAnswer
{
    private readonly string[] _outputs;
    private readonly string _task;

    private BatchAnswer(string task, string[] outputs, params string[] columns) => (_task, _outputs, Columns) = (task, outputs, columns);

    /// <summary>Names of the columns that come behind those of the file.</summary>
    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>The columns and the one that names the model, with DuckDB's words for what they hold.</summary>
    public IReadOnlyList<(string Name, string Type)> Types => [.. Columns.Append("model").Select(name => (name, name is "prediction" ? "DOUBLE" : name is "confidence" ? "FLOAT" : "VARCHAR"))];

    /// <exception cref="ProblemException"><c>model_unfit</c>.</exception>
    public static BatchAnswer Of(OnnxDescription model) => model.Metadata.GetValueOrDefault("task") switch
    {
        TrainSection.Regression => new(TrainSection.Regression, ["prediction"], "prediction"),
        TrainSection.Classification => new(TrainSection.Classification, ["label", "probabilities"], "label", "confidence"),
        TrainSection.Recommendation => new(TrainSection.Recommendation, ["items", "scores"], "items", "scores"),
        var task => throw ProblemException.Invalid("model_unfit", $"A file is scored row by row, which a model of {task ?? "this kind"} cannot do.", task == TrainSection.Forecasting ? "forecast.csv among the files of its run tells what comes next." : "Ask it at its endpoint."),
    };

    /// <summary>Writes the answers of some rows, without those of bad ones, behind the rows as they came.</summary>
    public void Write(BatchChunk chunk, IReadOnlyList<OnnxValue> values, ReadOnlySpan<byte> model, BatchOutput to)
    {
        var texts = _task == TrainSection.Regression ? null : values[0].Texts();
        var numbers = _task == TrainSection.Regression ? values[0].Data<double>() : default;
        var shares = _task == TrainSection.Classification ? values[1].Data<float>() : default;
        var width = _task == TrainSection.Regression ? 1 : texts!.Length / chunk.Rows;
        var kinds = shares.Length / chunk.Rows;
        for (var row = 0; row < chunk.Rows; row++)
        {
            to.Add(chunk.Row(row));
            if (chunk.Bad.ContainsKey(row))
                to.Commas(Columns.Count);
            else if (_task == TrainSection.Regression)
                to.Add(numbers[row]);
            else if (_task == TrainSection.Classification)
            {
                to.Add(texts![row]);
                to.Add(Most(shares.Slice(row * kinds, kinds)));
            }
            else
                List(texts.AsSpan(row * width, width), values[1].Data<float>().Slice(row * width, width), to);
            to.Comma();
            to.Add(model);
            to.Line();
        }
    }

    /// <summary>What must not be given again stands at the end of a list, where there are not enough other items, and is left out.</summary>
    private static void List(ReadOnlySpan<string> items, ReadOnlySpan<float> scores, BatchOutput to)
    {
        var given = items.Length;
        while (given > 0 && scores[given - 1] <= Recommender.Never)
            given--;
        to.Add(Json.Write(items[..given].ToArray()));
        to.Add(Json.Write(scores[..given].ToArray()));
    }

    private static float Most(ReadOnlySpan<float> shares) => System.Numerics.Tensors.TensorPrimitives.Max(shares);
}

/// <summary>Bytes of a CSV file on their way to the disk.</summary>
internal sealed class BatchOutput
{
    private byte[] _bytes = new byte[512 << 10];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Add(double value) => Number(value.TryFormat(After(), out var used, "R", System.Globalization.CultureInfo.InvariantCulture), used);

    public void Add(float value) => Number(value.TryFormat(After(), out var used, "R", System.Globalization.CultureInfo.InvariantCulture), used);

    public void Add(string text)
    {
        Comma();
        Add(Encoding.UTF8.GetBytes(Csv.Field(text)));
    }

    public void Comma() => Commas(1);

    public void Commas(int count)
    {
        Room(count);
        _bytes.AsSpan(Length, count).Fill((byte)',');
        Length += count;
    }

    public void Line() => Add("\n"u8);

    private Span<byte> After()
    {
        Comma();
        return Room(40).Span;
    }

    private void Number(bool fits, int used) => Length += fits ? used : throw new InvalidOperationException("A number has more than 40 characters.");

    private Memory<byte> Room(int needed)
    {
        while (Length + needed > _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        return _bytes.AsMemory(Length);
    }
}
