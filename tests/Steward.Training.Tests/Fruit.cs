using Microsoft.ML.OnnxRuntime;
using Steward.Drawing;
using Steward.Host.Templates.Fruit;

namespace Steward.Training.Tests;

/// <summary>Drawn fruit as the trainer takes it, and what a finished file answers.</summary>
internal static class Fruit
{
    internal static List<TrainPicture> Known(int start, int count) => Pictures(FruitPictures.KnownStyles, start, count);

    internal static List<TrainPicture> New(int start, int count) => Pictures([FruitPictures.NewStyle], start, count);

    internal static PictureClassifierOptions Small(int seed = 1) => new() { Labels = FruitPictures.Kinds, Seed = seed, Filters = 32, Tunes = [new("one", 0.3f, Epochs: 6)] };

    /// <summary>Probabilities by the ONNX file alone.</summary>
    internal static float[][] Ask(byte[] onnx, IReadOnlyList<TrainPicture> pictures)
    {
        using var session = new InferenceSession(onnx);
        return [.. pictures.Chunk(100).SelectMany(some =>
        {
            using var image = OrtValue.CreateTensorValueFromMemory(some.SelectMany(picture => picture.Rgb).ToArray(), [some.Length, 64, 64, 3]);
            using var options = new RunOptions();
            using var answers = session.Run(options, ["image"], [image], ["probabilities"]);
            return answers[0].GetTensorDataAsSpan<float>().ToArray().Chunk(FruitPictures.Kinds.Count);
        })];
    }

    internal static int Best(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    internal static double Right(byte[] onnx, IReadOnlyList<TrainPicture> pictures)
        => Ask(onnx, pictures).Zip(pictures).Count(pair => Best(pair.First) == pair.Second.Label) / (double)pictures.Count;

    internal static double Unsure(byte[] onnx, IReadOnlyList<TrainPicture> pictures) => Ask(onnx, pictures).Count(row => row.Max() < 0.6) / (double)pictures.Count;

    private static List<TrainPicture> Pictures(IReadOnlyList<string> styles, int start, int count)
        => [.. FruitPictures.Many(7, styles, start, count).Select(fruit => new TrainPicture(Picture.Decode(fruit.Png, 100_000).Rgb, FruitPictures.Kinds.ToList().IndexOf(fruit.Label)))];
}
