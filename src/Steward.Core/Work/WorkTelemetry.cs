using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Steward.Work;

/// <summary>Attempts at tasks as figures and traces, by kind: the kinds are those that have a handler.</summary>
internal static class WorkTelemetry
{
    private static readonly ActivitySource Source = new("Steward.Work");
    private static readonly Meter Meter = new("Steward.Work");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("steward.work.attempts", "{attempt}", "Attempts at tasks by kind and outcome.");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram("steward.work.duration", "s", "How long an attempt took.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.1, .5, 1, 5, 15, 60, 300, 1800, 7200] });

    public static Activity? Begin(WorkTask task) => Source.StartActivity("task " + task.Kind)?.SetTag("task.id", task.Id).SetTag("task.attempt", task.Attempt);

    /// <param name="outcome"><c>done</c>, <c>refused</c>, <c>failed</c>, <c>stopped</c> (by a cancel or another worker) or <c>given_back</c>.</param>
    public static void Ended(Activity? trace, string kind, string outcome, TimeSpan took)
    {
        trace?.SetTag("task.outcome", outcome);
        Attempts.Add(1, new("kind", kind), new("outcome", outcome));
        Seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }
}
