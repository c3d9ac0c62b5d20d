using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Steward.Serving.OpenInference;

/// <summary>
/// Walks JSON in memory and can jump over an array in one vectorised sweep: a tensor's numbers often come before the
/// shape and type that say how to read them. It also knows NaN and Infinity, which the protocol's clients write.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> text, int at = 0)
{
    /// <summary>Values within values: no request of the protocol needs more.</summary>
    private const int MostDepth = 64;

    private static readonly SearchValues<byte> Brackets = SearchValues.Create("[]\""u8);
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _text = text;

    public int At { get; set; } = at;

    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    public byte Peek()
    {
        var text = _text;
        var at = At;
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
        At = at;
        return (uint)at < (uint)text.Length ? text[at] : (byte)0;
    }

    public bool Take(byte wanted)
    {
        if (Peek() != wanted)
            return false;
        At++;
        return true;
    }

    public void Expect(byte wanted, string where)
    {
        if (!Take(wanted))
            throw Broken($"'{(char)wanted}' is missing {where}");
    }

    /// <summary>Moves to the next member of an object: its name, with the cursor at its value; null after the last one.</summary>
    public string? NextName(ref bool first)
    {
        if (Take((byte)'}'))
            return null;
        if (!first)
            Expect((byte)',', "between two members of an object");
        first = false;
        var name = String();
        Expect((byte)':', "after a name");
        return name;
    }

    /// <summary>Moves to the next element of an array; false after the last one.</summary>
    public bool NextElement(ref bool first)
    {
        if (Take((byte)']'))
            return false;
        if (!first)
            Expect((byte)',', "between two elements of an array");
        first = false;
        return true;
    }

    public string String()
    {
        Expect((byte)'"', "where a text begins");
        var start = At;
        var end = EndOfString();
        var raw = _text[start..end];
        try
        {
            return raw.IndexOfAny((byte)'\\', (byte)'\n') < 0 ? Strict.GetString(raw) : JsonSerializer.Deserialize<string>(_text[(start - 1)..(end + 1)])!;
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Broken("a text is not valid UTF-8 or has a wrong escape");
        }
    }

    /// <summary>A number as it is written, or the bare word NaN, Infinity, true, false, null.</summary>
    public ReadOnlySpan<byte> Word()
    {
        Peek();
        var start = At;
        while (At < _text.Length && _text[At] is not ((byte)',' or (byte)']' or (byte)'}' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'[' or (byte)'{' or (byte)'"'))
            At++;
        return _text[start..At];
    }

    /// <summary>Jumps over a value without looking at its numbers.</summary>
    public void Skip(int depth = 0)
    {
        if (depth > MostDepth)
            throw Broken("values are nested too deeply");
        var first = true;
        switch (Peek())
        {
            case (byte)'"':
                At++;
                EndOfString();
                break;
            case (byte)'[':
                SkipArray();
                break;
            case (byte)'{':
                At++;
                while (NextName(ref first) is not null)
                    Skip(depth + 1);
                break;
            default:
                if (Word().IsEmpty)
                    throw Broken("a value is missing");
                break;
        }
    }

    public readonly ProblemException Broken(string why)
        => ProblemException.Invalid("json_invalid", $"The request is not valid JSON: {why} (byte {At}).", "Check the body with a JSON tool.");

    private void SkipArray()
    {
        var depth = 0;
        do
        {
            var next = _text[At..].IndexOfAny(Brackets);
            if (next < 0)
                throw Broken("an array does not end");
            At += next + 1;
            switch (_text[At - 1])
            {
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']':
                    depth--;
                    break;
                default:
                    EndOfString();
                    break;
            }
        }
        while (depth > 0);
    }

    /// <summary>From behind the opening quote to behind the closing one; gives the place of the closing one.</summary>
    private int EndOfString()
    {
        while (true)
        {
            var next = At < _text.Length ? _text[At..].IndexOfAny((byte)'"', (byte)'\\') : -1;
            if (next < 0)
                throw Broken("a text does not end");
            At += next + 1;
            if (_text[At - 1] == (byte)'"')
                return At - 1;
            At++;
        }
    }
}
