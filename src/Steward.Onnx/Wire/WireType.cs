namespace Steward.Onnx.Wire;

/// <summary>How a protobuf field is laid out. Groups (3 and 4) are long dead; ONNX never uses them and we refuse them.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
