namespace Steward.Onnx;

/// <summary>Type of one element of a tensor. The numbers are those of ONNX's TensorProto.DataType.</summary>
public enum ElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

public static class ElementTypes
{
    /// <summary>Bits one element takes in <c>raw_data</c>; 0 for strings and unknown types, which cannot be stored raw.</summary>
    public static int Bits(this ElementType type) => type switch
    {
        ElementType.UInt2 or ElementType.Int2 => 2,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
            or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 => 8,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Double or ElementType.Complex64 => 64,
        ElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>The element type of a C# type: float, double, byte, sbyte, (u)short, (u)int, (u)long, bool, Half or string.</summary>
    /// <exception cref="ArgumentException">ONNX has no such element.</exception>
    public static ElementType Of<T>() =>
        Known.TryGetValue(typeof(T), out var type) ? type
            : throw new ArgumentException($"ONNX has no element type for {typeof(T).Name}.");

    private static readonly Dictionary<Type, ElementType> Known = new()
    {
        [typeof(float)] = ElementType.Float,
        [typeof(double)] = ElementType.Double,
        [typeof(byte)] = ElementType.UInt8,
        [typeof(sbyte)] = ElementType.Int8,
        [typeof(ushort)] = ElementType.UInt16,
        [typeof(short)] = ElementType.Int16,
        [typeof(uint)] = ElementType.UInt32,
        [typeof(int)] = ElementType.Int32,
        [typeof(ulong)] = ElementType.UInt64,
        [typeof(long)] = ElementType.Int64,
        [typeof(bool)] = ElementType.Bool,
        [typeof(Half)] = ElementType.Float16,
        [typeof(string)] = ElementType.String,
    };
}
