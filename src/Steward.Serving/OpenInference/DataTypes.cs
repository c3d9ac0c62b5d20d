using Steward.Onnx;

namespace Steward.Serving.OpenInference;

/// <summary>The protocol's words for element types and ONNX's.</summary>
internal static class DataTypes
{
    private static readonly (string Word, ElementType Type, int Size)[] All =
    [
        ("BOOL", ElementType.Bool, 1), ("UINT8", ElementType.UInt8, 1), ("UINT16", ElementType.UInt16, 2), ("UINT32", ElementType.UInt32, 4),
        ("UINT64", ElementType.UInt64, 8), ("INT8", ElementType.Int8, 1), ("INT16", ElementType.Int16, 2), ("INT32", ElementType.Int32, 4),
        ("INT64", ElementType.Int64, 8), ("FP16", ElementType.Float16, 2), ("FP32", ElementType.Float, 4), ("FP64", ElementType.Double, 8),
        ("BYTES", ElementType.String, 0),
    ];

    /// <summary>Null when the protocol, or this server, has no such word.</summary>
    public static ElementType? Find(string word)
    {
        foreach (var (known, type, _) in All)
            if (known == word)
                return type;
        return null;
    }

    public static string Word(this ElementType type)
    {
        foreach (var (word, known, _) in All)
            if (known == type)
                return word;
        return type.ToString().ToUpperInvariant();
    }

    /// <summary>Bytes of one element; 0 for texts, whose length varies, and for types the protocol does not carry.</summary>
    public static int Size(this ElementType type)
    {
        foreach (var (_, known, size) in All)
            if (known == type)
                return size;
        return 0;
    }
}
