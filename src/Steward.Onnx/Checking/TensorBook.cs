using Steward.Onnx.Wire;

namespace Steward.Onnx.Checking;

/// <summary>Adds up what one tensor declares and what it really holds. A runtime allocates by the declaration.</summary>
internal struct TensorBook()
{
    private long _elements = 1;
    private bool _impossible;
    private long _rawBytes = -1;
    private long _numbers;
    private int _numberField;
    private long _texts;
    private ElementType _type;

    /// <summary>Whether a sparse tensor's dense size is what is being counted.</summary>
    public bool Sparse { get; init; }

    public void Dim(long size)
    {
        if (size < 0) _impossible = true;
        else if (size != 0 && _elements > long.MaxValue / size) _impossible = true;
        else _elements *= size;
    }

    public void Type(long type) => _type = (ElementType)(int)type;

    public void Raw(int bytes) => _rawBytes = bytes;

    public void Text() => _texts++;

    /// <summary>Counts elements in one of the typed fields; a tensor uses one of them only.</summary>
    public void Numbers(int field, long count)
    {
        if (_numberField != 0 && _numberField != field) _impossible = true;
        _numberField = field;
        _numbers += count;
    }

    /// <summary>Why the runtime must not see this tensor, or null.</summary>
    public readonly string? Fault(long maxBytes)
    {
        if (_impossible) return "A tensor's dimensions are negative or too large to multiply, or it keeps its values in two places.";
        // A sparse tensor's element type stands in its values; 16 bytes is the widest there is.
        if (Sparse) return _elements > maxBytes / 16 ? "A sparse tensor unfolds to more than the limit." : null;
        if (_type == ElementType.String)
            return _rawBytes >= 0 || _texts != _elements || _numbers > 0 ? Differs : null;
        var bits = _type.Bits();
        if (bits == 0) return "A tensor has an element type that ONNX does not define.";
        if (_elements > maxBytes * 8 / bits) return "A tensor is larger than the limit.";
        var bytes = (long)(((Int128)_elements * bits + 7) / 8);
        if (_texts > 0 || (_numbers > 0 && _numberField != FieldOf(_type))) return Differs;
        if (_rawBytes >= 0) return _rawBytes == bytes && _numbers == 0 ? null : Differs;
        // Below a byte, each number of int32_data packs one byte; a complex element is two numbers.
        var numbers = bits < 8 ? bytes : _type is ElementType.Complex64 or ElementType.Complex128 ? 2 * _elements : _elements;
        return _numbers == numbers ? null : Differs;
    }

    private const string Differs = "A tensor holds more or fewer values than its dimensions say.";

    private static int FieldOf(ElementType type) => type switch
    {
        ElementType.Float or ElementType.Complex64 => TensorField.FloatData,
        ElementType.Double or ElementType.Complex128 => TensorField.DoubleData,
        ElementType.Int64 => TensorField.Int64Data,
        ElementType.UInt32 or ElementType.UInt64 => TensorField.UInt64Data,
        _ => TensorField.Int32Data,
    };
}
