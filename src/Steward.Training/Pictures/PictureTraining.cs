using Steward.Statistics;

namespace Steward.Training;

/// <summary>What every tune of a study shares: the pictures as rows along the axes. Tunes are then trained on them, at once or one by one.</summary>
internal sealed class PictureTraining : IDisposable
{
    // Axes are learned from so many pictures, spread over all.
    private const int Sample = 3200;

    // Share of the turned copies that get other edges; of the few that were named more, or their backgrounds are learned by heart.
    private const double OtherEdges = 0.4, OtherEdgesNamed = 0.7;

    // Features of so many pictures are held at a time.
    private const int Chunk = 1600;

    private readonly PictureClassifierOptions _options;
    private readonly PictureFeatures _features;
    private readonly PictureAxes _axes;
    private readonly float[][] _trainRows, _validRows;
    private readonly int[] _labels, _truth, _came;
    private readonly float[] _weights;

    private PictureTraining(PictureClassifierOptions options, PictureFeatures features, PictureAxes axes, float[][] rows, List<TrainPicture> seen, IReadOnlyList<TrainPicture> train, IReadOnlyList<TrainPicture> valid)
    {
        (_options, _features, _axes, _trainRows, _validRows) = (options, features, axes, rows[..seen.Count], rows[seen.Count..]);
        (_labels, _weights, _truth) = ([.. seen.Select(picture => picture.Label)], [.. seen.Select(picture => picture.Weight)], [.. valid.Select(picture => picture.Label)]);
        var came = new HashSet<byte[]>(train.Select(picture => picture.Rgb), ReferenceEqualityComparer.Instance);
        _came = [.. Enumerable.Range(0, seen.Count).Where(i => came.Contains(seen[i].Rgb))];
    }

    /// <summary>Finds patterns and axes, and brings every picture and its copies along them.</summary>
    public static PictureTraining Learn(IReadOnlyList<TrainPicture> train, IReadOnlyList<TrainPicture> valid, PictureClassifierOptions options, IProgress<TrainProgress>? progress, CancellationToken stop)
    {
        Check(train, options, nameof(train));
        Check(valid, options, nameof(valid));
        progress?.Report(new("filters", 0));
        var features = PictureFeatures.Learn([.. train.Select(picture => picture.Rgb)], options, stop);
        try
        {
            var seen = Seen(train, options);
            var total = seen.Count + valid.Count + Math.Min(Sample, seen.Count);
            var every = Math.Max(1, seen.Count / Sample);
            var axes = PictureAxes.Learn(Look([.. seen.Where((_, i) => i % every == 0).Take(Sample)], 0), options.Axes, new Random(options.Seed), stop);
            return new(options, features, axes, Along([.. seen, .. valid]), seen, train, valid);

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
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    /// <summary>Trains several tunes at a time; they come back in their order.</summary>
    public IReadOnlyList<PictureFit> FitAll(IReadOnlyList<HeadTune> tunes, IProgress<TrainProgress>? progress, CancellationToken stop)
    {
        var (fits, epochs, done, one) = (new PictureFit[tunes.Count], (double)tunes.Sum(tune => tune.Epochs), 0, new Lock());
        Parallel.For(0, fits.Length, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => fits[i] = Fit(tunes[i], step =>
        {
            lock (one)
                progress?.Report(new(step.Tune, 0.6 + (0.4 * ++done / epochs), step));
            return true;
        }, stop));
        return fits;
    }

    /// <summary>Trains one tune.</summary>
    /// <param name="goesOn">Gets the figures after each epoch, and says whether another follows.</param>
    public PictureFit Fit(HeadTune tune, Func<TuneStep, bool> goesOn, CancellationToken stop)
    {
        var head = new Head(_axes.Count, tune.Hidden, _options.Labels.Count, new Random(_options.Seed));
        var steps = new List<TuneStep>();
        using var training = new HeadTraining(head, tune, _options.Seed);
        training.Run(_trainRows, _labels, _weights, (epoch, loss) =>
        {
            var answers = _validRows.Select(row => ProbabilityScores.Answer(head.Probabilities(row))).ToArray();
            var matrix = ConfusionMatrix.Of(_truth, answers, _options.Labels.Count);
            steps.Add(new(tune.Name, epoch, loss, matrix.Accuracy, matrix.MacroF1));
            return goesOn(steps[^1]);
        }, stop);
        head.Temperature = Calibration.Temperature([.. _validRows.Select(head.Probabilities)], _truth);
        float[][] told = [.. _validRows.Select(head.Probabilities)];
        var coverage = Coverage.OfKinds(_truth, [.. told.SelectMany(row => row)], _options.Labels.Count);
        return new(tune, steps, PictureModel.Write(_features, _axes, head, coverage, _options), head.Temperature, told, Known(head)) { Coverage = coverage };
    }

    public void Dispose() => _features.Dispose();

    private double Known(Head head) => (double)_came.Count(i => ProbabilityScores.Answer(head.Probabilities(_trainRows[i])) == _labels[i]) / _came.Length;

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
