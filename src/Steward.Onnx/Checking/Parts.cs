using static Steward.Onnx.Checking.Holds;

namespace Steward.Onnx.Checking;

/// <summary>
/// Every field of every message in ONNX up to IR version 13, so that the walk can refuse what it does not know:
/// a field that a newer reader understands and we do not could hide anything.
/// </summary>
internal static class Parts
{
    /// <summary>Field numbers stay below this.</summary>
    public const int Fields = 32;

    public static Field? Find(Part part, int number) => number < Fields ? All[(int)part]?[number] : null;

    private static readonly Field?[]?[] All = Build();

    private static Field?[]?[] Build()
    {
        var all = new Field?[Enum.GetValues<Part>().Length][];
        void Add(Part part, params (int Number, Field Field)[] fields)
        {
            all[(int)part] = new Field?[Fields];
            foreach (var (number, field) in fields) all[(int)part][number] = field;
        }

        (int, Field) Of(int number, string name, Holds holds, Part child = Part.None) => (number, new(name, holds, child));

        Add(Part.Model, Of(1, "ir_version", Int), Of(2, "producer_name", Text), Of(3, "producer_version", Text), Of(4, "domain", Text),
            Of(5, "model_version", Int), Of(6, "doc_string", Text), Of(7, "graph", One, Part.Graph), Of(8, "opset_import", Many, Part.OperatorSet),
            Of(14, "metadata_props", Many, Part.Entry), Of(20, "training_info", Many, Part.Training), Of(25, "functions", Many, Part.Function),
            Of(26, "configuration", Many, Part.Device));
        Add(Part.Graph, Of(1, "node", Many, Part.Node), Of(2, "name", Text), Of(5, "initializer", Many, Part.Tensor), Of(10, "doc_string", Text),
            Of(11, "input", Many, Part.Value), Of(12, "output", Many, Part.Value), Of(13, "value_info", Many, Part.Value),
            Of(14, "quantization_annotation", Many, Part.Annotation), Of(15, "sparse_initializer", Many, Part.SparseTensor),
            Of(16, "metadata_props", Many, Part.Entry));
        Add(Part.Node, Of(1, "input", Texts), Of(2, "output", Texts), Of(3, "name", Text), Of(4, "op_type", Text), Of(5, "attribute", Many, Part.Attribute),
            Of(6, "doc_string", Text), Of(7, "domain", Text), Of(8, "overload", Text), Of(9, "metadata_props", Many, Part.Entry),
            Of(10, "device_configurations", Many, Part.NodeDevice));
        Add(Part.Attribute, Of(1, "name", Text), Of(2, "f", Float), Of(3, "i", Int), Of(4, "s", Text), Of(5, "t", One, Part.Tensor),
            Of(6, "g", One, Part.Graph), Of(7, "floats", Floats), Of(8, "ints", Ints), Of(9, "strings", Texts), Of(10, "tensors", Many, Part.Tensor),
            Of(11, "graphs", Many, Part.Graph), Of(13, "doc_string", Text), Of(14, "tp", One, Part.Type), Of(15, "type_protos", Many, Part.Type),
            Of(20, "type", Int), Of(21, "ref_attr_name", Text), Of(22, "sparse_tensor", One, Part.SparseTensor),
            Of(23, "sparse_tensors", Many, Part.SparseTensor));
        Add(Part.Tensor, Of(1, "dims", Ints), Of(2, "data_type", Int), Of(3, "segment", One, Part.Segment), Of(4, "float_data", Floats),
            Of(5, "int32_data", Ints), Of(6, "string_data", Texts), Of(7, "int64_data", Ints), Of(8, "name", Text), Of(9, "raw_data", Text),
            Of(10, "double_data", Doubles), Of(11, "uint64_data", Ints), Of(12, "doc_string", Text), Of(13, "external_data", Many, Part.Entry),
            Of(14, "data_location", Int), Of(16, "metadata_props", Many, Part.Entry));
        Add(Part.SparseTensor, Of(1, "values", One, Part.Tensor), Of(2, "indices", One, Part.Tensor), Of(3, "dims", Ints));
        Add(Part.Segment, Of(1, "begin", Int), Of(2, "end", Int));
        Add(Part.Value, Of(1, "name", Text), Of(2, "type", One, Part.Type), Of(3, "doc_string", Text), Of(4, "metadata_props", Many, Part.Entry));
        Add(Part.Type, Of(1, "tensor_type", One, Part.TensorType), Of(4, "sequence_type", One, Part.SequenceType), Of(5, "map_type", One, Part.MapType),
            Of(6, "denotation", Text), Of(7, "opaque_type", One, Part.OpaqueType), Of(8, "sparse_tensor_type", One, Part.TensorType),
            Of(9, "optional_type", One, Part.SequenceType));
        Add(Part.TensorType, Of(1, "elem_type", Int), Of(2, "shape", One, Part.Shape));
        Add(Part.SequenceType, Of(1, "elem_type", One, Part.Type));
        Add(Part.MapType, Of(1, "key_type", Int), Of(2, "value_type", One, Part.Type));
        Add(Part.OpaqueType, Of(1, "domain", Text), Of(2, "name", Text));
        Add(Part.Shape, Of(1, "dim", Many, Part.Dimension));
        Add(Part.Dimension, Of(1, "dim_value", Int), Of(2, "dim_param", Text), Of(3, "denotation", Text));
        Add(Part.OperatorSet, Of(1, "domain", Text), Of(2, "version", Int));
        Add(Part.Entry, Of(1, "key", Text), Of(2, "value", Text));
        Add(Part.Annotation, Of(1, "tensor_name", Text), Of(2, "quant_parameter_tensor_names", Many, Part.Entry));
        Add(Part.Training, Of(1, "initialization", One, Part.Graph), Of(2, "algorithm", One, Part.Graph),
            Of(3, "initialization_binding", Many, Part.Entry), Of(4, "update_binding", Many, Part.Entry));
        Add(Part.Function, Of(1, "name", Text), Of(4, "input", Texts), Of(5, "output", Texts), Of(6, "attribute", Texts),
            Of(7, "node", Many, Part.Node), Of(8, "doc_string", Text), Of(9, "opset_import", Many, Part.OperatorSet), Of(10, "domain", Text),
            Of(11, "attribute_proto", Many, Part.Attribute), Of(12, "value_info", Many, Part.Value), Of(13, "overload", Text),
            Of(14, "metadata_props", Many, Part.Entry));
        Add(Part.Device, Of(1, "name", Text), Of(2, "num_devices", Int), Of(3, "device", Texts));
        Add(Part.NodeDevice, Of(1, "configuration_id", Text), Of(2, "sharding_spec", Many, Part.Sharding), Of(3, "pipeline_stage", Int));
        Add(Part.Sharding, Of(1, "tensor_name", Text), Of(2, "device", Ints), Of(3, "index_to_device_group_map", Many, Part.IntsEntry),
            Of(4, "sharded_dim", Many, Part.ShardedDim));
        Add(Part.ShardedDim, Of(1, "axis", Int), Of(2, "simple_sharding", Many, Part.SimpleSharding));
        Add(Part.SimpleSharding, Of(1, "dim_value", Int), Of(2, "dim_param", Text), Of(3, "num_shards", Int));
        Add(Part.IntsEntry, Of(1, "key", Int), Of(2, "value", Ints));
        return all;
    }
}
