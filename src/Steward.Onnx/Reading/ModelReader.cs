using System.Text;
using Steward.Onnx.Wire;

namespace Steward.Onnx.Reading;

/// <summary>Picks the description out of a model that passed the walk; only such bytes may come here.</summary>
internal static class ModelReader
{
    public static OnnxDescription Read(ReadOnlySpan<byte> model)
    {
        var (signature, producer, ir) = (new Signature([], []), "", 0L);
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ProtoReader(model);
        while (reader.Next())
            switch (reader.Field)
            {
                case ModelField.IrVersion: ir = (long)reader.Number; break;
                case ModelField.ProducerName: producer = Text(reader.Bytes); break;
                case ModelField.Graph: signature = Graph(reader.Bytes); break;
                case ModelField.OpsetImport:
                    opsets[First(reader.Bytes, EntryField.Domain)] = Number(reader.Bytes, EntryField.Version);
                    break;
                case ModelField.MetadataProps:
                    metadata[First(reader.Bytes, EntryField.Key)] = First(reader.Bytes, EntryField.Value);
                    break;
                default: break;
            }
        return new(signature, producer, ir, opsets, metadata);
    }

    private static Signature Graph(ReadOnlySpan<byte> graph)
    {
        var inputs = new List<SignatureValue>();
        var outputs = new List<SignatureValue>();
        // Before IR version 4 every constant was listed among the inputs too.
        var constants = new HashSet<string>(StringComparer.Ordinal);
        var reader = new ProtoReader(graph);
        while (reader.Next())
            switch (reader.Field)
            {
                case GraphField.Input: inputs.Add(Value(reader.Bytes)); break;
                case GraphField.Output: outputs.Add(Value(reader.Bytes)); break;
                case GraphField.Initializer: constants.Add(First(reader.Bytes, TensorField.Name)); break;
                case GraphField.SparseInitializer: constants.Add(First(Inner(reader.Bytes, 1), TensorField.Name)); break;
                default: break;
            }
        inputs.RemoveAll(input => constants.Contains(input.Name));
        return new(inputs, outputs);
    }

    private static SignatureValue Value(ReadOnlySpan<byte> value)
    {
        var name = First(value, ValueField.Name);
        var reader = new ProtoReader(Inner(value, ValueField.Type));
        while (reader.Next())
            switch (reader.Field)
            {
                case TypeField.Tensor: return Tensor(name, reader.Bytes, "tensor");
                case TypeField.Sparse: return Tensor(name, reader.Bytes, "sparse");
                case TypeField.Sequence: return new(name, ElementType.Undefined, null, "sequence");
                case TypeField.Map: return new(name, ElementType.Undefined, null, "map");
                case TypeField.Optional: return new(name, ElementType.Undefined, null, "optional");
                case TypeField.Opaque: return new(name, ElementType.Undefined, null, "opaque");
                default: break;
            }
        return new(name, ElementType.Undefined, null, "unknown");
    }

    private static SignatureValue Tensor(string name, ReadOnlySpan<byte> type, string kind)
    {
        var element = (ElementType)(int)Number(type, TypeField.Element);
        List<Dim>? shape = null;
        var reader = new ProtoReader(type);
        while (reader.Next())
            if (reader.Field == TypeField.Shape) shape = Dims(reader.Bytes);
        return new(name, element, shape, kind);
    }

    private static List<Dim> Dims(ReadOnlySpan<byte> shape)
    {
        var dims = new List<Dim>();
        var reader = new ProtoReader(shape);
        while (reader.Next())
        {
            var dim = Dim.Unknown;
            var inner = new ProtoReader(reader.Bytes);
            while (inner.Next())
                dim = inner.Field switch
                {
                    DimField.Value => (long)inner.Number,
                    DimField.Param when inner.Bytes.Length > 0 => Text(inner.Bytes),
                    _ => dim,
                };
            dims.Add(dim);
        }
        return dims;
    }

    private static ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
            if (reader.Field == field) return reader.Bytes;
        return default;
    }

    private static long Number(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
            if (reader.Field == field) return (long)reader.Number;
        return 0;
    }

    private static string First(ReadOnlySpan<byte> message, int field) => Text(Inner(message, field));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
