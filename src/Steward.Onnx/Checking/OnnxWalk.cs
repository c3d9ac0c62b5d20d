using System.Globalization;
using System.Text;
using Steward.Onnx.Wire;

namespace Steward.Onnx.Checking;

/// <summary>Goes down every message by the table in <see cref="Parts"/> and notes what must not be loaded.</summary>
internal sealed class OnnxWalk(OnnxLimits limits)
{
    // A hostile file must not fill the memory with complaints about itself.
    private const int MaxFindings = 50;

    private readonly (string Name, int Index)[] _path = new (string, int)[limits.MaxDepth + 1];
    private readonly List<OnnxFinding> _findings = [];
    private bool _stopped;
    private int _depth;
    private int _parts;

    public IReadOnlyList<OnnxFinding> Findings => _findings;

    public void Model(ReadOnlySpan<byte> bytes)
    {
        var graphs = Message(Part.Model, bytes);
        if (graphs == 0 && _findings.Count == 0) Note(OnnxCodes.NoGraph, "The file has no graph, so it is not a model.");
    }

    /// <returns>How often field 7 was seen, which is the model's graph.</returns>
    private int Message(Part part, ReadOnlySpan<byte> bytes)
    {
        if (++_parts > limits.MaxParts) Stop(OnnxCodes.TooManyParts, $"The model has more than {limits.MaxParts} parts.");
        Span<int> seen = stackalloc int[Parts.Fields];
        var book = new TensorBook { Sparse = part == Part.SparseTensor };
        var reader = new ProtoReader(bytes);
        while (!_stopped && reader.Next())
        {
            var field = Parts.Find(part, reader.Field);
            if (field is null)
            {
                Note(OnnxCodes.UnknownField, $"Field {reader.Field} of a {part} is not part of the ONNX format we know.");
                continue;
            }
            // Readers merge a message that comes twice; we would see two halves that are each harmless.
            if (seen[reader.Field]++ > 0 && !field.MayRepeat)
                Note(OnnxCodes.RepeatedField, $"A {part} has its {field.Name} more than once.");
            Enter(field.Name, field.MayRepeat ? seen[reader.Field] - 1 : -1, reader, part, field, ref book);
        }
        if (reader.Fault is { } fault) Stop(OnnxCodes.Malformed, $"The file is damaged: {fault}.");
        if (part is Part.Tensor or Part.SparseTensor && !_stopped && book.Fault(limits.MaxTensorBytes) is { } wrong && seen[TensorField.ExternalData] == 0)
            Note(OnnxCodes.TensorSize, wrong);
        return seen[ModelField.Graph];
    }

    private void Enter(string name, int index, ProtoReader reader, Part part, Field field, ref TensorBook book)
    {
        if (_depth >= limits.MaxDepth)
        {
            Stop(OnnxCodes.TooDeep, $"The model nests more than {limits.MaxDepth} levels deep.");
            return;
        }
        _path[_depth++] = (name, index);
        if (field.Child != Part.None)
        {
            if (reader.Type == WireType.Bytes)
            {
                Judge(part, field, reader, ref book, 0);
                Message(field.Child, reader.Bytes);
            }
            else WrongLayout();
        }
        else if (Counted(field.Holds, reader, part, ref book) is { } count) Judge(part, field, reader, ref book, count);
        else if (!_stopped) WrongLayout();
        _depth--;
    }

    /// <summary>How many values the field holds, or null when its layout does not fit.</summary>
    private static long? Counted(Holds holds, ProtoReader reader, Part part, ref TensorBook book) => (holds, reader.Type) switch
    {
        (Holds.Text or Holds.Texts, WireType.Bytes) => 1,
        (Holds.Int or Holds.Ints, WireType.Varint) => Dim(reader.Number, reader.Field, part, ref book),
        (Holds.Float or Holds.Floats, WireType.Fixed32) => 1,
        (Holds.Doubles, WireType.Fixed64) => 1,
        (Holds.Floats, WireType.Bytes) when reader.Bytes.Length % 4 == 0 => reader.Bytes.Length / 4,
        (Holds.Doubles, WireType.Bytes) when reader.Bytes.Length % 8 == 0 => reader.Bytes.Length / 8,
        (Holds.Ints, WireType.Bytes) => Packed(reader, part, ref book),
        _ => null,
    };

    private static long? Packed(ProtoReader field, Part part, ref TensorBook book)
    {
        var values = new ProtoReader(field.Bytes);
        var count = 0L;
        while (!values.AtEnd)
        {
            if (!values.Varint(out var value)) return null;
            count += Dim(value, field.Field, part, ref book);
        }
        return count;
    }

    private static int Dim(ulong value, int field, Part part, ref TensorBook book)
    {
        if ((part, field) is (Part.Tensor, TensorField.Dims) or (Part.SparseTensor, 3)) book.Dim((long)value);
        return 1;
    }

    private void Judge(Part part, Field field, in ProtoReader value, ref TensorBook book, long count)
    {
        switch (part, field.Name)
        {
            case (Part.Tensor, "external_data"):
                Note(OnnxCodes.ExternalData, "A tensor keeps its values in another file; export the model as one file.");
                break;
            case (Part.Tensor, "data_location"):
                // Any value but 0: readers cut the number to 32 bits, so 2^32 + 1 would be EXTERNAL too.
                if (value.Number != 0) Note(OnnxCodes.ExternalData, "A tensor says its values are in another file; export the model as one file.");
                break;
            case (Part.Tensor, "data_type"): book.Type((long)value.Number); break;
            case (Part.Tensor, "raw_data"): book.Raw(value.Bytes.Length); break;
            case (Part.Tensor, "string_data"): book.Text(); break;
            case (Part.Tensor, "float_data" or "int32_data" or "int64_data" or "double_data" or "uint64_data"):
                book.Numbers(value.Field, count);
                break;
            case (Part.Node, "op_type"):
                // ONNX Runtime's compiled-graph node names a file in an ordinary attribute.
                if (value.Bytes.SequenceEqual("EPContext"u8)) Note(OnnxCodes.ExternalData, "An EPContext node takes its graph from another file.");
                break;
            case (Part.Node or Part.OperatorSet or Part.Function, "domain"):
                var domain = Shown(value.Bytes);
                if (!limits.Allows(domain)) Note(OnnxCodes.CustomDomain, $"The operators of '{domain}' are not standard ones.");
                break;
            default: break;
        }
    }

    private void WrongLayout() => Stop(OnnxCodes.Malformed, "The file is damaged: a field has a layout that does not fit it.");

    private void Stop(string code, string sentence)
    {
        if (!_stopped) Note(code, sentence);
        _stopped = true;
    }

    private void Note(string code, string sentence)
    {
        _findings.Add(new(Where(), code, sentence));
        if (_findings.Count >= MaxFindings) _stopped = true;
    }

    private string Where()
    {
        var steps = _path.Take(_depth).Select(step => step.Index < 0 ? step.Name
            : string.Create(CultureInfo.InvariantCulture, $"{step.Name}[{step.Index}]"));
        return string.Join('/', steps);
    }

    // A name from a hostile file goes into sentences and logs: short, and without control characters.
    private static string Shown(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 80)]);
        return new([.. text.Select(letter => char.IsControl(letter) ? '?' : letter)]);
    }
}
