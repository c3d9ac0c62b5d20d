using System.Globalization;
using System.Text;
using CsCheck;
using Steward.Serving.OpenInference;

namespace Steward.Serving.Tests;

public class NumbersTests
{
    [Fact]
    public void A_float_is_read_as_the_framework_reads_it() => Gen.Single.Where(float.IsFinite).Array[1, 40].Sample(values =>
    {
        var texts = values.Select(value => value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal));
        return Read<float>("FP32", texts).SequenceEqual(values);
    });

    /// <summary>Clients write float32 values as 17-digit doubles; reading them by way of a double rounds twice.</summary>
    [Fact]
    public void A_long_decimal_is_rounded_once() => Gen.Select(Gen.ULong[0, 9_999_999_999_999_999_999], Gen.Int[0, 19], Gen.Bool).Sample((digits, point, negative) =>
    {
        var text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(20, '0');
        text = $"{(negative ? "-" : "")}{text[..^point].TrimStart('0').PadLeft(1, '0')}{(point == 0 ? "" : ".")}{text[^point..]}";
        return BitConverter.SingleToInt32Bits(Read<float>("FP32", [text])[0]) == BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture));
    }, iter: 200_000);

    [Theory]
    [InlineData("1.00000005960464477540")] // just above the middle between two floats
    [InlineData("1.00000005960464477539")] // exactly the middle: to even
    [InlineData("1.0000000596046447753")]
    [InlineData("16777217")]
    [InlineData("0.00000000000000000000000000000000000000000000140129846432481707")]
    [InlineData("3.4028235e38")]
    public void The_hard_middles_are_right(string text)
        => Assert.Equal(float.Parse(text, CultureInfo.InvariantCulture), Read<float>("FP32", [text])[0]);

    [Fact]
    public void Whole_numbers_of_every_width_come_out_as_they_went_in()
    {
        Gen.Byte.Array[1, 50].Sample(values => Read<byte>("UINT8", values.Select(Text)).SequenceEqual(values));
        Gen.SByte.Array[1, 50].Sample(values => Read<sbyte>("INT8", values.Select(Text)).SequenceEqual(values));
        Gen.Long.Array[1, 50].Sample(values => Read<long>("INT64", values.Select(Text)).SequenceEqual(values));
        Gen.ULong.Array[1, 50].Sample(values => Read<ulong>("UINT64", values.Select(Text)).SequenceEqual(values));
    }

    [Theory]
    [InlineData("UINT8", "256")]
    [InlineData("UINT8", "-1")]
    [InlineData("UINT8", "1.0")]
    [InlineData("UINT8", "01")]
    [InlineData("INT8", "-129")]
    [InlineData("INT64", "9223372036854775808")]
    [InlineData("UINT64", "18446744073709551616")]
    [InlineData("INT32", "true")]
    [InlineData("INT32", "\"1\"")]
    [InlineData("FP32", "\"1\"")]
    [InlineData("FP32", "null")]
    [InlineData("FP32", "1e39")]
    [InlineData("FP32", "+1")]
    [InlineData("FP32", ".5")]
    [InlineData("FP64", "1_000")]
    [InlineData("BOOL", "1")]
    [InlineData("BYTES", "1")]
    public void A_value_of_another_kind_is_refused(string datatype, string value)
        => Assert.Equal(ProblemKind.Invalid, Assert.Throws<ProblemException>(() => Request(datatype, [value])).Kind);

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static T[] Read<T>(string datatype, IEnumerable<string> texts) where T : unmanaged
    {
        using var request = Request(datatype, [.. texts]);
        return request.Inputs[0].As<T>().ToArray();
    }

    private static InferRequest Request(string datatype, string[] texts)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"data":[{{string.Join(" , ", texts)}}],"name":"x","shape":[{{texts.Length}}],"datatype":"{{datatype}}"}]}""");
        return InferReader.Read(json, json.Length);
    }
}
