namespace Steward.Training;

/// <summary>The built-in picture classifier: patterns found without labels at two sizes, pooled over the picture, brought to a few
/// hundred numbers, and a small network per tune. Equal pictures, options and seed give equal files on one machine.</summary>
public static class PictureClassifier
{
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
        using var training = PictureTraining.Learn(train, valid, options, progress, stop);
        return training.FitAll(options.Tunes, progress, stop);
    }
}
