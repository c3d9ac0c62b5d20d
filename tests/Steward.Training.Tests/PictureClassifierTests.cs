using Microsoft.ML.OnnxRuntime;
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
