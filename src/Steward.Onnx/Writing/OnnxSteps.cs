namespace Steward.Onnx;

/// <summary>The operators a picture or table model needs, in the field's words. Pictures are [N,C,H,W] unless said otherwise.</summary>
public sealed partial class OnnxGraph
{
    public string Cast(string x, ElementType to) => Node("Cast", [x], OnnxSetting.Int("to", (long)to));

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Sub(string a, string b) => Node("Sub", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Div(string a, string b) => Node("Div", [a, b]);

    public string Transpose(string x, params long[] order) => Node("Transpose", [x], OnnxSetting.Ints("perm", order));

    /// <summary>Bilinear resize of [N,C,h,w] to [N,C,height,width], pixel centres at half (as Pillow and PyTorch without antialiasing do).</summary>
    /// <param name="x">The pictures.</param>
    /// <param name="height">Rows after.</param>
    /// <param name="width">Columns after.</param>
    public string Resize(string x, int height, int width)
    {
        // Resize wants all four sizes; N and C come from the running tensor, so the batch stays free.
        var front = Node("Slice", [Shape(x), Constant(OnnxTensor.Of<long>([0])), Constant(OnnxTensor.Of<long>([2]))]);
        var sizes = Concat(0, front, Constant(OnnxTensor.Of<long>([height, width])));
        return Node("Resize", [x, "", "", sizes],
            OnnxSetting.Text("mode", "linear"), OnnxSetting.Text("coordinate_transformation_mode", "half_pixel"));
    }

    public string Shape(string x) => Node("Shape", [x]);

    /// <param name="x">[N,C,H,W].</param>
    /// <param name="weight">[O,C/groups,kh,kw].</param>
    /// <param name="bias">[O], or null for none.</param>
    /// <param name="stride">Step in both directions.</param>
    /// <param name="pad">Zeros on all four sides.</param>
    /// <param name="groups">C for a depthwise convolution.</param>
    public string Conv(string x, string weight, string? bias = null, int stride = 1, int pad = 0, int groups = 1) =>
        Node("Conv", bias is null ? [x, weight] : [x, weight, bias],
            OnnxSetting.Ints("strides", stride, stride), OnnxSetting.Ints("pads", pad, pad, pad, pad), OnnxSetting.Int("group", groups));

    public string Relu(string x) => Node("Relu", [x]);

    public string Sigmoid(string x) => Node("Sigmoid", [x]);

    public string Tanh(string x) => Node("Tanh", [x]);

    public string MaxPool(string x, int size, int stride) => Pool("MaxPool", x, size, stride);

    public string AveragePool(string x, int size, int stride) => Pool("AveragePool", x, size, stride);

    /// <summary>[N,C,H,W] to [N,C,1,1].</summary>
    public string GlobalAveragePool(string x) => Node("GlobalAveragePool", [x]);

    public string Concat(int axis, params string[] parts) => Node("Concat", parts, OnnxSetting.Int("axis", axis));

    /// <summary>[N,...] to [N,everything else].</summary>
    public string Flatten(string x) => Node("Flatten", [x], OnnxSetting.Int("axis", 1));

    /// <summary>0 keeps a dimension, -1 is worked out.</summary>
    public string Reshape(string x, params long[] shape) => Node("Reshape", [x, Constant(OnnxTensor.Of(shape))]);

    /// <summary>Drops dimensions of size 1.</summary>
    public string Squeeze(string x, params long[] axes) => Node("Squeeze", [x, Constant(OnnxTensor.Of(axes))]);

    /// <summary>x·weight + bias. With <paramref name="transposed"/> the weight is [out,in], as PyTorch keeps it; else [in,out].</summary>
    public string Gemm(string x, string weight, string bias, bool transposed = false) =>
        Node("Gemm", [x, weight, bias], OnnxSetting.Int("transB", transposed ? 1 : 0));

    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    public string Softmax(string x, int axis = -1) => Node("Softmax", [x], OnnxSetting.Int("axis", axis));

    /// <summary>Index (int64) of the greatest value along an axis, that axis removed; the first one wins a tie.</summary>
    public string ArgMax(string x, int axis = 1) =>
        Node("ArgMax", [x], OnnxSetting.Int("axis", axis), OnnxSetting.Int("keepdims", 0));

    /// <summary>Picks rows of <paramref name="table"/> by index: label texts from class numbers.</summary>
    public string Gather(string table, string indices, int axis = 0) => Node("Gather", [table, indices], OnnxSetting.Int("axis", axis));

    /// <summary>Adds a dimension of size 1.</summary>
    public string Unsqueeze(string x, long axis) => Node("Unsqueeze", [x, Constant(OnnxTensor.Of<long>([axis]))]);

    /// <summary>Element by element: from <paramref name="yes"/> where the condition (bool) holds, else from <paramref name="no"/>.</summary>
    public string Where(string condition, string yes, string no) => Node("Where", [condition, yes, no]);

    public string Equal(string a, string b) => Node("Equal", [a, b]);

    public string Less(string a, string b) => Node("Less", [a, b]);

    public string Max(string a, string b) => Node("Max", [a, b]);

    public string Min(string a, string b) => Node("Min", [a, b]);

    /// <summary>Whether each number is missing (NaN).</summary>
    public string IsNaN(string x) => Node("IsNaN", [x]);

    /// <summary>One number of any type, to calculate with.</summary>
    public string Number<T>(T value) where T : unmanaged => Constant(OnnxTensor.Scalar(value));

    /// <summary>Numbers (int64) for texts; a text that is not among them gets <paramref name="other"/>.</summary>
    public string Codes(string texts, IReadOnlyList<string> known, IReadOnlyList<long> codes, long other) =>
        Nodes("LabelEncoder", [texts], 1, "ai.onnx.ml", OnnxSetting.Texts("keys_strings", [.. known]), OnnxSetting.Ints("values_int64s", [.. codes]), OnnxSetting.Int("default_int64", other))[0];

    /// <summary>[N] codes from 0 (int64) to [N,count]: 1 in the column of the code, 0 elsewhere.</summary>
    public string OneHot(string codes, long count) =>
        Node("OneHot", [codes, Constant(OnnxTensor.Scalar(count)), Constant(OnnxTensor.Of<float>([0, 1]))], OnnxSetting.Int("axis", -1));

    /// <summary>The greatest values of each row and where they stand, best first.</summary>
    /// <returns>Values, and their indices (int64).</returns>
    public (string Values, string Indices) TopK(string x, long count) =>
        Nodes("TopK", [x, Constant(OnnxTensor.Of<long>([count]))], 2) is var both ? (both[0], both[1]) : default;

    public string Identity(string x) => Node("Identity", [x]);

    private string Pool(string op, string x, int size, int stride) =>
        Node(op, [x], OnnxSetting.Ints("kernel_shape", size, size), OnnxSetting.Ints("strides", stride, stride));
}
