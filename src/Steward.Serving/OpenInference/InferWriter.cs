using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Steward.Onnx;

namespace Steward.Serving.OpenInference;

/// <summary>Writes an answer: JSON, and behind it the bytes of the outputs that were asked for as such.</summary>
internal static class InferWriter
{
    /// <returns>How many bytes of the whole are JSON; null when all of it is.</returns>
    public static int? Write(ArrayBufferWriter<byte> to, string model, int version, InferRequest request, Answer answer)
    {
        to.Write("{\"model_name\":"u8);
        Text(to, model);
        to.Write(",\"model_version\":\""u8);
        Number(to, version);
        to.Write("\""u8);
        if (request.Id is not null)
        {
            to.Write(",\"id\":"u8);
            Text(to, request.Id);
        }

        if (answer.Prediction is not null)
        {
            to.Write(",\"parameters\":{\"prediction\":"u8);
            Text(to, answer.Prediction);
            to.Write(answer.Abstained ? ",\"abstained\":true}"u8 : ",\"abstained\":false}"u8);
        }

        to.Write(",\"outputs\":["u8);
        var binary = new List<byte[]>();
        for (var i = 0; i < answer.Wanted; i++)
        {
            if (i > 0)
                to.Write(","u8);
            Output(to, answer.Names[i], answer.Values[i], request.Outputs?[i].Binary ?? request.BinaryAnswer, binary);
        }

        to.Write("]}"u8);
        if (binary.Count == 0)
            return null;
        var json = to.WrittenCount;
        binary.ForEach(bytes => to.Write(bytes));
        return json;
    }

    private static void Output(ArrayBufferWriter<byte> to, string name, OnnxValue value, bool asBytes, List<byte[]> binary)
    {
        to.Write("{\"name\":"u8);
        Text(to, name);
        to.Write(",\"datatype\":\""u8);
        to.Write(Encoding.ASCII.GetBytes(value.Type.Word()));
        to.Write("\",\"shape\":["u8);
        for (var i = 0; i < value.Shape.Count; i++)
        {
            if (i > 0)
                to.Write(","u8);
            Number(to, value.Shape[i]);
        }

        to.Write("]"u8);
        if (asBytes)
        {
            var bytes = value.Type == ElementType.String ? Packed(value.Texts()) : value.Bytes.ToArray();
            binary.Add(bytes);
            to.Write(",\"parameters\":{\"binary_data_size\":"u8);
            Number(to, bytes.Length);
            to.Write("}}"u8);
            return;
        }

        to.Write(",\"data\":["u8);
        Data(to, value);
        to.Write("]}"u8);
    }

    private static void Data(ArrayBufferWriter<byte> to, OnnxValue value)
    {
        switch (value.Type)
        {
            case ElementType.UInt8: Numbers(to, value.Data<byte>()); break;
            case ElementType.Int8: Numbers(to, value.Data<sbyte>()); break;
            case ElementType.UInt16: Numbers(to, value.Data<ushort>()); break;
            case ElementType.Int16: Numbers(to, value.Data<short>()); break;
            case ElementType.UInt32: Numbers(to, value.Data<uint>()); break;
            case ElementType.Int32: Numbers(to, value.Data<int>()); break;
            case ElementType.UInt64: Numbers(to, value.Data<ulong>()); break;
            case ElementType.Int64: Numbers(to, value.Data<long>()); break;
            case ElementType.Float: Numbers(to, value.Data<float>()); break;
            case ElementType.Double: Numbers(to, value.Data<double>()); break;
            case ElementType.String: Texts(to, value.Texts()); break;
            case ElementType.Bool: Booleans(to, value.Bytes); break;
            case ElementType.Float16: Halves(to, value.Bytes); break;
            default: throw new NotSupportedException($"An output of type {value.Type} cannot be written as JSON.");
        }
    }

    private static void Numbers<T>(ArrayBufferWriter<byte> to, ReadOnlySpan<T> values) where T : unmanaged, INumber<T>, IUtf8SpanFormattable
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                to.Write(","u8);
            Number(to, values[i]);
        }
    }

    private static void Number<T>(ArrayBufferWriter<byte> to, T value) where T : IUtf8SpanFormattable
    {
        // The longest double in its shortest form that reads back the same has 24 characters.
        value.TryFormat(to.GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        to.Advance(written);
    }

    private static void Booleans(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < values.Length; i++)
            to.Write((i > 0, values[i] != 0) switch { (true, true) => ",true"u8, (true, false) => ",false"u8, (false, true) => "true"u8, _ => "false"u8 });
    }

    private static void Halves(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            if (i > 0)
                to.Write(","u8);
            Number(to, (float)BinaryPrimitives.ReadHalfLittleEndian(values[i..]));
        }
    }

    private static void Texts(ArrayBufferWriter<byte> to, string[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                to.Write(","u8);
            Text(to, values[i]);
        }
    }

    private static void Text(ArrayBufferWriter<byte> to, string value)
    {
        to.Write("\""u8);
        to.Write(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        to.Write("\""u8);
    }

    private static byte[] Packed(string[] values)
    {
        var to = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), Encoding.UTF8.GetByteCount(value));
            to.Advance(4);
            Encoding.UTF8.GetBytes(value, to);
        }

        return to.WrittenSpan.ToArray();
    }
}
