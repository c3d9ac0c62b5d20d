using Steward.Onnx.Wire;

namespace Steward.Onnx.Tests;

public class OnnxCheckTests
{
    public static TheoryData<string, byte[]> DataElsewhere => new()
    {
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere())) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere("../../etc/passwd"))) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere("/etc/passwd"))) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere("*/_ORT_MEM_ADDR_/*"))) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere(place: null))) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere(entries: false))) },
        { "graph/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Elsewhere(entries: false, place: (1L << 32) + 1))) },
        { "graph/sparse_initializer[0]/values", Hostile.InGraph(g => g.Message(GraphField.SparseInitializer, s => s.Message(1, Hostile.Elsewhere()))) },
        { "graph/sparse_initializer[0]/indices", Hostile.InGraph(g => g.Message(GraphField.SparseInitializer, s => s.Message(2, Hostile.Elsewhere()))) },
        { "graph/node[0]/attribute[0]/t", Hostile.InGraph(g => g.Message(GraphField.Node, Hostile.Node(AttributeField.Tensor, Hostile.Elsewhere()))) },
        { "graph/node[0]/attribute[0]/tensors[0]", Hostile.InGraph(g => g.Message(GraphField.Node, Hostile.Node(10, Hostile.Elsewhere()))) },
        { "graph/node[0]/attribute[0]/sparse_tensor/values", Hostile.InGraph(g => g.Message(GraphField.Node, Hostile.Node(22, s => s.Message(1, Hostile.Elsewhere())))) },
        { "graph/node[0]/attribute[0]/g/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Node, Hostile.Node(AttributeField.Graph,
            inner => inner.Message(GraphField.Initializer, Hostile.Elsewhere())))) },
        { "graph/node[0]/attribute[0]/graphs[0]/initializer[0]", Hostile.InGraph(g => g.Message(GraphField.Node, Hostile.Node(11,
            inner => inner.Message(GraphField.Initializer, Hostile.Elsewhere())))) },
        { "functions[0]/node[0]/attribute[0]/t", Hostile.Model(m => m.Message(ModelField.Functions,
            f => f.Message(7, Hostile.Node(AttributeField.Tensor, Hostile.Elsewhere())))) },
        { "functions[0]/attribute_proto[0]/t", Hostile.Model(m => m.Message(ModelField.Functions,
            f => f.Message(11, a => a.Message(AttributeField.Tensor, Hostile.Elsewhere())))) },
        { "training_info[0]/initialization/initializer[0]", Hostile.Model(m => m.Message(ModelField.TrainingInfo,
            t => t.Message(1, g => g.Message(GraphField.Initializer, Hostile.Elsewhere())))) },
        { "training_info[0]/algorithm/initializer[0]", Hostile.Model(m => m.Message(ModelField.TrainingInfo,
            t => t.Message(2, g => g.Message(GraphField.Initializer, Hostile.Elsewhere())))) },
        { "graph/node[0]/op_type", Hostile.InGraph(g => g.Message(GraphField.Node, n => n.Text(NodeField.OpType, "EPContext"))) },
    };

    [Theory]
    [MemberData(nameof(DataElsewhere))]
    public void Data_in_another_file_is_found_wherever_it_hides(string place, byte[] model) =>
        Assert.Contains(OnnxCheck.Walk(model), finding => finding.Code == OnnxCodes.ExternalData && finding.Path.StartsWith(place, StringComparison.Ordinal));

    public static TheoryData<long[], long, int> Bombs => new()
    {
        { [1_000_000_000_000], 1, 4 },
        { [1L << 32, 1L << 32], 1, 0 }, // 2^64 is 0 in 64 bits
        { [-1], 1, 0 },
        { [3], 1, 8 },
        { [1], 8, 1 }, // a text cannot be raw
        { [1], 99, 4 },
        { [(1L << 28) + 1], 1, 4 },
        { [2], (1L << 32) + 1, 4 },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_tensor_that_declares_what_it_does_not_hold_is_refused(long[] dims, long type, int rawBytes)
    {
        var model = Hostile.InGraph(g => g.Message(GraphField.Initializer, Hostile.Tensor(dims, type, rawBytes)));
        Assert.Equal(OnnxCodes.TensorSize, Assert.Single(OnnxCheck.Walk(model)).Code);
    }

    [Fact]
    public void A_sparse_tensor_that_unfolds_to_terabytes_is_refused()
    {
        var model = Hostile.InGraph(g => g.Message(GraphField.SparseInitializer, s => s.PackedInts(3, [1_000_000, 1_000_000])));
        Assert.Contains(OnnxCheck.Walk(model), finding => finding.Code == OnnxCodes.TensorSize);
    }

    [Theory]
    [InlineData("evil.ops", false)]
    [InlineData("com.microsoft", false)]
    [InlineData("ai.onnx\0x", false)]
    [InlineData("ai.onnx.training", false)]
    [InlineData("ai.onnx.ml", true)]
    public void Only_standard_operators_pass(string domain, bool passes)
    {
        var model = Hostile.InGraph(g => g.Message(GraphField.Node, n => n.Text(NodeField.Domain, domain)));
        Assert.Equal(passes ? [] : [OnnxCodes.CustomDomain], OnnxCheck.Walk(model).Select(finding => finding.Code));
    }

    [Fact]
    public void The_runtimes_own_operators_pass_when_allowed()
    {
        var model = Hostile.InGraph(g => g.Message(GraphField.Node, n => n.Text(NodeField.Domain, "com.microsoft")));
        Assert.Empty(OnnxCheck.Walk(model, new() { AllowMicrosoftOperators = true }));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(30, OnnxCodes.TooDeep)]
    [InlineData(500, OnnxCodes.TooDeep)]
    public void Deep_nesting_is_refused(int levels, string? code) =>
        Assert.Equal(code, OnnxCheck.Walk(Hostile.Nested(levels)).SingleOrDefault()?.Code);

    [Fact]
    public void A_part_that_readers_would_merge_is_refused()
    {
        var model = Hostile.Model(m =>
        {
            m.Message(ModelField.Graph, g => g.Text(GraphField.Name, "a"));
            m.Message(ModelField.Graph, g => g.Text(GraphField.Name, "b"));
        });
        Assert.Contains(OnnxCheck.Walk(model), finding => finding.Code == OnnxCodes.RepeatedField);
    }

    [Fact]
    public void A_field_nobody_knows_is_refused()
    {
        var model = Hostile.InGraph(g => g.Message(GraphField.Initializer, t => t.Int(31, 1)));
        Assert.Contains(OnnxCheck.Walk(model), finding => finding.Code == OnnxCodes.UnknownField);
    }

    [Fact]
    public void Size_and_number_of_parts_are_limited()
    {
        var model = new Pictures().Model();
        Assert.Equal(OnnxCodes.TooLarge, Assert.Single(OnnxCheck.Walk(model, new() { MaxFileBytes = model.Length - 1 })).Code);
        Assert.Equal(OnnxCodes.TooManyParts, Assert.Single(OnnxCheck.Walk(model, new() { MaxParts = 10 })).Code);
    }

    [Fact]
    public void Complaints_about_a_hostile_file_stay_few()
    {
        var model = Hostile.InGraph(g =>
        {
            for (var index = 0; index < 10_000; index++) g.Message(GraphField.Initializer, Hostile.Elsewhere());
        });
        Assert.InRange(OnnxCheck.Walk(model).Count, 1, 60);
    }

    [Fact]
    public void No_bytes_are_no_model() => Assert.Equal(OnnxCodes.NoGraph, Assert.Single(OnnxCheck.Walk([])).Code);
}
