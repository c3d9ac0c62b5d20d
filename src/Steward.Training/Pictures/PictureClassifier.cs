using Steward.Statistics;

namespace Steward.Training;

/// <summary>The built-in picture classifier: patterns found without labels, pooled over the picture, and a linear head per tune.
/// Equal pictures, options and seed give equal files on one machine.</summary>
public static class PictureClassifier
{
    /// <summary>Trains all tunes, in the order of the options.</summary>
    /// <param name="train">At least one picture per label helps; none may be of another size than 64 x 64.</param>
    /// <param name="valid">Chooses the temperature and gives the figures by epoch; never trained on.</param>
    /// <param name="options">What to train.</param>
    /// <param name="progress">Told after each batch of features and each epoch, on the calling thread.</param>
    /// <param name="stop">Ends the training with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">No pictures, a wrong size, or a label without a name.</exception>
    public static IReadOnlyList<PictureFit> Fit(IReadOnlyList<TrainPicture> train, IReadOnlyList<TrainPicture> valid,
        PictureClassifierOptions options, IProgress<TrainProgress>? progress, CancellationToken stop)
    {
        Check(train, options, nameof(train));
        Check(valid, options, nameof(valid));
        progress?.Report(new("filters", 0));
        var filters = PatchFilters.Learn([.. train.Select(picture => picture.Rgb)], options.Filters, new Random(options.Seed), stop);
        using var features = new PictureFeatures(filters, options.Threshold, options.Threads);

        var seen = Seen(train, options);
        var all = features.Of([.. seen.Select(picture => picture.Rgb), .. valid.Select(picture => picture.Rgb)], stop,
            done => progress?.Report(new("features", 0.1 + (0.6 * done / (seen.Count + valid.Count)))));
        // Standardisation is the same for every tune: the head's own does it once, for all.
        var scale = new LinearHead(all[..seen.Count], options.Labels.Count);
        var rows = all.AsParallel().AsOrdered().Select(scale.Standardised).ToArray();
        return [.. options.Tunes.Select((tune, turn) => FitTune(tune, turn))];

        PictureFit FitTune(HeadTune tune, int turn)
        {
            var head = scale.Fresh();
            var (steps, validRows, truth) = (new List<TuneStep>(), rows[seen.Count..], valid.Select(picture => picture.Label).ToArray());
            head.Train(rows[..seen.Count], [.. seen.Select(picture => picture.Label)], [.. seen.Select(picture => picture.Weight)], tune, new Random(options.Seed), (epoch, loss) =>
            {
                var answers = validRows.Select(row => head.Probabilities(row)).Select(p => Array.IndexOf(p, p.Max())).ToArray();
                var matrix = ConfusionMatrix.Of(truth, answers, options.Labels.Count);
                steps.Add(new(tune.Name, epoch, loss, truth.Zip(answers).Count(pair => pair.First == pair.Second) / (double)truth.Length, matrix.MacroF1));
                progress?.Report(new(tune.Name, 0.7 + (0.3 * (turn + ((double)epoch / tune.Epochs)) / options.Tunes.Count), steps[^1]));
            }, stop);
            head.Temperature = Calibration.Temperature([.. validRows.Select(head.Probabilities)], truth);
            return new(tune, steps, PictureModel.Write(features, head, options), head.Temperature, [.. validRows.Select(head.Probabilities)]);
        }
    }

    /// <summary>What is trained on: each picture, its mirror image, and variants of those that count more. A picture's weight is
    /// shared among the copies of it, so copies teach variety and not importance.</summary>
    private static List<TrainPicture> Seen(IReadOnlyList<TrainPicture> train, PictureClassifierOptions options)
    {
        var chance = new Random(options.Seed);
        var seen = new List<TrainPicture>();
        foreach (var picture in train)
        {
            byte[][] copies = options.Mirror ? [picture.Rgb, PictureVariants.Mirror(picture.Rgb)] : [picture.Rgb];
            if (picture.Weight > 1)
                copies = [.. copies, .. Enumerable.Range(0, options.Variants).Select(_ => PictureVariants.Any(picture.Rgb, chance))];
            var share = options.Mirror ? 2f / copies.Length : 1f / copies.Length;
            seen.AddRange(copies.Select(copy => picture with { Rgb = copy, Weight = picture.Weight * share }));
        }
        return seen;
    }

    private static void Check(IReadOnlyList<TrainPicture> pictures, PictureClassifierOptions options, string name)
    {
        if (pictures.Count == 0)
            throw new ArgumentException("There are no pictures.", name);
        if (pictures.FirstOrDefault(picture => picture.Rgb.Length != PictureFeatures.Side * PictureFeatures.Side * 3) is { } odd)
            throw new ArgumentException($"A picture has {odd.Rgb.Length} bytes, not 64 x 64 x 3.", name);
        if (pictures.FirstOrDefault(picture => picture.Label < 0 || picture.Label >= options.Labels.Count) is { } lost)
            throw new ArgumentException($"There is no label number {lost.Label}.", name);
    }
}
