using System.Runtime.InteropServices;
using System.Text;
using Steward.Onnx.Wire;

namespace Steward.Onnx;

/// <summary>A constant that a model carries: weights, shapes, labels. Row-major.</summary>
public sealed class OnnxTensor
{
    private readonly byte[]? _raw;
    private readonly string[]? _texts;

    private OnnxTensor(ElementType type, long[] shape, int count, byte[]? raw, string[]? texts)
    {
        var wanted = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (shape.Any(size => size < 0) || wanted != count)
            throw new ArgumentException($"The shape [{string.Join(',', shape)}] needs {wanted} values but {count} were given.");
        (Type, Shape, _raw, _texts) = (type, shape, raw, texts);
    }

    public ElementType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    /// <summary>Numbers with a shape; without a shape, a vector as long as the values.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many values, or ONNX has no such element.</exception>
    public static OnnxTensor Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape) where T : unmanaged =>
        new(ElementTypes.Of<T>(), shape.IsEmpty ? [values.Length] : shape.ToArray(), values.Length, LittleEndian(values), null);

    public static OnnxTensor Of<T>(T[] values, params ReadOnlySpan<long> shape) where T : unmanaged => Of<T>(values.AsSpan(), shape);

    /// <summary>One number without dimensions.</summary>
    public static OnnxTensor Scalar<T>(T value) where T : unmanaged => new(ElementTypes.Of<T>(), [], 1, LittleEndian<T>([value]), null);

    /// <summary>A vector of texts, for labels.</summary>
    public static OnnxTensor Texts(params IEnumerable<string> values)
    {
        var texts = values.ToArray();
        return new(ElementType.String, [texts.Length], texts.Length, null, texts);
    }

    internal void WriteTo(ProtoWriter to, string? name)
    {
        if (Shape.Count > 0) to.PackedInts(TensorField.Dims, [.. Shape]);
        to.Int(TensorField.DataType, (long)Type);
        foreach (var text in _texts ?? []) to.Bytes(TensorField.StringData, Encoding.UTF8.GetBytes(text));
        to.TextIfAny(TensorField.Name, name);
        if (_raw is not null) to.Bytes(TensorField.RawData, _raw);
    }

    // ONNX stores raw data little-endian; every platform .NET 10 runs our native engine on is little-endian too.
    private static byte[] LittleEndian<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(values).ToArray()
            : throw new PlatformNotSupportedException("Models are written on little-endian machines only.");
}
