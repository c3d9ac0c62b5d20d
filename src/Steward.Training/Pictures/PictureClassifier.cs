using Steward.Statistics;

namespace Steward.Training;

/// <summary>The built-in picture classifier: patterns found without labels at two sizes, pooled over the picture, brought to a few
/// hundred numbers, and a small network per tune. Equal pictures, options and seed give equal files on one machine.</summary>
public static class PictureClassifier
{
    // Axes are learned from so many pictures, spread over all.
    private const int Sample = 3200;

    // Share of the turned copies that get other edges; of the few that were named more, or their backgrounds are learned by heart.
    private const double OtherEdges = 0.4, OtherEdgesNamed = 0.7;

    // Features of so many pictures are held at a time.
    private const int Chunk = 1600;

    /// <summary>Trains all tunes, several at a time; they come back in the order of the options.</summary>
    /// <param name="train">At least one picture per label helps; all are squares of the options' side.</param>
    /// <param name="valid">Chooses the temperature and gives the figures by epoch; never trained on.</param>
    /// <param name="options">What to train.</param>
    /// <param name="progress">Told after each batch of features and each epoch, one at a time.</param>
    /// <param name="stop">Ends the training with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">No pictures, a wrong size, or a label without a name.</exception>
    public static IReadOnlyList<PictureFit> Fit(IReadOnlyList<TrainPicture> train, IReadOnlyList<TrainPicture> valid,
        PictureClassifierOptions options, IProgress<TrainProgress>? progress, CancellationToken stop)
    {
        Check(train, options, nameof(train));
        Check(valid, options, nameof(valid));
        progress?.Report(new("filters", 0));
        using var features = PictureFeatures.Learn([.. train.Select(picture => picture.Rgb)], options, stop);
        var seen = Seen(train, options);
        var total = seen.Count + valid.Count + Math.Min(Sample, seen.Count);
        var every = Math.Max(1, seen.Count / Sample);
        var axes = PictureAxes.Learn(Look([.. seen.Where((_, i) => i % every == 0).Take(Sample)], 0), options.Axes, new Random(options.Seed), stop);
        var rows = Along([.. seen, .. valid]);
        var (trainRows, validRows, truth) = (rows[..seen.Count], rows[seen.Count..], valid.Select(picture => picture.Label).ToArray());
        var came = new HashSet<byte[]>(train.Select(picture => picture.Rgb), ReferenceEqualityComparer.Instance);
        var (labels, weights) = (seen.Select(picture => picture.Label).ToArray(), seen.Select(picture => picture.Weight).ToArray());

        var (fits, epochs, done) = (new PictureFit[options.Tunes.Count], (double)options.Tunes.Sum(tune => tune.Epochs), 0);
        var one = new Lock();
        Parallel.For(0, fits.Length, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => fits[i] = FitTune(options.Tunes[i]));
        return fits;

        float[][] Look(IReadOnlyList<TrainPicture> pictures, int before)
            => features.Of([.. pictures.Select(picture => picture.Rgb)], stop, looked => progress?.Report(new("features", 0.1 + (0.5 * (before + looked) / total))));

        float[][] Along(List<TrainPicture> pictures)
        {
            var (along, before) = (new List<float[]>(pictures.Count), total - pictures.Count);
            foreach (var some in pictures.Chunk(Chunk))
            {
                along.AddRange(axes.Of(Look(some, before)));
                before += some.Length;
            }
            return [.. along];
        }

        double Known(Head head)
        {
            var own = Enumerable.Range(0, seen.Count).Where(i => came.Contains(seen[i].Rgb)).ToList();
            return (double)own.Count(i => ProbabilityScores.Answer(head.Probabilities(trainRows[i])) == labels[i]) / own.Count;
        }

        PictureFit FitTune(HeadTune tune)
        {
            var head = new Head(axes.Count, tune.Hidden, options.Labels.Count, new Random(options.Seed));
            var steps = new List<TuneStep>();
            using var training = new HeadTraining(head, tune, options.Seed);
            training.Run(trainRows, labels, weights, (epoch, loss) =>
            {
                var answers = validRows.Select(row => ProbabilityScores.Answer(head.Probabilities(row))).ToArray();
                var matrix = ConfusionMatrix.Of(truth, answers, options.Labels.Count);
                steps.Add(new(tune.Name, epoch, loss, matrix.Accuracy, matrix.MacroF1));
                lock (one)
                    progress?.Report(new(tune.Name, 0.6 + (0.4 * ++done / epochs), steps[^1]));
            }, stop);
            head.Temperature = Calibration.Temperature([.. validRows.Select(head.Probabilities)], truth);
            return new(tune, steps, PictureModel.Write(features, axes, head, options), head.Temperature, [.. validRows.Select(head.Probabilities)], Known(head));
        }
    }

    /// <summary>What is trained on: each picture and copies of it. A picture's weight is shared among the copies, so copies teach
    /// variety and not importance.</summary>
    private static List<TrainPicture> Seen(IReadOnlyList<TrainPicture> train, PictureClassifierOptions options)
    {
        // Each picture has a chance of its own, so that what one becomes does not depend on how many come before it.
        return [.. train.Select((picture, i) => (picture, i)).AsParallel().AsOrdered().Select(one =>
        {
            var chance = new Random((options.Seed * 1_000_003) + one.i);
            var (wanted, others) = one.picture.Weight > 1 ? (options.NamedCopies, OtherEdgesNamed) : (Math.Clamp((options.CopiesUpTo / train.Count) - 1, 0, options.Copies), OtherEdges);
            List<byte[]> looks = [one.picture.Rgb];
            if (wanted > 0)
                looks.Add(PictureVariants.Mirror(one.picture.Rgb, options.Side));
            while (looks.Count <= wanted)
                looks.Add(PictureVariants.Any(
                    options.Centred && chance.NextDouble() < others ? PictureVariants.Before(one.picture.Rgb, train[chance.Next(train.Count)].Rgb, options.Side, chance) : one.picture.Rgb, options.Side, chance));
            return looks.Select(look => one.picture with { Rgb = look, Weight = one.picture.Weight / looks.Count });
        }).SelectMany(looks => looks)];
    }

    private static void Check(IReadOnlyList<TrainPicture> pictures, PictureClassifierOptions options, string name)
    {
        if (pictures.Count == 0)
            throw new ArgumentException("There are no pictures.", name);
        if (pictures.FirstOrDefault(picture => picture.Rgb.Length != options.Side * options.Side * 3) is { } odd)
            throw new ArgumentException($"A picture has {odd.Rgb.Length} bytes, not {options.Side} x {options.Side} x 3.", name);
        if (pictures.FirstOrDefault(picture => picture.Label < 0 || picture.Label >= options.Labels.Count) is { } lost)
            throw new ArgumentException($"There is no label number {lost.Label}.", name);
    }
}
