using System.Buffers;
using System.Runtime.InteropServices;
using Steward.Onnx;

namespace Steward.Serving.OpenInference;

/// <summary>One tensor of a request, its numbers little-endian in a pooled buffer, its texts as they are.</summary>
internal sealed class Tensor : IDisposable
{
    private byte[]? _pooled;

    private Tensor(string name, ElementType type, long[] shape, int count, byte[]? pooled, string[]? texts)
        => (Name, Type, Shape, Count, _pooled, Texts) = (name, type, shape, count, pooled, texts);

    public string Name { get; }
    public ElementType Type { get; }
    public long[] Shape { get; }

    /// <summary>Elements: the product of the shape.</summary>
    public int Count { get; }

    public string[]? Texts { get; }

    public Memory<byte> Bytes => _pooled.AsMemory(0, Count * Type.Size());

    public Span<T> As<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    public static Tensor Rent(string name, ElementType type, long[] shape)
    {
        var count = Elements(name, shape);
        return type == ElementType.String
            ? new(name, type, shape, count, null, new string[count])
            : new(name, type, shape, count, ArrayPool<byte>.Shared.Rent(Math.Max(1, checked(count * type.Size()))), null);
    }

    /// <summary>The product, refused when it is more than one request may hold: a shape is a claim of a stranger.</summary>
    public static int Elements(string name, ReadOnlySpan<long> shape)
    {
        // 64 Mi elements of 8 bytes are half a gigabyte: far above any body we take, far below trouble with 32-bit sizes.
        const long most = 64L << 20;
        long product = 1;
        foreach (var size in shape)
        {
            if (size < 0 || size > most || (product *= size) > most)
                throw ProblemException.Invalid("shape_invalid", $"The shape of '{Names.Shorten(name)}' is negative or larger than a request may be.", "Send the real sizes, row by row.");
        }

        return (int)product;
    }

    public OnnxValue ToValue() => Texts is null ? OnnxValue.OfBytes(Type, Bytes, Shape) : OnnxValue.OfTexts(Texts, Shape);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } pooled)
            ArrayPool<byte>.Shared.Return(pooled);
    }
}
