using Steward.Onnx;

namespace Steward.Training;

/// <summary>What a trainer learned from features: a number per row, or a probability per class.</summary>
internal interface IFit
{
    /// <summary>Numbers per row.</summary>
    int Width { get; }

    /// <summary>The trainer's own answers, rows times width; the written graph must give the same.</summary>
    float[] Of(Matrix features);

    /// <summary>Writes the model after its features, float [N,D]; gives the name of float [N,Width].</summary>
    string Write(OnnxGraph graph, string features);
}
