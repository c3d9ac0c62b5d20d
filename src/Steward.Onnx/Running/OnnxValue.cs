using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Steward.Onnx;

/// <summary>
/// A tensor going into or coming out of a session. An input is the caller's memory, pinned until disposed and never copied
/// (numbers) or copied once (texts); an output is the engine's memory, gone after disposing.
/// </summary>
public sealed class OnnxValue : IDisposable
{
    private readonly MemoryHandle _pin;

    private OnnxValue(OrtValue inner, MemoryHandle pin)
    {
        (Inner, _pin) = (inner, pin);
        if (!inner.IsTensor) return;
        var info = inner.GetTensorTypeAndShape();
        Type = (ElementType)(int)info.ElementDataType;
        Shape = info.Shape;
    }

    internal OrtValue Inner { get; }

    /// <summary><see cref="ElementType.Undefined"/> for what is not a tensor (sequences, maps).</summary>
    public ElementType Type { get; }

    public IReadOnlyList<long> Shape { get; } = [];

    /// <summary>Numbers with their shape, row-major.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many values.</exception>
    public static OnnxValue Of<T>(Memory<T> values, params ReadOnlySpan<long> shape) where T : unmanaged =>
        Pinned(ElementTypes.Of<T>(), values.Pin(), MemoryMarshal.AsBytes(values.Span).Length, shape);

    /// <summary>Numbers as they lie in a message: little-endian bytes of the given type.</summary>
    /// <exception cref="ArgumentException">The bytes are more or fewer than type and shape need.</exception>
    public static OnnxValue OfBytes(ElementType type, Memory<byte> bytes, params ReadOnlySpan<long> shape) =>
        Pinned(type, bytes.Pin(), bytes.Length, shape);

    /// <summary>Texts with their shape.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many texts.</exception>
    public static OnnxValue OfTexts(IReadOnlyList<string> values, params ReadOnlySpan<long> shape)
    {
        OrtTelemetry.Off();
        if (Elements(shape) != values.Count) throw Unfit(shape);
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape.ToArray());
        for (var index = 0; index < values.Count; index++) value.StringTensorSetElementAt(values[index], index);
        return new(value, default);
    }

    /// <summary>The numbers, without copying.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<T> Data<T>() where T : unmanaged => ElementTypes.Of<T>() == Type
        ? Inner.GetTensorDataAsSpan<T>()
        : throw new InvalidOperationException($"The tensor holds {Type}, not {typeof(T).Name}.");

    /// <summary>The numbers as little-endian bytes, without copying.</summary>
    public ReadOnlySpan<byte> Bytes => Inner.GetTensorDataAsSpan<byte>();

    /// <summary>The texts of a text tensor.</summary>
    public string[] Texts() => Inner.GetStringTensorAsArray();

    public void Dispose()
    {
        Inner.Dispose();
        _pin.Dispose();
    }

    internal static OnnxValue Out(OrtValue value) => new(value, default);

    private static unsafe OnnxValue Pinned(ElementType type, MemoryHandle pin, long bytes, ReadOnlySpan<long> shape)
    {
        OrtTelemetry.Off();
        try
        {
            // The engine trusts these two numbers; a mismatch would let it read past the caller's memory.
            var bits = type.Bits();
            if (bits == 0 || (Int128)bytes * 8 / bits != Elements(shape) || bytes * 8 % bits != 0) throw Unfit(shape);
            var value = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)type, shape.ToArray(), (nint)pin.Pointer, bytes);
            return new(value, pin);
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }

    private static long Elements(ReadOnlySpan<long> shape)
    {
        var product = (Int128)1;
        foreach (var size in shape)
        {
            if (size < 0) return -1;
            product *= size;
            if (product > long.MaxValue) return -1;
        }
        return (long)product;
    }

    private static ArgumentException Unfit(ReadOnlySpan<long> shape) =>
        new($"The values do not fill the shape [{string.Join(',', shape.ToArray())}].", nameof(shape));
}
