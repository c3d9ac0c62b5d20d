using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Steward.Onnx.Wire;

/// <summary>Writes protobuf in the order it is told, so equal graphs give equal bytes (a general serializer promises no such thing).</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    public void Int(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    public void Float(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Proto3 leaves an empty string out; so do we.</summary>
    public void TextIfAny(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value)) Text(field, value);
    }

    public void PackedInts(int field, ReadOnlySpan<long> values)
    {
        var packed = new ProtoWriter();
        foreach (var value in values) packed.Varint((ulong)value);
        Bytes(field, packed.Written);
    }

    public void PackedFloats(int field, ReadOnlySpan<float> values)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)values.Length * 4);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
            _bytes.Advance(4);
        }
    }

    public void Message(int field, Action<ProtoWriter> body)
    {
        var inner = new ProtoWriter();
        body(inner);
        Bytes(field, inner.Written);
    }

    public void Varint(ulong value)
    {
        var room = _bytes.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
