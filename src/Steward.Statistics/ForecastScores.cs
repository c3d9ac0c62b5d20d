namespace Steward.Statistics;

/// <summary>Scores of forecasts of series, in units that series of different size share.</summary>
public static class ForecastScores
{
    /// <summary>What a forecast that says "as one season ago" misses by, on average, within the series that was learned from: what MASE divides by.</summary>
    /// <param name="season">Steps of one season: 7 for days with a weekly rhythm, 1 for none.</param>
    /// <exception cref="ArgumentException">The series is no longer than a season.</exception>
    public static double SeasonalScale(ReadOnlySpan<double> series, int season)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(season);
        if (series.Length <= season) throw new ArgumentException($"A series of {series.Length} steps has no season of {season} before its last one.", nameof(series));
        return RegressionScores.Mae(series[season..], series[..^season]);
    }

    /// <summary>Mean absolute scaled error (Hyndman and Koehler 2006): below 1 is better than "as one season ago" was on what was learned from.</summary>
    /// <param name="scale">Of <see cref="SeasonalScale"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, there are no steps, or the scale is not positive.</exception>
    public static double Mase(ReadOnlySpan<double> truth, ReadOnlySpan<double> forecast, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        return RegressionScores.Mae(truth, forecast) / scale;
    }

    /// <summary>Symmetric mean absolute percentage error, 0 to 2: each miss over the mean of truth and forecast; where both are 0 there is no miss.</summary>
    /// <exception cref="ArgumentException">The lengths differ or there are no steps.</exception>
    public static double Smape(ReadOnlySpan<double> truth, ReadOnlySpan<double> forecast)
    {
        Check.SameLength(truth.Length, forecast.Length);
        if (truth.IsEmpty) throw new ArgumentException("There are no steps.", nameof(truth));
        var sum = 0.0;
        for (var i = 0; i < truth.Length; i++)
            if (truth[i] != 0 || forecast[i] != 0)
                sum += 2 * Math.Abs(truth[i] - forecast[i]) / (Math.Abs(truth[i]) + Math.Abs(forecast[i]));
        return sum / truth.Length;
    }
}
