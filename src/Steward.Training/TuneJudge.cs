using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Training;

/// <summary>Judges a finished tune on pictures it never saw, by the ONNX file alone, and leaves its files.</summary>
internal static class TuneJudge
{
    private const int Batch = 64, Rounds = 400;

    /// <summary>Writes <c>model.onnx</c>, <c>card.json</c> and <c>reference.json</c> of a tune into the folder.</summary>
    public static TuneOutcome Leave(string folder, int tune, TrainJob job, PictureFit fit, int trained, int valid, IReadOnlyList<TrainPicture> test, CancellationToken stop)
    {
        var answers = Ask(fit.Onnx, test, stop);
        var metrics = Metrics(job, fit, answers, [.. test.Select(picture => picture.Label)]);
        metrics["train.n"] = trained;
        metrics["valid.n"] = valid;
        var files = new Dictionary<string, string>();
        Write("model.onnx", fit.Onnx);
        Write("card.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Card(job.Labels, job.Data, fit.Tune.Name, fit.Temperature, metrics), Json.Options));
        Write("reference.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            dimensions = answers[0].Embedding.Length,
            embeddings = answers.Select(answer => answer.Embedding),
            confidences = answers.Select(answer => (double)answer.Probabilities.Max()),
            labels = test.Select(picture => job.Labels[picture.Label]),
            answers = answers.Select(answer => job.Labels[answer.Best]),
        }, Json.Options));
        return new(fit.Tune.Name, metrics, files);

        void Write(string artifact, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, files[artifact] = $"tune-{tune}-{artifact}"), bytes);
    }

    private static SortedDictionary<string, double> Metrics(TrainJob job, PictureFit fit, Answer[] answers, int[] truth)
    {
        var (kinds, said) = (job.Labels.Count, answers.Select(answer => answer.Best).ToArray());
        var matrix = ConfusionMatrix.Of(truth, said, kinds);
        var interval = Bootstrap.Of(truth.Length, rows => ConfusionMatrix.Of(truth, said, kinds, rows).MacroF1, new Random(job.Seed), Rounds).Interval();
        var probabilities = answers.SelectMany(answer => answer.Probabilities).ToArray();
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["test.accuracy"] = matrix.Accuracy,
            ["test.ece"] = ProbabilityScores.CalibrationError(truth, probabilities, kinds),
            ["test.f1_macro"] = matrix.MacroF1,
            ["test.f1_macro.high"] = interval.High,
            ["test.f1_macro.low"] = interval.Low,
            ["test.log_loss"] = ProbabilityScores.LogLoss(truth, probabilities, kinds),
            ["test.n"] = truth.Length,
            ["test.sure_share"] = answers.Count(answer => answer.Probabilities.Max() >= 0.6) / (double)answers.Length,
            ["valid.f1_macro"] = fit.ValidF1,
            ["valid.temperature"] = fit.Temperature,
        };
        foreach (var (label, i) in job.Labels.Select((label, i) => (label, i)))
            metrics["test.f1." + label] = matrix.F1(i);
        return metrics;
    }

    private static Answer[] Ask(byte[] onnx, IReadOnlyList<TrainPicture> pictures, CancellationToken stop)
    {
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = Environment.ProcessorCount });
        return [.. pictures.Chunk(Batch).SelectMany(some =>
        {
            stop.ThrowIfCancellationRequested();
            using var image = OnnxValue.Of<byte>(some.SelectMany(picture => picture.Rgb).ToArray(), some.Length, PictureFeatures.Side, PictureFeatures.Side, 3);
            var outputs = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["probabilities", "embedding"], stop: stop);
            using var probabilities = outputs[0];
            using var embedding = outputs[1];
            return probabilities.Data<float>().ToArray().Chunk((int)probabilities.Shape[1]).Zip(embedding.Data<float>().ToArray().Chunk((int)embedding.Shape[1]), (p, e) => new Answer(p, e)).ToArray();
        })];
    }

    private sealed record Answer(float[] Probabilities, float[] Embedding)
    {
        public int Best { get; } = ProbabilityScores.Answer(Probabilities);
    }

    /// <summary>What a person and the serving side need to know about a tune.</summary>
    private sealed record Card(IReadOnlyList<string> Labels, string Data, string Tune, double Temperature, IReadOnlyDictionary<string, double> Metrics);
}
