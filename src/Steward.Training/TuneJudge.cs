using Steward.Onnx;
using Steward.Statistics;

namespace Steward.Training;

/// <summary>Judges a finished tune on pictures it never saw, by the ONNX file alone, and leaves its files.</summary>
internal static class TuneJudge
{
    private const int Batch = 64;

    /// <summary>Writes <c>model.onnx</c>, <c>card.json</c>, <c>evaluation.json</c> and <c>reference.json</c> of a tune into the folder.</summary>
    public static TuneOutcome Leave(string folder, string tune, TrainJob job, PictureFit fit, int side, int trained, int valid, IReadOnlyList<TrainPicture> test, IReadOnlyList<SliceBy> ways, CancellationToken stop)
    {
        var answers = Ask(fit.Onnx, side, test, stop);
        string[] keys = [.. job.Items.Where(item => item.Split is Data.Split.Test).Select(item => item.Key)];
        var evaluation = new Evaluation(job.Labels, [.. test.Select(picture => picture.Label)], [.. answers.SelectMany(answer => answer.Probabilities)], fit.Temperature, job.Seed, fit.Coverage!.Least!);
        var metrics = evaluation.Metrics();
        foreach (var (metric, value) in OfTraining(fit, trained, valid))
            metrics[metric] = value;
        var files = new Dictionary<string, string>();
        Write("model.onnx", fit.Onnx);
        Write("card.json", Bytes(new Card(job.Labels, job.Data, fit.Tune.Name, fit.Temperature, fit.Coverage, metrics)));
        if (evaluation.Slices(ways, job.Seed) is { } slices)
            Write(Tracking.Sliced.File, Bytes(slices));
        Write("evaluation.json", Bytes(evaluation.AsFile(keys)));
        Write("reference.json", Bytes(new
        {
            dimensions = answers[0].Embedding.Length,
            embeddings = answers.Select(answer => answer.Embedding),
            confidences = answers.Select(answer => (double)answer.Probabilities.Max()),
            labels = test.Select(picture => job.Labels[picture.Label]),
            answers = answers.Select(answer => job.Labels[ProbabilityScores.Answer(answer.Probabilities)]),
            keys,
        }));
        return new(fit.Tune.Name, metrics, files);

        void Write(string artifact, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, files[artifact] = $"tune-{tune}-{artifact}"), bytes);
        static byte[] Bytes<T>(T value) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
    }

    /// <summary>What is known before a test picture is looked at.</summary>
    public static Dictionary<string, double> OfTraining(PictureFit fit, int trained, int valid) => new()
    {
        ["train.accuracy"] = fit.TrainAccuracy, ["train.n"] = trained, ["valid.f1_macro"] = fit.ValidF1, ["valid.n"] = valid, ["valid.temperature"] = fit.Temperature,
    };

    private static Answer[] Ask(byte[] onnx, int side, IReadOnlyList<TrainPicture> pictures, CancellationToken stop)
    {
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = 1 });
        return [.. pictures.Chunk(Batch).SelectMany(some =>
        {
            stop.ThrowIfCancellationRequested();
            using var image = OnnxValue.Of<byte>(some.SelectMany(picture => picture.Rgb).ToArray(), some.Length, side, side, 3);
            var outputs = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["probabilities", "embedding"], stop: stop);
            using var probabilities = outputs[0];
            using var embedding = outputs[1];
            return probabilities.Data<float>().ToArray().Chunk((int)probabilities.Shape[1]).Zip(embedding.Data<float>().ToArray().Chunk((int)embedding.Shape[1]), (p, e) => new Answer(p, e)).ToArray();
        })];
    }

    private sealed record Answer(float[] Probabilities, float[] Embedding);

    /// <summary>What a person and the serving side need to know about a tune.</summary>
    private sealed record Card(IReadOnlyList<string> Labels, string Data, string Tune, double Temperature, Coverage Coverage, IReadOnlyDictionary<string, double> Metrics);
}
