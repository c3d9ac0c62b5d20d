using System.Globalization;
using Steward.Onnx;
using Steward.Statistics;
using Steward.Training;
using Steward.Training.Tests;
using Curve = Steward.Statistics.Tests.Teaching.Lesson;
using Mark = Steward.Statistics.Tests.Teaching.Lesson.Mark;

namespace Steward.Bench;

/// <summary>The loop as the product runs it on real pictures: its own classifier learns what was named, and says what it doubts.</summary>
internal static class LabelsOfClothes
{
    private const int Pool = 4000, Held = 2000, Side = 32, Batch = 50, Most = 1000, MostByChance = 1800, Seeds = 3;
    private static readonly double[] Shares = [0.90, 0.93, 0.95, 0.97];
    private static readonly int[] Looked = [50, 100, 200, 300, 400, 500, 750, 1000, 1500];

    public static string Run()
    {
        var (train, test) = (FashionMnist.Train(), FashionMnist.Test());
        var lessons = Enumerable.Range(0, Seeds).Select(seed =>
        {
            List<TrainPicture> pool = Some(train, Pool, seed), held = Some(test, Held, seed);
            return (Full: Right(Learn(pool, seed), held), Chance: Lesson(pool, held, ours: false, seed), Ours: Lesson(pool, held, ours: true, seed));
        }).ToList();
        var full = lessons.Average(one => one.Full);
        (string Name, List<Mark> Marks)[] curves = [("chance", Curve.Mean(lessons.Select(one => one.Chance))), ("ours, 50 typical ones first", Curve.Mean(lessons.Select(one => one.Ours)))];
        var chance = Until(curves[0].Marks, 0.95);
        return $"The same pictures, and Steward's own classifier (one tune) in the place of the regression, asked as the product asks: a pool of {Pool:N0}, {Held:N0} held back, {Batch} names at a time, at most {Most:N0} ({MostByChance:N0} by chance), the mean of {Seeds} seeds. "
            + $"With all {Pool:N0} names {Figure(full)} of the answers are right. Names until the mean reaches a share of that:\n\n"
            + Report.Table(["chosen by", .. Shares.Select(share => share.ToString("0 %", CultureInfo.InvariantCulture)), "names for 95 %, of chance's"],
                curves.Select(one => (string[])[one.Name, .. Shares.Select(share => Until(one.Marks, share)?.ToString(CultureInfo.InvariantCulture) ?? "-"), Until(one.Marks, 0.95) is { } asked && chance is { } byChance ? ((double)asked / byChance).ToString("0 %", CultureInfo.InvariantCulture) : "-"]))
            + "\nThe curves:\n\n"
            + Report.Table(["chosen by", .. Looked.Select(count => $"{count}")], curves.Select(one => (string[])[one.Name, .. Looked.Select(count => one.Marks.Find(mark => mark.Labels == count) is { } mark ? Figure(mark.Right) : "-")]));

        int? Until(List<Mark> marks, double share) => Curve.Until(marks, share * full);
    }

    private static List<Mark> Lesson(List<TrainPicture> pool, List<TrainPicture> held, bool ours, int seed)
    {
        var random = new Random(seed);
        var (named, marks) = (new List<int>(), new List<Mark>());
        int[] shuffled = [.. Enumerable.Range(0, pool.Count)];
        random.Shuffle(shuffled);
        // Typical by how they look at a glance: brightness of 16 x 16 fields.
        named.AddRange(ours ? Statistics.Teaching.Typical([.. pool.SelectMany(Glance)], Glances * Glances, Batch, random) : shuffled[..Batch]);
        while (true)
        {
            var onnx = Learn([.. named.Select(i => pool[i])], seed);
            marks.Add(new(named.Count, Right(onnx, held), 0));
            if (named.Count + Batch > (ours ? Most : MostByChance))
                return marks;
            var taken = named.ToHashSet();
            int[] left = [.. shuffled.Where(i => !taken.Contains(i))];
            if (!ours)
            {
                named.AddRange(left[..Batch]);
                continue;
            }

            var said = Ask(onnx, [.. left.Select(i => pool[i])]);
            named.AddRange(Statistics.Teaching.Doubtful([.. said.Select(one => Margin(one.Probabilities))], [.. said.SelectMany(one => one.Embedding)], said[0].Embedding.Length, Batch, random).Select(row => left[row]));
        }
    }

    private static byte[] Learn(List<TrainPicture> named, int seed)
    {
        // As the product splits them: of seven pictures one is to choose by.
        List<TrainPicture> train = [.. named.Where((_, i) => i % 7 != 3)], valid = [.. named.Where((_, i) => i % 7 == 3)];
        return PictureClassifier.Fit(train, valid, new() { Labels = FashionMnist.Kinds, Side = Side, Seed = seed }, null, CancellationToken.None)[0].Onnx;
    }

    private static double Right(byte[] onnx, List<TrainPicture> pictures)
        => Ask(onnx, pictures).Zip(pictures).Average(one => ProbabilityScores.Answer(one.First.Probabilities) == one.Second.Label ? 1.0 : 0);

    private static List<(float[] Probabilities, float[] Embedding)> Ask(byte[] onnx, List<TrainPicture> pictures)
    {
        using var file = OnnxFile.Keep(onnx);
        using var session = OnnxSession.Open(file, new() { Threads = 0 });
        return [.. pictures.Chunk(100).SelectMany(some =>
        {
            using var image = OnnxValue.Of<byte>(some.SelectMany(picture => picture.Rgb).ToArray(), some.Length, Side, Side, 3);
            var outputs = session.Run(new Dictionary<string, OnnxValue> { ["image"] = image }, ["probabilities", "embedding"]);
            using var probabilities = outputs[0];
            using var embedding = outputs[1];
            return probabilities.Data<float>().ToArray().Chunk((int)probabilities.Shape[1]).Zip(embedding.Data<float>().ToArray().Chunk((int)embedding.Shape[1])).ToArray();
        })];
    }

    private const int Glances = 16;

    private static IEnumerable<float> Glance(TrainPicture picture)
    {
        for (var y = 0; y < Glances; y++)
            for (var x = 0; x < Glances; x++)
            {
                float sum = 0;
                for (var at = 0; at < 4; at++)
                    sum += picture.Rgb[((((y * 2) + (at / 2)) * Side) + (x * 2) + (at % 2)) * 3];
                yield return sum / (4 * 255);
            }
    }

    private static float Margin(float[] probabilities) => probabilities.OrderDescending().ToArray() is [var first, var second, ..] ? first - second : 1;

    private static List<TrainPicture> Some((byte[] Png, int Label)[] all, int count, int seed)
    {
        (byte[], int)[] some = [.. all];
        new Random(seed).Shuffle(some);
        return [.. some[..count].AsParallel().AsOrdered().Select(one => FashionMnist.Learned(one, Side))];
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
