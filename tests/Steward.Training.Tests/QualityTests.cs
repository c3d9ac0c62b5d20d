using Steward.Host.Templates.Fruit;
using Steward.Statistics;

namespace Steward.Training.Tests;

/// <summary>How good the trainer is with its defaults on drawn fruit of the demo's size, before and after people named a few pictures of a new style.</summary>
public class QualityTests(QualityTests.Trained trained) : IClassFixture<QualityTests.Trained>
{
    [Fact]
    public void The_known_styles_are_told_apart() => Assert.InRange(Trained.F1(trained.Before, trained.Test), 0.93, 1);

    [Fact]
    public void Forty_named_pictures_of_a_new_style_teach_it()
    {
        var (before, after) = (Fruit.Right(trained.Before, trained.Changed), Fruit.Right(trained.After, trained.Changed));
        Assert.InRange(after, 0.88, 1);
        Assert.True(after > before, $"{before} right before, {after} after");
    }

    [Fact]
    public void What_was_known_is_not_forgotten() => Assert.InRange(Trained.F1(trained.After, trained.Test), Trained.F1(trained.Before, trained.Test) - 0.015, 1);

    public sealed class Trained
    {
        public Trained()
        {
            var (known, seen) = (Fruit.Known(0, 4240), Fruit.New(0, 400));
            var (train, valid) = (known[..3200], known[3200..3600]);
            (Test, Changed) = (known[3600..], Fruit.New(400, 1000));
            Before = Fit(train, valid);
            // Those it doubts most; of seven that people name, one is to choose by and one to judge with.
            var named = Fruit.Ask(Before, seen).Zip(seen).OrderBy(pair => Margin(pair.First)).Take(40).OrderBy(pair => pair.Second.Label)
                .Select(pair => pair.Second with { Weight = (float)new TrainSection().LabelWeight }).ToList();
            After = Fit([.. train, .. named.Where((_, i) => i % 7 is not (3 or 6))], [.. valid, .. named.Where((_, i) => i % 7 == 3)]);
        }

        internal byte[] Before { get; }

        internal byte[] After { get; }

        internal List<TrainPicture> Test { get; }

        /// <summary>A thousand pictures of the new style that nobody named.</summary>
        internal List<TrainPicture> Changed { get; }

        internal static double F1(byte[] onnx, List<TrainPicture> pictures)
            => ConfusionMatrix.Of(pictures.Select(picture => picture.Label).ToArray(), Fruit.Ask(onnx, pictures).Select(Fruit.Best).ToArray(), FruitPictures.Kinds.Count).MacroF1;

        private static byte[] Fit(List<TrainPicture> train, List<TrainPicture> valid)
            => PictureClassifier.Fit(train, valid, new() { Labels = FruitPictures.Kinds }, null, TestContext.Current.CancellationToken)[0].Onnx;

        private static float Margin(float[] probabilities) => probabilities.OrderDescending().ToArray() is [var first, var second, ..] ? first - second : 1;
    }
}
