namespace Steward.Serving;

/// <summary>What one version did in one step of a release.</summary>
/// <param name="Bins">Answered requests by duration.</param>
internal sealed record Tally(long Requests, long Answers, long Failed, long Unsure, long[] Bins)
{
    public static Tally None => new(0, 0, 0, 0, new long[Durations.Bins]);

    public bool IsEmpty => Requests == 0 && Failed == 0;

    /// <summary>Requests it was asked, answered or not.</summary>
    public long Asked => Requests + Failed;

    /// <summary>Answers, and failures that would have been some.</summary>
    public long Seen => Answers + Failed;

    public Tally Plus(Tally more) => new(Requests + more.Requests, Answers + more.Answers, Failed + more.Failed, Unsure + more.Unsure, [.. Bins.Zip(more.Bins, (a, b) => a + b)]);

    public SideFigures Side(int version) => new(version, Requests, Answers, Failed, Unsure, Durations.Quantile(Bins, 0.5), Durations.Quantile(Bins, 0.95));
}

/// <summary>Counts while requests are answered; drained into the records every few seconds.</summary>
/// <param name="unsureUnder">An answer less confident than this counts as unsure.</param>
internal sealed class Counter(double unsureUnder)
{
    private readonly Lock _counting = new();
    private Tally _now = Tally.None;
    private long _requests, _answers, _failed, _unsure;

    public double UnsureUnder { get; } = unsureUnder;

    public void Answered(int answers, int unsure, long micros)
    {
        lock (_counting)
        {
            _requests++;
            _answers += answers;
            _unsure += unsure;
            _now.Bins[Durations.Bin(micros)]++;
        }
    }

    public void Failed()
    {
        lock (_counting)
            _failed++;
    }

    /// <summary>What was counted since the last time.</summary>
    public Tally Drain()
    {
        lock (_counting)
        {
            var drained = _now with { Requests = _requests, Answers = _answers, Failed = _failed, Unsure = _unsure };
            (_now, _requests, _answers, _failed, _unsure) = (Tally.None, 0, 0, 0, 0);
            return drained;
        }
    }

    /// <summary>Counts again what could not be kept.</summary>
    public void PutBack(Tally tally)
    {
        lock (_counting)
        {
            _now = _now with { Bins = [.. _now.Bins.Zip(tally.Bins, (a, b) => a + b)] };
            (_requests, _answers, _failed, _unsure) = (_requests + tally.Requests, _answers + tally.Answers, _failed + tally.Failed, _unsure + tally.Unsure);
        }
    }
}
