using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Steward.Serving.OpenInference;

/// <summary>Reads rows of JSON numbers straight into a tensor. Every value comes out as the framework's own parser would give it.</summary>
internal static class Numbers
{
    private static readonly SearchValues<byte> InNumbers = SearchValues.Create("0123456789.eE+-"u8);
    private static readonly double[] Powers = [.. Enumerable.Range(0, 23).Select(n => double.Parse($"1e{n}", CultureInfo.InvariantCulture))];

    /// <summary>Fills <paramref name="to"/> from elements separated by commas, up to the closing bracket.</summary>
    public static void Integers<T>(ref JsonCursor json, Span<T> to, string name) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var most = ulong.CreateTruncating(T.MaxValue);
        var least = T.MinValue < T.Zero ? most + 1 : 0;
        for (var i = 0; i < to.Length; i++)
        {
            Separator(ref json, i, to.Length, name);
            var text = json.Text;
            var at = json.At;
            var negative = (uint)at < (uint)text.Length && text[at] == (byte)'-';
            if (negative)
                at++;
            var start = at;
            ulong value = 0;
            while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9)
                value = (value * 10) + (uint)(text[at++] - '0');
            var digits = at - start;
            // 19 digits always fit in 64 bits; 20 need a second look.
            if (digits is 0 or > 19 || (digits > 1 && text[start] == (byte)'0') || !Ends(text, at))
                value = Careful(ref json, start, i, name, ref at);
            if (value > (negative ? least : most))
                throw Wrong(name, i, $"does not fit into {Of<T>()}");
            to[i] = T.CreateTruncating(negative ? 0 - value : value);
            json.At = at;
        }

        Close(ref json, to.Length, name);
    }

    public static void Floats(ref JsonCursor json, Span<float> to, string name)
    {
        for (var i = 0; i < to.Length; i++)
        {
            Separator(ref json, i, to.Length, name);
            var start = json.At;
            if (!Quick(ref json, out var near) || !Narrow(near, out to[i]))
            {
                json.At = start;
                var word = json.Word();
                if (!float.TryParse(Plain(word, name, i), NumberStyles.Float, CultureInfo.InvariantCulture, out to[i]))
                    throw Wrong(name, i, "is not a number");
                if (float.IsInfinity(to[i]) && !IsWord(word))
                    throw Wrong(name, i, "does not fit into FP32");
            }
        }

        Close(ref json, to.Length, name);
    }

    public static void Others<T>(ref JsonCursor json, Span<T> to, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < to.Length; i++)
        {
            Separator(ref json, i, to.Length, name);
            var word = json.Word();
            if (!T.TryParse(Plain(word, name, i), NumberStyles.Float, CultureInfo.InvariantCulture, out to[i]))
                throw Wrong(name, i, "is not a number");
            if (T.IsInfinity(to[i]) && !IsWord(word))
                throw Wrong(name, i, $"does not fit into {Of<T>()}");
        }

        Close(ref json, to.Length, name);
    }

    public static void Booleans(ref JsonCursor json, Span<bool> to, string name)
    {
        for (var i = 0; i < to.Length; i++)
        {
            Separator(ref json, i, to.Length, name);
            var word = json.Word();
            to[i] = word.SequenceEqual("true"u8) || (word.SequenceEqual("false"u8) ? false : throw Wrong(name, i, "is not true or false"));
        }

        Close(ref json, to.Length, name);
    }

    public static void Texts(ref JsonCursor json, Span<string> to, string name)
    {
        for (var i = 0; i < to.Length; i++)
        {
            Separator(ref json, i, to.Length, name);
            to[i] = json.Peek() == (byte)'"' ? json.String() : throw Wrong(name, i, "is not a text");
        }

        Close(ref json, to.Length, name);
    }

    public static ProblemException Count(string name, long expected)
        => ProblemException.Invalid("shape_mismatch", $"The data of '{Names.Shorten(name)}' does not have the {expected} elements per row or in all that its shape says.", "Send as many elements as the shape's product, flat or nested like the shape.");

    /// <summary>
    /// The value within two units in the last place of a double: at most 19 digits and a power of ten that a double
    /// holds exactly, so that only the conversion and one multiplication round. False for everything else.
    /// </summary>
    private static bool Quick(ref JsonCursor json, out double value)
    {
        value = 0;
        var text = json.Text;
        var at = json.At;
        var negative = (uint)at < (uint)text.Length && text[at] == (byte)'-';
        if (negative)
            at++;
        var start = at;
        ulong mantissa = 0;
        var exponent = 0;
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9)
            mantissa = (mantissa * 10) + (uint)(text[at++] - '0');
        var digits = at - start;
        if (digits == 0 || (digits > 1 && text[start] == (byte)'0'))
            return false;
        if ((uint)at < (uint)text.Length && text[at] == (byte)'.')
        {
            start = ++at;
            while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9)
                mantissa = (mantissa * 10) + (uint)(text[at++] - '0');
            exponent = start - at;
            digits -= exponent;
        }

        if (digits > 19 || exponent < -22 || !Ends(text, at))
            return false;
        value = exponent == 0 ? mantissa : mantissa / Powers[-exponent];
        if (negative)
            value = -value;
        json.At = at;
        return true;
    }

    /// <summary>
    /// A double that is off by at most two units rounds to the same float as the true value, unless it lies that close
    /// to the middle between two floats (the 29 bits that a float drops), or where floats lose bits or end.
    /// </summary>
    private static bool Narrow(double near, out float value)
    {
        value = (float)near;
        if (near == 0)
            return true;
        var dropped = (long)(BitConverter.DoubleToUInt64Bits(near) & 0x1FFF_FFFF) - 0x1000_0000;
        return dropped is < -4 or > 4 && float.IsNormal(value);
    }

    private static bool Ends(ReadOnlySpan<byte> text, int at)
        => (uint)at < (uint)text.Length && text[at] is (byte)',' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Separator(ref JsonCursor json, int i, int count, string name)
    {
        if (i > 0)
        {
            if (json.At < json.Text.Length && json.Text[json.At] == (byte)',')
                json.At++;
            else if (!json.Take((byte)','))
                throw json.Peek() == (byte)']' ? Count(name, count) : json.Broken("an array is cut short");
        }

        if (json.Peek() == (byte)']')
            throw Count(name, count);
    }

    private static void Close(ref JsonCursor json, int count, string name)
    {
        if (!json.Take((byte)']'))
            throw json.Peek() == (byte)',' ? Count(name, count) : json.Broken("an array does not end");
    }

    private static ulong Careful(ref JsonCursor json, int start, int i, string name, ref int at)
    {
        json.At = start;
        var word = json.Word();
        at = json.At;
        if (word.Length == 20 && ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        throw Wrong(name, i, word.IsEmpty || (word[0] is < (byte)'0' or > (byte)'9') ? "is not a whole number" : word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 ? "is not a whole number" : "is too large");
    }

    /// <summary>What the framework's parser would take and JSON does not: a plus, a bare point, white space, words in other spellings.</summary>
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> word, string name, int i)
    {
        if (IsWord(word))
            return word;
        var digits = word.StartsWith((byte)'-') ? word[1..] : word;
        var isNumber = !digits.IsEmpty && digits[0] is >= (byte)'0' and <= (byte)'9' && digits[^1] is >= (byte)'0' and <= (byte)'9'
            && !(digits.Length > 1 && digits[0] == '0' && digits[1] is >= (byte)'0' and <= (byte)'9')
            && digits.IndexOfAnyExcept(InNumbers) < 0;
        return isNumber ? word : throw Wrong(name, i, "is not a number");
    }

    private static bool IsWord(ReadOnlySpan<byte> word) => word.SequenceEqual("NaN"u8) || word.SequenceEqual("Infinity"u8) || word.SequenceEqual("-Infinity"u8);

    private static string Of<T>() where T : unmanaged => DataTypes.Word(Onnx.ElementTypes.Of<T>());

    private static ProblemException Wrong(string name, int i, string why)
        => ProblemException.Invalid("value_invalid", $"Element {i} of a row of '{Names.Shorten(name)}' {why}.", "Send values of the datatype that the input declares.");
}
