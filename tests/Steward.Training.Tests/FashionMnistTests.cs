using Microsoft.ML.OnnxRuntime;
using Steward.Drawing;

namespace Steward.Training.Tests;

/// <summary>Real pictures, the trainer's defaults.</summary>
public class FashionMnistTests
{
    [Fact]
    public void Nine_of_ten_official_test_pictures_of_clothes_are_named_right()
    {
        var (all, test) = (FashionMnist.Train(), FashionMnist.Test());
        Assert.Equal((60_000, 10_000), (all.Length, test.Length));
        var side = PictureSide.For([.. all.Take(PictureSide.Enough).Select(one => Picture.Decode(one.Png, 10_000))]);
        var pictures = all.AsParallel().AsOrdered().Select(one => FashionMnist.Learned(one, side)).ToList();
        var options = new PictureClassifierOptions { Labels = FashionMnist.Kinds, Side = side };
        var fit = PictureClassifier.Fit(pictures[..55_000], pictures[55_000..], options, null, TestContext.Current.CancellationToken)[0];

        // As they come: 28 x 28, brought to size by the file itself.
        using var session = new InferenceSession(fit.Onnx);
        var right = test.Chunk(100).Sum(some =>
        {
            using var image = OrtValue.CreateTensorValueFromMemory(some.SelectMany(one => Picture.Decode(one.Png, 10_000).Rgb).ToArray(), [some.Length, 28, 28, 3]);
            using var options = new RunOptions();
            using var answers = session.Run(options, ["image"], [image], ["label"]);
            return answers[0].GetStringTensorAsArray().Zip(some).Count(pair => pair.First == FashionMnist.Kinds[pair.Second.Label]);
        });
        Assert.InRange(right, 9_000, 10_000);
    }
}
