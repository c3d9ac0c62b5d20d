namespace Steward.Statistics;

/// <summary>
/// Tells whether a window of embeddings still comes from where a reference sample came from. The sample is split: one
/// half chooses scale and principal axes, the other is what windows are compared with and what the threshold is
/// calibrated on, so that no number is tested on the rows it was fitted to. The score is Hotelling's two-sample measure over
/// mean, spread and remainder; rows are taken to be independent (near-duplicates in a window make it look drifted).
/// </summary>
public sealed class EmbeddingDrift
{
    /// <summary>Fewest reference rows: half of them must carry the axes, half the comparison.</summary>
    public const int FewestReferenceRows = 128;

    /// <summary>Fewest rows of a window.</summary>
    public const int FewestWindowRows = EmbeddingCalibration.SmallestWindow;

    /// <summary>Chance of a false alarm per window: one in ten thousand, about one a year at a window an hour.</summary>
    public const double DefaultFalseAlarm = 1e-4;

    private readonly EmbeddingFeatures _features;
    private readonly Moments _moments;

    /// <summary>Takes up a stored reference.</summary>
    public EmbeddingDrift(EmbeddingReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        Reference = reference;
        _features = new(reference.Mean, reference.Scale, reference.Axes, reference.Spread);
        _moments = new(reference.Rows, reference.FeatureMean, reference.FeatureScatter);
    }

    /// <summary>What to store.</summary>
    public EmbeddingReference Reference { get; }

    /// <summary>Learns a reference from a row-major sample (rows × dimensions); its rows need no order, they are shuffled.</summary>
    /// <param name="sample">At least <see cref="FewestReferenceRows"/> rows of finite numbers.</param>
    /// <param name="dimensions">Length of an embedding.</param>
    /// <param name="random">Seeded, so that the same sample gives the same reference.</param>
    /// <param name="axes">At most so many principal axes; also at most one per eight held-out rows.</param>
    /// <param name="resamples">Windows drawn per calibrated window size.</param>
    /// <exception cref="ArgumentException">Too few rows, not a whole number of rows, a value is not finite, or all rows are alike.</exception>
    public static EmbeddingDrift Fit(ReadOnlySpan<float> sample, int dimensions, Random random, int axes = 16, int resamples = 2000)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(axes);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var rows = Check.Rows(sample.Length, dimensions);
        if (rows < FewestReferenceRows) throw new ArgumentException($"A reference needs at least {FewestReferenceRows} rows, but has {rows}.");
        Check.Finite(sample);

        var order = Enumerable.Range(0, rows).ToArray();
        random.Shuffle(order);
        int half = rows / 2, held = rows - half;
        var (mean, scale, standard) = Standardise.Rows(sample, dimensions, order.AsSpan(0, half));
        var (directions, variances) = PrincipalAxes.Of(standard, dimensions, Math.Min(Math.Min(axes, dimensions), held / 8), random);
        if (directions.Length == 0) throw new ArgumentException("All reference rows are alike: there is nothing to compare.");
        var spread = variances.Select(Math.Sqrt).ToArray();

        var turn = new EmbeddingFeatures(mean, scale, directions, spread);
        var features = new double[held][];
        var rest = 0.0;
        for (var i = 0; i < held; i++)
        {
            (features[i], _, var off) = turn.Of(sample.Slice(order[half + i] * dimensions, dimensions));
            rest += off / held;
        }
        var moments = Moments.Of(features);
        return new(new EmbeddingReference
        {
            Dimensions = dimensions,
            Rows = held,
            Mean = mean,
            Scale = scale,
            Axes = directions,
            Spread = spread,
            Rest = dimensions > directions.Length ? rest / (dimensions - directions.Length) : 0,
            FeatureMean = moments.Mean,
            FeatureScatter = moments.Scatter,
            Tails = EmbeddingCalibration.Of(features, moments, resamples, random),
        });
    }

    /// <summary>Compares a row-major window (rows × dimensions) with the reference. The order of its rows does not matter.</summary>
    /// <param name="window">At least <see cref="FewestWindowRows"/> rows of finite numbers.</param>
    /// <param name="falseAlarm">How probable an alarm may be when nothing changed, per window.</param>
    /// <param name="unusual">How many of the farthest rows to name.</param>
    /// <exception cref="ArgumentException">Too few rows, not a whole number of rows, or a value is not finite.</exception>
    public EmbeddingJudgement Judge(ReadOnlySpan<float> window, double falseAlarm = DefaultFalseAlarm, int unusual = 10)
    {
        Check.Probability(falseAlarm);
        var rows = Check.Rows(window.Length, Reference.Dimensions);
        if (rows < FewestWindowRows) throw new ArgumentException($"A window needs at least {FewestWindowRows} rows, but has {rows}.");
        Check.Finite(window);

        var features = new double[rows][];
        var far = new UnusualRow[rows];
        for (var i = 0; i < rows; i++)
        {
            (features[i], var along, var off) = _features.Of(window.Slice(i * Reference.Dimensions, Reference.Dimensions));
            far[i] = new(i, Math.Sqrt((along + (Reference.Rest > 0 ? off / Reference.Rest : 0)) / Reference.Dimensions));
        }
        var score = Moments.Of(features).Shift(_moments);
        // Small windows have the heavier tail; the nearest calibrated size below is therefore the careful choice.
        var tail = Reference.Tails.Last(t => t.Rows <= rows);
        return new(rows, score, tail.Threshold(falseAlarm), tail.PValue(score),
            [.. far.OrderByDescending(r => r.Distance).ThenBy(r => r.Row).Take(unusual)]);
    }
}
