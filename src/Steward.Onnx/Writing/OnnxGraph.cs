using System.Globalization;
using Steward.Onnx.Wire;

namespace Steward.Onnx;

/// <summary>
/// Builds an ONNX graph step by step. Every step takes the names of the tensors it reads and returns the name of the one
/// it makes. The same steps give the same bytes, so a model has one digest.
/// </summary>
public sealed partial class OnnxGraph(string name)
{
    // IR version 8 came with opset 15 to 18; older runtimes refuse a higher one.
    private const int IrVersion = 8;

    private readonly List<(string Name, ElementType Type, Dim[] Shape)> _inputs = [];
    private readonly List<(string Name, ElementType Type, Dim[] Shape)> _outputs = [];
    private readonly List<(string Name, OnnxTensor Value)> _constants = [];
    private readonly List<(string Domain, Action<ProtoWriter> Write, IReadOnlyList<OnnxSetting> Attributes)> _nodes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = [];

    public string Name { get; } = name;

    internal IEnumerable<string> Domains =>
        _nodes.SelectMany(node => node.Attributes.SelectMany(attribute => attribute.InnerDomains).Append(node.Domain)).Distinct();

    /// <summary>Declares an input, for instance <c>Input("image", ElementType.UInt8, "N", 224, 224, 3)</c>.</summary>
    public string Input(string name, ElementType type, params Dim[] shape)
    {
        Claim(name);
        _inputs.Add((name, type, shape));
        return name;
    }

    /// <summary>Declares an output and fills it from the tensor <paramref name="from"/>.</summary>
    public void Output(string name, string from, ElementType type, params Dim[] shape)
    {
        NodeNamed("Identity", [from], [name], "");
        _outputs.Add((name, type, shape));
    }

    /// <summary>Adds a constant under a name of your choice (or an own one) and returns that name.</summary>
    public string Constant(OnnxTensor value, string? name = null)
    {
        name ??= Fresh("constant");
        Claim(name);
        _constants.Add((name, value));
        return name;
    }

    /// <summary>Any operator with one result.</summary>
    public string Node(string op, IReadOnlyList<string> inputs, params ReadOnlySpan<OnnxSetting> attributes) =>
        Nodes(op, inputs, 1, "", attributes)[0];

    /// <summary>Any operator with several results, or of the domain <c>ai.onnx.ml</c>. An input named "" is left out.</summary>
    /// <returns>The names of its results.</returns>
    public IReadOnlyList<string> Nodes(
        string op, IReadOnlyList<string> inputs, int results, string domain = "", params ReadOnlySpan<OnnxSetting> attributes)
    {
        var names = new string[results];
        for (var index = 0; index < results; index++) names[index] = Fresh(op.ToLowerInvariant());
        NodeNamed(op, inputs, names, domain, attributes);
        return names;
    }

    /// <summary>The finished model as the bytes of an ONNX file.</summary>
    public byte[] ToModel(OnnxModelHead? head = null)
    {
        head ??= new();
        var to = new ProtoWriter();
        to.Int(ModelField.IrVersion, IrVersion);
        to.TextIfAny(ModelField.ProducerName, head.Producer);
        to.TextIfAny(ModelField.ProducerVersion, head.ProducerVersion);
        to.TextIfAny(ModelField.Doc, head.Doc);
        to.Message(ModelField.Graph, WriteTo);
        foreach (var domain in Domains.Append("").Distinct().Order(StringComparer.Ordinal))
            to.Message(ModelField.OpsetImport, opset =>
            {
                opset.TextIfAny(EntryField.Domain, domain);
                opset.Int(EntryField.Version, domain switch { "" => head.Opset, "ai.onnx.ml" => head.MlOpset, _ => 1 });
            });
        foreach (var (key, value) in head.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            to.Message(ModelField.MetadataProps, entry =>
            {
                entry.Text(EntryField.Key, key);
                entry.Text(EntryField.Value, value);
            });
        return to.Written.ToArray();
    }

    internal void WriteTo(ProtoWriter to)
    {
        foreach (var node in _nodes) to.Message(GraphField.Node, node.Write);
        to.Text(GraphField.Name, Name);
        foreach (var (name, value) in _constants) to.Message(GraphField.Initializer, tensor => value.WriteTo(tensor, name));
        foreach (var input in _inputs) to.Message(GraphField.Input, value => WriteValue(value, input.Name, input.Type, input.Shape));
        foreach (var output in _outputs) to.Message(GraphField.Output, value => WriteValue(value, output.Name, output.Type, output.Shape));
    }

    private void NodeNamed(
        string op, IReadOnlyList<string> inputs, string[] outputs, string domain, params ReadOnlySpan<OnnxSetting> attributes)
    {
        foreach (var output in outputs) Claim(output);
        OnnxSetting[] settings = [.. attributes];
        string[] reads = [.. inputs];
        _nodes.Add((domain, to =>
        {
            foreach (var input in reads) to.Text(NodeField.Input, input);
            foreach (var output in outputs) to.Text(NodeField.Output, output);
            to.Text(NodeField.Name, outputs[0]);
            to.Text(NodeField.OpType, op);
            foreach (var setting in settings) to.Message(NodeField.Attribute, setting.WriteTo);
            to.TextIfAny(NodeField.Domain, domain);
        }, settings));
    }

    private string Fresh(string stem)
    {
        do _counts[stem] = _counts.GetValueOrDefault(stem) + 1;
        while (_names.Contains(Numbered(stem)));
        return Numbered(stem);
    }

    // The graph's name in front keeps a sub-graph's tensors apart from its parent's, which ONNX demands.
    private string Numbered(string stem) => string.Create(CultureInfo.InvariantCulture, $"{Name}/{stem}_{_counts[stem]}");

    private void Claim(string name)
    {
        if (!_names.Add(name)) throw new ArgumentException($"The graph already has a tensor named '{name}'.", nameof(name));
    }

    private static void WriteValue(ProtoWriter to, string name, ElementType type, Dim[] shape)
    {
        to.Text(ValueField.Name, name);
        to.Message(ValueField.Type, outer => outer.Message(TypeField.Tensor, tensor =>
        {
            tensor.Int(TypeField.Element, (long)type);
            tensor.Message(TypeField.Shape, dims =>
            {
                foreach (var dim in shape) dims.Message(DimField.InShape, one => WriteDim(one, dim));
            });
        }));
    }

    private static void WriteDim(ProtoWriter to, Dim dim)
    {
        if (dim.Size is { } size) to.Int(DimField.Value, size);
        else to.TextIfAny(DimField.Param, dim.Name);
    }
}
