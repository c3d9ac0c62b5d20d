using CsCheck;

namespace Steward.Onnx.Tests;

public class OnnxGraphTests
{
    [Fact]
    public void The_same_steps_give_the_same_bytes() => Assert.Equal(new Pictures().Model(), new Pictures().Model());

    [Fact]
    public void A_written_model_says_what_it_takes_and_gives()
    {
        var read = OnnxCheck.Require(new Pictures().Model());
        Assert.Equal("image: UInt8[N,6,6,3]", Assert.Single(read.Signature.Inputs).ToString());
        Assert.Equal(["label: String[N]", "probabilities: Float[N,3]", "embedding: Float[N,2]"], read.Signature.Outputs.Select(o => o.ToString()));
        Assert.Equal("steward", read.Producer);
        Assert.Equal("pictures", read.Metadata["task"]);
        Assert.Equal(17, Assert.Single(read.Opsets).Value);
    }

    [Fact]
    public void Names_kinds_and_sizes_survive_the_way_through_the_file() => Gen.Select(
            Gen.String[1, 20], Gen.Enum<ElementType>(), Gen.Long[0, long.MaxValue], Gen.String[0, 10], Gen.Dictionary(Gen.String, Gen.String)[0, 5])
        .Where((name, _, _, _, _) => name != "out" && IsText(name))
        .Sample((name, type, size, symbol, metadata) =>
        {
            var graph = new OnnxGraph("g");
            graph.Output("out", graph.Input(name, type, size, IsText(symbol) ? symbol : "N", Dim.Unknown), type);
            var kept = metadata.Where(entry => IsText(entry.Key) && IsText(entry.Value)).ToDictionary();
            var read = OnnxCheck.Require(graph.ToModel(new() { Metadata = kept }));
            var input = Assert.Single(read.Signature.Inputs);
            Assert.Equal((name, type), (input.Name, input.Type));
            Assert.Equal([Dim.FromInt64(size), IsText(symbol) ? symbol.Length == 0 ? Dim.Unknown : symbol : "N", Dim.Unknown], input.Shape);
            Assert.Equal(kept, read.Metadata);
        });

    [Fact]
    public void A_name_is_given_once()
    {
        var graph = new OnnxGraph("g");
        graph.Input("x", ElementType.Float, "N");
        Assert.Throws<ArgumentException>(() => graph.Input("x", ElementType.Float, "N"));
    }

    [Fact]
    public void A_tensor_holds_as_many_values_as_its_shape_says() =>
        Assert.Throws<ArgumentException>(() => OnnxTensor.Of(new float[6], 2, 4));

    // Half a surrogate pair has no UTF-8.
    private static bool IsText(string text) => !text.Any(char.IsSurrogate);
}
