using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Steward.Onnx;

namespace Steward.Serving.OpenInference;

/// <summary>Reads an inference request: JSON, and behind it the bytes of tensors that were sent as such.</summary>
internal ref struct InferReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _jsonLength;
    private JsonCursor _json;
    private int _binaryAt;

    private InferReader(ReadOnlySpan<byte> body, int jsonLength)
    {
        _body = body;
        _jsonLength = _binaryAt = jsonLength;
        _json = new(body[..jsonLength]);
    }

    /// <exception cref="ProblemException">Anything that the protocol does not allow, in a sentence.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> body, int jsonLength)
    {
        var inputs = new List<Tensor>();
        try
        {
            return new InferReader(body, jsonLength).Request(inputs);
        }
        catch
        {
            inputs.ForEach(input => input.Dispose());
            throw;
        }
    }

    private InferRequest Request(List<Tensor> inputs)
    {
        string? id = null;
        List<WantedOutput>? outputs = null;
        var (binary, first, seen) = (false, true, false);
        _json.Expect((byte)'{', "at the start of the request");
        while (_json.NextName(ref first) is { } name)
        {
            switch (name)
            {
                case "id" when _json.Peek() == (byte)'"':
                    id = _json.String();
                    break;
                case "inputs":
                    seen = true;
                    Inputs(inputs);
                    break;
                case "outputs" when _json.Peek() == (byte)'[':
                    outputs = Outputs();
                    break;
                case "parameters":
                    binary = Parameters().BinaryAnswer ?? binary;
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        if (_json.Peek() != 0 || _json.At < _json.Text.Length)
            throw _json.Broken("something follows the end");
        if (!seen)
            throw Missing("The request has no 'inputs'.");
        if (_binaryAt != _body.Length)
            throw ProblemException.Invalid("binary_size", $"The binary tensors take {_binaryAt - _jsonLength} bytes, but {_body.Length - _jsonLength} follow the JSON.", "Let binary_data_size of the inputs add up to the bytes that follow.");
        return new(id, inputs, outputs, binary);
    }

    private void Inputs(List<Tensor> inputs)
    {
        _json.Expect((byte)'[', "where the inputs begin");
        var first = true;
        while (_json.NextElement(ref first))
        {
            var tensor = Input();
            inputs.Add(tensor);
            for (var i = 0; i < inputs.Count - 1; i++)
                if (inputs[i].Name == tensor.Name)
                    throw ProblemException.Invalid("input_twice", $"The input '{Names.Shorten(tensor.Name)}' was sent twice.", "Send every input once.");
        }
    }

    private Tensor Input()
    {
        string? name = null, datatype = null;
        long[]? shape = null;
        long? binarySize = null;
        var (dataAt, first) = (-1, true);
        _json.Expect((byte)'{', "where an input begins");
        while (_json.NextName(ref first) is { } key)
        {
            switch (key)
            {
                case "name":
                    name = _json.String();
                    break;
                case "datatype":
                    datatype = _json.String();
                    break;
                case "shape":
                    shape = Shape();
                    break;
                case "parameters":
                    binarySize = Parameters().BinarySize;
                    break;
                case "data":
                    _json.Peek();
                    dataAt = _json.At;
                    _json.Skip();
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }

        if (name is null || datatype is null || shape is null)
            throw Missing("An input needs 'name', 'shape', 'datatype' and 'data'.");
        var type = DataTypes.Find(datatype) ?? throw ProblemException.Invalid("datatype_unknown", $"'{Names.Shorten(datatype)}' is not a datatype that is served.", "Use BOOL, UINT8-64, INT8-64, FP16, FP32, FP64 or BYTES.");
        // A lying shape must not take memory: every element needs at least a digit and a comma, or its bytes.
        if (Tensor.Elements(name, shape) > _body.Length)
            throw Numbers.Count(name, Tensor.Elements(name, shape));
        var tensor = Tensor.Rent(name, type, shape);
        try
        {
            if (binarySize is { } size)
                Binary(tensor, size);
            else if (dataAt >= 0)
                Data(tensor, dataAt);
            else
                throw Missing($"The input '{Names.Shorten(name)}' has no data.");
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private readonly void Data(Tensor tensor, int at)
    {
        var json = new JsonCursor(_json.Text, at);
        json.Expect((byte)'[', $"where the data of '{Names.Shorten(tensor.Name)}' begins");
        if (tensor.Count == 0)
        {
            json.Skip();
            return;
        }

        if (json.Peek() == (byte)'[')
        {
            json.At = at;
            Nested(ref json, tensor, 0, 0);
        }
        else
            Row(ref json, tensor, 0, tensor.Count);
    }

    /// <summary>Brackets like the shape: every level must have exactly as many parts as its dimension says.</summary>
    private static int Nested(ref JsonCursor json, Tensor tensor, int level, int done)
    {
        if (level >= tensor.Shape.Length || !json.Take((byte)'['))
            throw Numbers.Count(tensor.Name, tensor.Count);
        if (level == tensor.Shape.Length - 1)
        {
            Row(ref json, tensor, done, (int)tensor.Shape[level]);
            return done + (int)tensor.Shape[level];
        }

        var first = true;
        for (long i = 0; i < tensor.Shape[level]; i++)
        {
            if (!json.NextElement(ref first))
                throw Numbers.Count(tensor.Name, tensor.Count);
            done = Nested(ref json, tensor, level + 1, done);
        }

        return json.Take((byte)']') ? done : throw Numbers.Count(tensor.Name, tensor.Count);
    }

    private static void Row(ref JsonCursor json, Tensor tensor, int from, int count)
    {
        var name = tensor.Name;
        switch (tensor.Type)
        {
            case ElementType.UInt8: Numbers.Integers(ref json, tensor.As<byte>().Slice(from, count), name); break;
            case ElementType.Int8: Numbers.Integers(ref json, tensor.As<sbyte>().Slice(from, count), name); break;
            case ElementType.UInt16: Numbers.Integers(ref json, tensor.As<ushort>().Slice(from, count), name); break;
            case ElementType.Int16: Numbers.Integers(ref json, tensor.As<short>().Slice(from, count), name); break;
            case ElementType.UInt32: Numbers.Integers(ref json, tensor.As<uint>().Slice(from, count), name); break;
            case ElementType.Int32: Numbers.Integers(ref json, tensor.As<int>().Slice(from, count), name); break;
            case ElementType.UInt64: Numbers.Integers(ref json, tensor.As<ulong>().Slice(from, count), name); break;
            case ElementType.Int64: Numbers.Integers(ref json, tensor.As<long>().Slice(from, count), name); break;
            case ElementType.Float: Numbers.Floats(ref json, tensor.As<float>().Slice(from, count), name); break;
            case ElementType.Double: Numbers.Others(ref json, tensor.As<double>().Slice(from, count), name); break;
            case ElementType.Float16: Numbers.Others(ref json, tensor.As<Half>().Slice(from, count), name); break;
            case ElementType.Bool: Numbers.Booleans(ref json, tensor.As<bool>().Slice(from, count), name); break;
            default: Numbers.Texts(ref json, tensor.Texts.AsSpan(from, count), name); break;
        }
    }

    private void Binary(Tensor tensor, long size)
    {
        if (size < 0 || size > _body.Length - _binaryAt)
            throw ProblemException.Invalid("binary_size", $"binary_data_size of '{Names.Shorten(tensor.Name)}' is {size}, but {_body.Length - _binaryAt} bytes are left.", "Append the bytes of every binary input in the order of the inputs.");
        var bytes = _body.Slice(_binaryAt, (int)size);
        _binaryAt += (int)size;
        if (tensor.Texts is { } texts)
            Texts(bytes, texts, tensor.Name);
        else if (size == tensor.Bytes.Length)
            bytes.CopyTo(tensor.Bytes.Span);
        else
            throw Numbers.Count(tensor.Name, tensor.Count);
    }

    private static void Texts(ReadOnlySpan<byte> bytes, string[] texts, string name)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            var length = bytes.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            if (length > bytes.Length - 4)
                throw Numbers.Count(name, texts.Length);
            try
            {
                texts[i] = Strict.GetString(bytes.Slice(4, (int)length));
            }
            catch (DecoderFallbackException)
            {
                throw ProblemException.Invalid("value_invalid", $"Element {i} of '{Names.Shorten(name)}' is not UTF-8.", "Send texts as UTF-8.");
            }

            bytes = bytes[(4 + (int)length)..];
        }

        if (!bytes.IsEmpty)
            throw Numbers.Count(name, texts.Length);
    }

    private long[] Shape()
    {
        var shape = new List<long>(4);
        var first = true;
        _json.Expect((byte)'[', "where a shape begins");
        while (_json.NextElement(ref first))
        {
            if (!long.TryParse(_json.Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || shape.Count == 16)
                throw ProblemException.Invalid("shape_invalid", "A shape is a list of at most 16 whole numbers, none of them negative.", "Send the real sizes, for example [1, 64, 64, 3].");
            shape.Add(size);
        }

        return [.. shape];
    }

    private List<WantedOutput> Outputs()
    {
        var outputs = new List<WantedOutput>();
        var first = true;
        _json.Expect((byte)'[', "where the outputs begin");
        while (_json.NextElement(ref first))
        {
            string? name = null;
            bool? binary = null;
            var firstName = true;
            _json.Expect((byte)'{', "where an output begins");
            while (_json.NextName(ref firstName) is { } key)
            {
                if (key == "name")
                    name = _json.String();
                else if (key == "parameters")
                    binary = Parameters().Binary;
                else
                    _json.Skip();
            }

            if (name is null)
                throw Missing("A requested output needs a 'name'.");
            if (outputs.Exists(output => output.Name == name))
                throw ProblemException.Invalid("output_twice", $"The output '{Names.Shorten(name)}' was asked for twice.", "Ask for every output once.");
            outputs.Add(new(name, binary));
        }

        return outputs;
    }

    private (long? BinarySize, bool? Binary, bool? BinaryAnswer) Parameters()
    {
        (long? Size, bool? One, bool? All) found = default;
        var first = true;
        _json.Expect((byte)'{', "where parameters begin");
        while (_json.NextName(ref first) is { } key)
        {
            if (key == "binary_data_size")
                found.Size = long.TryParse(_json.Word(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1;
            else if (key == "binary_data")
                found.One = _json.Word().SequenceEqual("true"u8);
            else if (key == "binary_data_output")
                found.All = _json.Word().SequenceEqual("true"u8);
            else
                _json.Skip();
        }

        return found;
    }

    private static ProblemException Missing(string why)
        => ProblemException.Invalid("request_incomplete", why, "See GET /v2/models/NAME for what the model takes.");
}
