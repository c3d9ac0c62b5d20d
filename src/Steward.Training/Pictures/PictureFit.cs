namespace Steward.Training;

/// <summary>How far a training is.</summary>
/// <param name="Phase">What is being done: <c>filters</c>, <c>features</c> or a tune's name.</param>
/// <param name="Done">Part of the whole training, 0 to 1.</param>
/// <param name="Step">An epoch's figures, when one has just ended.</param>
public sealed record TrainProgress(string Phase, double Done, TuneStep? Step = null);

/// <summary>Figures after an epoch of a tune.</summary>
/// <param name="Tune">Its name.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean cross entropy of the epoch, in nats.</param>
/// <param name="ValidAccuracy">0 to 1.</param>
/// <param name="ValidF1">Mean F1 over the kinds, 0 to 1.</param>
public sealed record TuneStep(string Tune, int Epoch, double Loss, double ValidAccuracy, double ValidF1);

/// <summary>A trained tune.</summary>
/// <param name="Tune">How it was trained.</param>
/// <param name="Steps">Figures by epoch.</param>
/// <param name="Onnx">The model, one file: <c>image</c> uint8 [N,H,W,3] to <c>label</c> string [N], <c>probabilities</c> float [N,K],
/// <c>embedding</c> float [N,D].</param>
/// <param name="Temperature">What the logits are divided by so that valid confidence is honest.</param>
/// <param name="ValidProbabilities">The trainer's own answers on the valid pictures, one row each.</param>
/// <param name="TrainAccuracy">Right answers among the pictures it learned from, as they came (without their copies), 0 to 1: far above what new ones get, it learned by heart.</param>
public sealed record PictureFit(HeadTune Tune, IReadOnlyList<TuneStep> Steps, byte[] Onnx, float Temperature, float[][] ValidProbabilities, double TrainAccuracy)
{
    /// <summary>How answers are widened to hold the truth.</summary>
    internal Coverage? Coverage { get; init; }

    /// <summary>Valid macro F1 at the end, 0 to 1.</summary>
    public double ValidF1 => Steps[^1].ValidF1;
}
