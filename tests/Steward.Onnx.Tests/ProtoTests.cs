using CsCheck;
using Steward.Onnx.Wire;

namespace Steward.Onnx.Tests;

public class ProtoTests
{
    [Fact]
    public void Every_field_comes_back_as_it_was_written() =>
        Gen.Select(Gen.Int[1, (1 << 29) - 1], Gen.Long, Gen.Float, Gen.Byte.Array[0, 300]).Sample((field, number, real, bytes) =>
        {
            var to = new ProtoWriter();
            to.Int(field, number);
            to.Float(field, real);
            to.Bytes(field, bytes);
            var from = new ProtoReader(to.Written);
            Assert.True(from.Next() && from.Field == field && (long)from.Number == number);
            Assert.True(from.Next() && from.Type == WireType.Fixed32 && (uint)from.Number == BitConverter.SingleToUInt32Bits(real));
            Assert.True(from.Next() && from.Bytes.SequenceEqual(bytes));
            Assert.False(from.Next());
            Assert.Null(from.Fault);
        });

    [Fact]
    public void Packed_numbers_come_back_in_order() => Gen.Long.Array.Sample(values =>
    {
        var to = new ProtoWriter();
        to.PackedInts(1, values);
        var field = new ProtoReader(to.Written);
        Assert.True(field.Next());
        var from = new ProtoReader(field.Bytes);
        foreach (var value in values) Assert.True(from.Varint(out var read) && (long)read == value);
        Assert.True(from.AtEnd);
    });

    [Fact]
    public void A_message_cut_short_is_a_fault() => Gen.Byte.Array[1, 100].Sample(bytes =>
    {
        var to = new ProtoWriter();
        to.Bytes(1, bytes);
        var from = new ProtoReader(to.Written[..^1]);
        Assert.False(from.Next());
        Assert.NotNull(from.Fault);
    });

    [Fact]
    public void Any_bytes_end_in_a_fault_or_at_the_end() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var from = new ProtoReader(bytes);
        var fields = 0;
        while (from.Next()) fields++;
        Assert.True(fields <= bytes.Length && (from.AtEnd || from.Fault is not null));
    });

    [Theory]
    [InlineData(new byte[] { 0x0B })] // a group
    [InlineData(new byte[] { 0x00, 0x00 })] // field 0
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })] // 2^64 - 1 bytes to come
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 })] // 65 bits
    [InlineData(new byte[] { 0x8A, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00 })] // a tag beyond 32 bits
    public void Tricks_of_the_format_are_faults(byte[] bytes)
    {
        var from = new ProtoReader(bytes);
        Assert.False(from.Next());
        Assert.NotNull(from.Fault);
    }
}
