using Steward.Onnx.Wire;

namespace Steward.Onnx.Tests;

/// <summary>Models no honest tool writes, made field by field.</summary>
internal static class Hostile
{
    public static byte[] Model(Action<ProtoWriter> model)
    {
        var to = new ProtoWriter();
        to.Int(ModelField.IrVersion, 8);
        model(to);
        to.Message(ModelField.OpsetImport, opset => opset.Int(EntryField.Version, 17));
        return to.Written.ToArray();
    }

    public static byte[] InGraph(Action<ProtoWriter> graph) => Model(model => model.Message(ModelField.Graph, graph));

    /// <summary>A tensor whose four numbers are in another file.</summary>
    public static Action<ProtoWriter> Elsewhere(string location = "weights.bin", bool entries = true, long? place = 1) => tensor =>
    {
        tensor.PackedInts(TensorField.Dims, [4]);
        tensor.Int(TensorField.DataType, 1);
        tensor.Text(TensorField.Name, "w");
        if (entries)
            tensor.Message(TensorField.ExternalData, entry =>
            {
                entry.Text(EntryField.Key, "location");
                entry.Text(EntryField.Value, location);
            });
        if (place is { } where) tensor.Int(TensorField.DataLocation, where);
    };

    public static Action<ProtoWriter> Tensor(long[] dims, long type, int rawBytes) => tensor =>
    {
        tensor.PackedInts(TensorField.Dims, dims);
        tensor.Int(TensorField.DataType, type);
        tensor.Bytes(TensorField.RawData, new byte[rawBytes]);
    };

    public static Action<ProtoWriter> Node(int attributeField, Action<ProtoWriter> inAttribute, string domain = "") => node =>
    {
        node.Text(NodeField.OpType, "Constant");
        node.Message(NodeField.Attribute, attribute => attribute.Message(attributeField, inAttribute));
        node.TextIfAny(NodeField.Domain, domain);
    };

    /// <summary>Sub-graphs within sub-graphs.</summary>
    public static byte[] Nested(int levels)
    {
        Action<ProtoWriter> graph = inner => inner.Text(GraphField.Name, "bottom");
        for (var level = 0; level < levels; level++)
        {
            var below = graph;
            graph = outer => outer.Message(GraphField.Node, Node(AttributeField.Graph, below));
        }
        return InGraph(graph);
    }

    public static byte[] EndlessLoop()
    {
        var body = new OnnxGraph("body");
        body.Input("turn", ElementType.Int64);
        var go = body.Input("go", ElementType.Bool);
        var x = body.Input("x", ElementType.Float, 1);
        body.Output("go_on", go, ElementType.Bool);
        body.Output("x_on", body.Relu(x), ElementType.Float, 1);
        var graph = new OnnxGraph("endless");
        var start = graph.Input("start", ElementType.Float, 1);
        var end = graph.Node("Loop", ["", graph.Constant(OnnxTensor.Scalar(true)), start], OnnxSetting.Graph("body", body));
        graph.Output("end", end, ElementType.Float, 1);
        return graph.ToModel();
    }
}
