using Steward.Statistics;

namespace Steward.Monitoring;

/// <summary>Answers of a version that people spoke about by themselves, judged together.</summary>
/// <param name="Number">From 1, without gaps, per endpoint and version.</param>
/// <param name="From">When the first of them was given.</param>
/// <param name="To">When the last of them was spoken about.</param>
/// <param name="Answers">In this batch.</param>
/// <param name="Wrong">Of this batch.</param>
/// <param name="Batches">How many of the last batches were judged together: 1, or as many as it took to alarm.</param>
/// <param name="PooledWrong">k, over those batches.</param>
/// <param name="PooledAnswers">n.</param>
/// <param name="Limit">The fewest that alarm among so many; null when no count would.</param>
/// <param name="ReferenceWrong">How many of the test split.</param>
/// <param name="P">How probable so many are when nothing changed.</param>
/// <param name="Telling">Ids of wrong answers with a picture.</param>
public sealed record Mistakes(
    string Project, string Endpoint, int Version, int Number, DateTimeOffset From, DateTimeOffset To, int Answers, int Wrong, int Batches, int PooledWrong, int PooledAnswers, int? Limit,
    int ReferenceWrong, int ReferenceRows, double P, IReadOnlyList<string> Telling, int? Incident, DateTimeOffset JudgedAt)
{
    internal string LastId { get; init; } = "";

    public bool Alarms => PooledWrong >= Limit;

    /// <summary>How much too often it was wrong as a multiple of the limit.</summary>
    public double? Ratio => Limit is { } limit ? (double)PooledWrong / limit : null;

    /// <summary>The batch alone, unless only more batches together alarm; both within the allowed chance.</summary>
    /// <param name="earlier">Wrong and all of the batches before, the newest first; those that alarmed, and all before them, are left out.</param>
    internal static (int Batches, int Wrong, int Of, int? Limit, double P) Judge(MonitorSection settings, int referenceWrong, int referenceRows, int wrong, int of, IReadOnlyList<(int Wrong, int Of)> earlier)
    {
        (int, int, int, int?, double)? alone = null;
        foreach (var scale in settings.Scales.Where(scale => scale <= earlier.Count + 1))
        {
            var before = earlier.Take(scale - 1).ToList();
            var (k, n) = (wrong + before.Sum(batch => batch.Wrong), of + before.Sum(batch => batch.Of));
            var judged = ShareShift.Judge(referenceWrong, referenceRows, k, n, settings.FalseAlarms / settings.Scales.Count());
            if (judged.Shifted)
                return (scale, k, n, judged.Threshold, judged.PValue);
            alone ??= (scale, k, n, judged.Threshold, judged.PValue);
        }

        return alone!.Value;
    }
}
