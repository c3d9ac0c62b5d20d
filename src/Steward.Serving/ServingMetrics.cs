using System.Diagnostics.Metrics;

namespace Steward.Serving;

/// <summary>Counters of this room. Labels come from known endpoints and a fixed list of outcomes: a stranger's words never make a time series.</summary>
internal sealed class ServingMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _rows;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _picturesDropped;
    private readonly Counter<long> _removed;
    private long _droppedSoFar;

    public ServingMetrics(IMeterFactory meters, Admission admission)
    {
        _meter = meters.Create("Steward.Serving");
        _requests = _meter.CreateCounter<long>("steward.serving.requests", "{request}", "Answers by endpoint and outcome.");
        _seconds = _meter.CreateHistogram("steward.serving.duration", "s", "From a request's arrival to its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5] });
        _rows = _meter.CreateHistogram("steward.serving.rows", "{row}", "Rows of one run.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        _dropped = _meter.CreateCounter<long>("steward.serving.log.dropped", "{answer}", "Answers that were given and not kept in the request log.");
        _picturesDropped = _meter.CreateCounter<long>("steward.serving.log.pictures_dropped", "{picture}", "Answers kept without their picture.");
        _removed = _meter.CreateCounter<long>("steward.serving.log.removed", "{answer}", "Answers that were older than serve.log.days and are gone.");
        _meter.CreateObservableGauge("steward.serving.queue", () => admission.Waiting, "{request}", "Requests that wait for their turn.");
    }

    public long DroppedSoFar => Interlocked.Read(ref _droppedSoFar);

    /// <param name="endpoint">A known endpoint's name.</param>
    /// <param name="outcome"><c>ok</c>, <c>abstained</c>, <c>refused</c>, <c>busy</c> or <c>failed</c>.</param>
    public void Answered(string endpoint, string outcome, TimeSpan took, int rows = 0)
    {
        var name = new KeyValuePair<string, object?>("endpoint", endpoint);
        _requests.Add(1, name, new("outcome", outcome));
        _seconds.Record(took.TotalSeconds, name);
        if (rows > 0)
            _rows.Record(rows, name);
    }

    public void Dropped(int count = 1)
    {
        Interlocked.Add(ref _droppedSoFar, count);
        _dropped.Add(count);
    }

    public void Removed(int count) => _removed.Add(count);

    public void PictureDropped() => _picturesDropped.Add(1);

    public void Dispose() => _meter.Dispose();
}
