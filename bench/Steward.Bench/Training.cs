using System.Diagnostics;
using System.Globalization;
using Steward.Drawing;
using Steward.Host.Templates.Fruit;
using Steward.Onnx;
using Steward.Statistics;
using Steward.Training;
using Steward.Training.Tests;

namespace Steward.Bench;

/// <summary>What a training costs and gives, on drawn fruit and on Fashion-MNIST, beside the bare engine and the simplest model there is.</summary>
internal static class Training
{
    public static Task<string> Run(string folder)
    {
        var fruit = Fruit(FruitPictures.KnownStyles, 4240);
        var clothes = FashionMnist.Train().AsParallel().AsOrdered().Select(one => FashionMnist.Learned(one, 32)).ToList();
        var (six, plain) = (Tunes(new TrainSection()), Tunes(new TrainSection() with { Tunes = [new() { Name = "plain" }] }));
        string[][] rows =
        [
            Row("drawn fruit, 8 kinds, 64 px, six tunes", new() { Labels = FruitPictures.Kinds, Tunes = six }, fruit[..3200], fruit[3200..3600], fruit[3600..]),
            Row("Fashion-MNIST, 10 kinds, 32 px, one tune", new() { Labels = FashionMnist.Kinds, Side = 32, Tunes = plain }, clothes[..55_000], clothes[55_000..], [.. FashionMnist.Test().Select(one => FashionMnist.Learned(one, 32))]),
        ];
        return Task.FromResult("Time from decoded pictures to finished ONNX files. The bare engine runs the finished file of the best tune over the same looks once "
            + "(pictures and their copies, valid pictures), 50 at a time on all cores: what looking alone costs. Judged on pictures that were neither trained on nor chosen by; "
            + "nearest mean answers with the kind whose mean picture is nearest, pixel by pixel.\n\n"
            + Report.Table(["training", "pictures", "time, s", "CPU, s", "pictures/s", "bare engine, s", "ours / bare", "macro F1", "accuracy", "nearest mean, accuracy", "one picture, µs on one core"], rows));
    }

    private static string[] Row(string name, PictureClassifierOptions options, List<TrainPicture> train, List<TrainPicture> valid, List<TrainPicture> test)
    {
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var best = PictureClassifier.Fit(train, valid, options, null, CancellationToken.None).MaxBy(fit => fit.ValidF1)!;
        var (took, used) = (Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var looks = (train.Count * (1 + Math.Clamp((options.CopiesUpTo / train.Count) - 1, 0, options.Copies))) + valid.Count;
        var bare = Bare(best.Onnx, options, train, looks);
        int[] truth = [.. test.Select(picture => picture.Label)];
        var matrix = ConfusionMatrix.Of(truth, Answers(best.Onnx, options, test), options.Labels.Count);
        var simple = ConfusionMatrix.Of(truth, NearestMean(train, test, options.Labels.Count), options.Labels.Count);
        using var one = new RawEngine(best.Onnx, RawEngine.Pinned(test[0].Rgb, 1, options.Side, options.Side, 3), ("probabilities", options.Labels.Count));
        return [name, train.Count.ToString("#,0", CultureInfo.InvariantCulture), Report.Number(took), Report.Number(used), Report.Number(train.Count / took), Report.Number(bare), Report.Ratio(took / bare),
            Score(matrix.MacroF1), Score(matrix.Accuracy), Score(simple.Accuracy), Report.Number(Measure.Loop(one.Run).Micros)];
    }

    private static double Bare(byte[] onnx, PictureClassifierOptions options, List<TrainPicture> pictures, int looks)
    {
        const int Batch = 50;
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = 0 });
        byte[] some = [.. pictures.Take(Batch).SelectMany(picture => picture.Rgb)];
        using var image = OnnxValue.Of<byte>(some, Batch, options.Side, options.Side, 3);
        var began = Stopwatch.GetTimestamp();
        for (var done = 0; done < looks; done += Batch)
            foreach (var output in session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["probabilities"]))
                output.Dispose();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static int[] Answers(byte[] onnx, PictureClassifierOptions options, List<TrainPicture> pictures)
    {
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = 0 });
        return [.. pictures.Chunk(100).SelectMany(some =>
        {
            using var image = OnnxValue.Of<byte>(some.SelectMany(picture => picture.Rgb).ToArray(), some.Length, options.Side, options.Side, 3);
            using var p = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["probabilities"])[0];
            return p.Data<float>().ToArray().Chunk(options.Labels.Count).Select(row => ProbabilityScores.Answer(row)).ToArray();
        })];
    }

    private static int[] NearestMean(List<TrainPicture> train, List<TrainPicture> test, int kinds)
    {
        var means = Enumerable.Range(0, kinds).Select(kind =>
        {
            var (sum, count) = (new double[train[0].Rgb.Length], 0);
            foreach (var picture in train.Where(picture => picture.Label == kind))
            {
                count++;
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += picture.Rgb[i];
            }
            return sum.Select(value => value / count).ToArray();
        }).ToArray();
        return [.. test.AsParallel().AsOrdered().Select(picture => Enumerable.Range(0, kinds).MinBy(kind =>
        {
            double far = 0;
            for (var i = 0; i < picture.Rgb.Length; i++)
                far += (picture.Rgb[i] - means[kind][i]) * (picture.Rgb[i] - means[kind][i]);
            return far;
        }))];
    }

    private static HeadTune[] Tunes(TrainSection plan)
        => [.. plan.Tunes.Select(tune => new HeadTune(tune.Name, (float)tune.L2, (float)tune.LearningRate, tune.Epochs, tune.Hidden, (float)tune.Dropout))];

    private static List<TrainPicture> Fruit(IReadOnlyList<string> styles, int count)
        => [.. FruitPictures.Many(1, styles, 0, count).Select(fruit => new TrainPicture(Picture.Decode(fruit.Png, 100_000).Rgb, FruitPictures.Kinds.ToList().IndexOf(fruit.Label)))];

    private static string Score(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
