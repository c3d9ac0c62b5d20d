using System.Buffers.Binary;

namespace Steward.Onnx.Wire;

/// <summary>
/// Reads protobuf from memory without allocating: a declared length is only ever a slice of what is there.
/// Says no by returning false and naming the <see cref="Fault"/>; it never throws, so hostile bytes cost no exceptions.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Why the last read failed; null at a clean end.</summary>
    public string? Fault { get; private set; }

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>The value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Moves to the next field. False at the end, or at a fault.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty || !Varint(out var tag)) return false;
        if (tag > uint.MaxValue || tag >> 3 == 0) return Fail("a field number is out of range");
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        Number = 0;
        Bytes = default;
        switch (Type)
        {
            case WireType.Varint:
                if (!Varint(out var number)) return false;
                Number = number;
                return true;
            case WireType.Fixed64:
                if (_rest.Length < 8) return Fail("the bytes end inside a number");
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[8..];
                return true;
            case WireType.Fixed32:
                if (_rest.Length < 4) return Fail("the bytes end inside a number");
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[4..];
                return true;
            case WireType.Bytes:
                if (!Varint(out var length)) return false;
                if (length > (ulong)_rest.Length) return Fail("a declared length goes past the end");
                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            default:
                return Fail("a field has a layout that ONNX does not use");
        }
    }

    /// <summary>Reads one bare varint (an element of a packed field).</summary>
    public bool Varint(out ulong value)
    {
        value = 0;
        for (var index = 0; index < 10; index++)
        {
            if (index >= _rest.Length) return Fail("the bytes end inside a number");
            var next = _rest[index];
            // The tenth byte holds the 64th bit only.
            if (index == 9 && next > 1) break;
            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next >= 0x80) continue;
            _rest = _rest[(index + 1)..];
            return true;
        }
        return Fail("a number is longer than 64 bits");
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        _rest = default;
        return false;
    }
}
