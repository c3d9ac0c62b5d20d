namespace Steward.Onnx.Wire;

// Field numbers of the messages that we write ourselves (facts of the ONNX format, IR version 8 and later).

internal static class ModelField
{
    public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Domain = 4, ModelVersion = 5, Doc = 6, Graph = 7,
        OpsetImport = 8, MetadataProps = 14, TrainingInfo = 20, Functions = 25;
}

internal static class GraphField
{
    public const int Node = 1, Name = 2, Initializer = 5, Doc = 10, Input = 11, Output = 12, ValueInfo = 13, SparseInitializer = 15;
}

internal static class NodeField
{
    public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7;
}

internal static class AttributeField
{
    public const int Name = 1, Float = 2, Int = 3, Text = 4, Tensor = 5, Graph = 6, Floats = 7, Ints = 8, Texts = 9, Type = 20;
}

internal static class TensorField
{
    public const int Dims = 1, DataType = 2, Segment = 3, FloatData = 4, Int32Data = 5, StringData = 6, Int64Data = 7, Name = 8, RawData = 9,
        DoubleData = 10, UInt64Data = 11, ExternalData = 13, DataLocation = 14;
}

internal static class ValueField
{
    public const int Name = 1, Type = 2;
}

internal static class TypeField
{
    public const int Tensor = 1, Sequence = 4, Map = 5, Opaque = 7, Sparse = 8, Optional = 9;

    // Inside Tensor and SparseTensor.
    public const int Element = 1, Shape = 2;
}

internal static class DimField
{
    // A shape holds dimensions in its field 1.
    public const int InShape = 1, Value = 1, Param = 2;
}

internal static class EntryField
{
    // StringStringEntry.
    public const int Key = 1, Value = 2;

    // OperatorSetId.
    public const int Domain = 1, Version = 2;
}
