using Microsoft.ML.OnnxRuntime;
using Steward.Drawing;
using Steward.Host.Templates.Fruit;

namespace Steward.Training.Tests;

public class PictureClassifierTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Equal_pictures_and_seed_give_equal_files_and_another_seed_another()
    {
        var (train, valid) = (Fruit.Known(0, 120), Fruit.Known(120, 40));
        var one = PictureClassifier.Fit(train, valid, Fruit.Small(), null, Stop)[0].Onnx;
        Assert.Equal(one, PictureClassifier.Fit(train, valid, Fruit.Small(), null, Stop)[0].Onnx);
        Assert.NotEqual(one, PictureClassifier.Fit(train, valid, Fruit.Small(2), null, Stop)[0].Onnx);
    }

    [Fact]
    public void The_file_answers_as_the_trainer_did()
    {
        var valid = Fruit.Known(200, 60);
        var fit = PictureClassifier.Fit(Fruit.Known(0, 200), valid, Fruit.Small(), null, Stop)[0];
        Assert.All(Fruit.Ask(fit.Onnx, valid).Zip(fit.ValidProbabilities), pair =>
            Assert.All(pair.First.Zip(pair.Second), p => Assert.Equal(p.Second, p.First, 1e-5f)));
    }

    [Fact]
    public void A_file_takes_any_size_and_gives_a_label_probabilities_and_an_embedding()
    {
        var fit = PictureClassifier.Fit(Fruit.Known(0, 120), Fruit.Known(120, 40), Fruit.Small(), null, Stop)[0];
        using var session = new InferenceSession(fit.Onnx);
        using var image = OrtValue.CreateTensorValueFromMemory(new byte[2 * 90 * 120 * 3], [2, 90, 120, 3]);
        using var options = new RunOptions();
        using var answers = session.Run(options, ["image"], [image], ["label", "probabilities", "embedding"]);
        Assert.All(answers[0].GetStringTensorAsArray(), label => Assert.Contains(label, FruitPictures.Kinds));
        Assert.All(answers[1].GetTensorDataAsSpan<float>().ToArray().Chunk(FruitPictures.Kinds.Count), row => Assert.Equal(1, row.Sum(), 1e-5f));
        Assert.Equal([2, 64], answers[2].GetTensorTypeAndShape().Shape);
    }

    [Theory]
    [InlineData(Squaring.Stretch, null)]
    [InlineData(Squaring.Letterbox, "letterbox")]
    [InlineData(Squaring.Crop, "crop")]
    public void A_file_says_how_pictures_became_square(Squaring how, string? said)
    {
        var fit = PictureClassifier.Fit(Fruit.Known(0, 60), Fruit.Known(60, 20), Fruit.Small() with { Square = how }, null, Stop)[0];
        using var session = new InferenceSession(fit.Onnx);
        Assert.Equal(said, session.ModelMetadata.CustomMetadataMap.GetValueOrDefault("square"));
    }

    [Fact]
    public void A_small_side_is_learned_in_and_a_model_of_it_takes_any_size_too()
    {
        List<TrainPicture> Small(int start, int count) => [.. Fruit.Known(start, count).Select(picture => picture with { Rgb = Picture.FromRgb(64, 64, picture.Rgb).Resize(32, 32).Rgb })];
        var fit = PictureClassifier.Fit(Small(0, 400), Small(400, 100), Fruit.Small() with { Side = 32 }, null, Stop)[0];
        Assert.InRange(Fruit.Right(fit.Onnx, Fruit.Known(500, 100)), 0.4, 1);
    }

    [Theory, InlineData(28, 28, 32), InlineData(40, 20, 32), InlineData(41, 20, 64), InlineData(640, 480, 64)]
    public void Small_pictures_are_looked_at_small(int width, int height, int side)
        => Assert.Equal(side, PictureSide.For([Picture.FromRgb(width, height, new byte[width * height * 3]), Picture.FromRgb(width, height, new byte[width * height * 3]), Picture.FromRgb(1, 1, new byte[3])]));

    [Theory, InlineData(0), InlineData(24)]
    public void A_head_may_have_hidden_units_or_none(int hidden)
    {
        var options = Fruit.Small() with { Tunes = [new("one", Hidden: hidden), new("two", Hidden: hidden)] };
        var fits = PictureClassifier.Fit(Fruit.Known(0, 200), Fruit.Known(200, 60), options, null, Stop);
        Assert.Equal(["one", "two"], fits.Select(fit => fit.Tune.Name));
        Assert.Equal(fits[0].ValidProbabilities, fits[1].ValidProbabilities);
        Assert.InRange(Fruit.Right(fits[0].Onnx, Fruit.Known(300, 100)), 0.3, 1);
    }

    [Fact]
    public void A_few_hundred_pictures_beat_chance_by_far_and_the_loss_falls()
    {
        var fit = PictureClassifier.Fit(Fruit.Known(0, 400), Fruit.Known(400, 100), Fruit.Small(), null, Stop)[0];
        Assert.InRange(Fruit.Right(fit.Onnx, Fruit.Known(500, 100)), 0.4, 1);
        Assert.True(fit.Steps[^1].Loss < fit.Steps[0].Loss / 2);
        Assert.Equal(Enumerable.Range(1, 6), fit.Steps.Select(step => step.Epoch));
    }

    [Theory, InlineData("features"), InlineData("one")]
    public void A_training_stops_when_told(string phase)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new List<string>();
        var progress = new Listener(told =>
        {
            heard.Add(told.Phase);
            if (told.Phase == phase)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => PictureClassifier.Fit(Fruit.Known(0, 120), Fruit.Known(120, 40), Fruit.Small(), progress, stop.Token));
        Assert.Single(heard, phase);
    }

    [Fact]
    public void Pictures_that_cannot_be_trained_on_are_refused()
    {
        var good = Fruit.Known(0, 20);
        Assert.Throws<ArgumentException>(() => PictureClassifier.Fit([], good, Fruit.Small(), null, Stop));
        Assert.Throws<ArgumentException>(() => PictureClassifier.Fit([new(new byte[12], 0)], good, Fruit.Small(), null, Stop));
        Assert.Throws<ArgumentException>(() => PictureClassifier.Fit(good, [good[0] with { Label = 99 }], Fruit.Small(), null, Stop));
    }

    private sealed class Listener(Action<TrainProgress> heard) : IProgress<TrainProgress>
    {
        public void Report(TrainProgress value) => heard(value);
    }
}
