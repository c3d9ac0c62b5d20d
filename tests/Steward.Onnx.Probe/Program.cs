using Microsoft.ML.OnnxRuntime;
using Steward.Onnx;

// steward-probe quiet|plain: runs a model once, through our session or through the engine alone, says so,
// and stays until its standard input is closed.
var graph = new OnnxGraph("probe");
graph.Output("y", graph.Relu(graph.Input("x", ElementType.Float, 1)), ElementType.Float, 1);
using var file = OnnxFile.Keep(graph.ToModel());
if (args is ["plain"])
{
    using var session = new InferenceSession(file.Path);
    Stay();
}
else
{
    using var session = OnnxSession.Open(file);
    using var x = OnnxValue.Of<float>(new float[] { -1 }, 1);
    session.Run(new Dictionary<string, OnnxValue> { ["x"] = x })[0].Dispose();
    Stay();
}

static void Stay()
{
    Console.WriteLine("ready");
    Console.In.ReadToEnd();
}
