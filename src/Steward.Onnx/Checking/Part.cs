namespace Steward.Onnx.Checking;

/// <summary>The kinds of message an ONNX file is made of.</summary>
internal enum Part
{
    None, Model, Graph, Node, Attribute, Tensor, SparseTensor, Segment, Value, Type, TensorType, SequenceType, MapType, OpaqueType,
    Shape, Dimension, OperatorSet, Entry, Annotation, Training, Function, Device, NodeDevice, Sharding, ShardedDim, SimpleSharding, IntsEntry,
}

/// <summary>What a field of a message may hold.</summary>
internal enum Holds { Int, Ints, Float, Floats, Doubles, Text, Texts, One, Many }

/// <param name="Name">The field's name in ONNX.</param>
/// <param name="Holds">What it may hold, and whether more than once.</param>
/// <param name="Child">The message inside, for One and Many.</param>
internal sealed record Field(string Name, Holds Holds, Part Child = Part.None)
{
    public bool MayRepeat => Holds is Holds.Ints or Holds.Floats or Holds.Doubles or Holds.Texts or Holds.Many;
}
