using System.Text;
using CsCheck;
using Steward.Serving.OpenInference;

namespace Steward.Serving.Tests;

public class InferReaderTests
{
    private const string One = """{"name":"x","shape":[2,2],"datatype":"INT32","data":[1,2,3,4]}""";

    [Theory]
    [InlineData("[1,2,3,4]")]
    [InlineData("[[1,2],[3,4]]")]
    [InlineData(" [ [ 1 , 2 ] , [ 3 ,4 ] ] ")]
    public void Data_may_be_flat_or_nested_like_the_shape(string data)
    {
        using var request = Read($$"""{"inputs":[{"name":"x","shape":[2,2],"datatype":"INT32","data":{{data}}}]}""");
        Assert.Equal([1, 2, 3, 4], request.Inputs[0].As<int>().ToArray());
    }

    [Theory]
    [InlineData("[2,2]", "[1,2,3]")]
    [InlineData("[2,2]", "[1,2,3,4,5]")]
    [InlineData("[2,2]", "[[1,2],[3]]")]
    [InlineData("[2,2]", "[[1,2,3],[4]]")]
    [InlineData("[2,2]", "[[[1,2],[3,4]]]")]
    [InlineData("[2,2]", "[[1,2],3,4]")]
    [InlineData("[-1,2]", "[1,2]")]
    [InlineData("[1.5]", "[1]")]
    [InlineData("[9223372036854775808]", "[1]")]
    [InlineData("[16,1152921504606846978]", "[1]")]
    [InlineData("[100000000]", "[1]")]
    [InlineData("[2,2]", "[1,2,3,4")]
    [InlineData("[2,2]", "7")]
    [InlineData("[2,2]", "null")]
    public void Data_that_does_not_fill_the_shape_is_refused(string shape, string data)
        => Refused($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"INT32","data":{{data}}}]}""");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"inputs":[{}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT32"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"COMPLEX","data":[1]}]}""")]
    [InlineData("""{"inputs":[""" + One + "," + One + "]}")]
    [InlineData("""{"inputs":[""" + One + """],"outputs":[{"name":"y"},{"name":"y"}]}""")]
    [InlineData("""{"inputs":[""" + One + "]} and more")]
    public void What_is_not_a_request_is_refused(string text) => Refused(text);

    [Fact]
    public void What_the_protocol_does_not_know_is_passed_over()
    {
        using var request = Read("""{"model_name":"other","x":{"a":[1,{"b":"]}"}]},"id":"é","inputs":[{"name":"x","shape":[1],"datatype":"BYTES","data":["a\"\u00e9"],"more":null}]}""");
        Assert.Equal("é", request.Id);
        Assert.Equal(["a\"é"], request.Inputs[0].Texts!);
    }

    [Fact]
    public void Bytes_behind_the_json_fill_the_inputs_in_order()
    {
        var json = """{"inputs":[{"name":"a","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":2}},{"name":"b","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]}"""u8.ToArray();
        using var request = InferReader.Read([.. json, 7, 9, 2, 0, 0, 0, (byte)'h', (byte)'i'], json.Length);
        Assert.Equal([7, 9], request.Inputs[0].As<byte>().ToArray());
        Assert.Equal(["hi"], request.Inputs[1].Texts!);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(99)]
    public void Bytes_that_do_not_add_up_are_refused(int announced)
    {
        var json = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"a","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":{{{announced}}}}}]}""");
        Assert.Throws<ProblemException>(() => InferReader.Read([.. json, 7, 9], json.Length));
    }

    [Fact]
    public void Whatever_the_bytes_it_reads_them_or_refuses_them_in_words()
    {
        var sample = Encoding.UTF8.GetBytes("""{"id":"1","inputs":[""" + One + """],"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""");
        Gen.Select(Gen.Int[0, sample.Length - 1], Gen.Byte, Gen.Int[0, sample.Length]).Sample((at, with, length) =>
        {
            byte[] changed = [.. sample];
            changed[at] = with;
            try
            {
                InferReader.Read(changed.AsSpan(0, length), length).Dispose();
            }
            catch (ProblemException)
            {
                // refused, as it should be
            }
        }, iter: 50_000);
    }

    private static InferRequest Read(string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        return InferReader.Read(json, json.Length);
    }

    private static void Refused(string text) => Assert.Equal(ProblemKind.Invalid, Assert.Throws<ProblemException>(() => Read(text)).Kind);
}
