using Steward.Onnx.Wire;

namespace Steward.Onnx;

/// <summary>A fixed setting of a node. Make one with the method that matches its kind.</summary>
public sealed class OnnxSetting
{
    // ONNX's AttributeType numbers.
    private const int FloatKind = 1, IntKind = 2, TextKind = 3, TensorKind = 4, GraphKind = 5, FloatsKind = 6, IntsKind = 7, TextsKind = 8;

    private readonly Action<ProtoWriter> _value;
    private readonly int _kind;

    private OnnxSetting(string name, int kind, Action<ProtoWriter> value) => (Name, _kind, _value) = (name, kind, value);

    public string Name { get; }

    /// <summary>Domains of the nodes in a sub-graph, so that the model can declare them.</summary>
    internal IEnumerable<string> InnerDomains { get; private init; } = [];

    public static OnnxSetting Int(string name, long value) => new(name, IntKind, to => to.Int(AttributeField.Int, value));

    public static OnnxSetting Float(string name, float value) => new(name, FloatKind, to => to.Float(AttributeField.Float, value));

    public static OnnxSetting Text(string name, string value) => new(name, TextKind, to => to.Text(AttributeField.Text, value));

    public static OnnxSetting Ints(string name, params long[] values) =>
        new(name, IntsKind, to => to.PackedInts(AttributeField.Ints, values));

    public static OnnxSetting Floats(string name, params float[] values) =>
        new(name, FloatsKind, to => to.PackedFloats(AttributeField.Floats, values));

    public static OnnxSetting Texts(string name, params string[] values) => new(name, TextsKind, to =>
    {
        foreach (var value in values) to.Text(AttributeField.Texts, value);
    });

    public static OnnxSetting Tensor(string name, OnnxTensor value) =>
        new(name, TensorKind, to => to.Message(AttributeField.Tensor, inner => value.WriteTo(inner, null)));

    /// <summary>A sub-graph: the body of a Loop, Scan or If.</summary>
    public static OnnxSetting Graph(string name, OnnxGraph body) =>
        new(name, GraphKind, to => to.Message(AttributeField.Graph, body.WriteTo)) { InnerDomains = body.Domains };

    internal void WriteTo(ProtoWriter to)
    {
        to.Text(AttributeField.Name, Name);
        _value(to);
        to.Int(AttributeField.Type, _kind);
    }
}
