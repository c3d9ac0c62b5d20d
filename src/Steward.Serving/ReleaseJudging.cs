using System.Globalization;
using Steward.Statistics;

namespace Steward.Serving;

/// <summary>What should happen with a release now.</summary>
/// <param name="Why">A sentence for a person.</param>
internal sealed record Verdict(Verdict.Kind Then, string Why)
{
    public enum Kind { Wait, Advance, Abort }
}

/// <summary>
/// Judges a step by numbers alone. After its time and enough answers, a figure above its limit stops the release. Before
/// that only what is so far above that chance would not explain it: a version that fails at everything is stopped in seconds.
/// </summary>
internal static class ReleaseJudging
{
    /// <summary>How probable it may be that a version at its limit is stopped early, per look.</summary>
    private const double Clearly = 1e-5;

    public static Verdict Of(Release release, Tally tried, DateTimeOffset now)
    {
        var plan = release.Plan;
        var (time, answers) = (release.StepAt + plan.Time - now, plan.AtLeast - tried.Seen);
        var whole = time <= TimeSpan.Zero && answers <= 0;
        foreach (var (hits, of, allowed, words) in Guards(release, tried))
            if (of > 0 && hits > allowed * of && (whole || Binomial.AtLeast((int)hits, (int)of, allowed) <= Clearly))
                return new(Verdict.Kind.Abort, words);
        if (release.State is ReleaseState.Paused)
            return new(Verdict.Kind.Wait, $"Paused at {Percent(release.Share)}{(release.Why is null ? "" : $": {release.Why}")}");
        if (whole)
            return new(Verdict.Kind.Advance, "");
        List<string> waits = [];
        if (time > TimeSpan.Zero)
            waits.Add(Say.Span(time));
        if (answers > 0)
            waits.Add($"{Say.Count(answers, "answer")} of {release.Model}@{release.Version}");
        return new(Verdict.Kind.Wait, $"Step {release.Step + 1} of {plan.Shares.Count} is judged after {string.Join(" and ", waits)} more.");
    }

    private static IEnumerable<(long Hits, long Of, double Allowed, string Words)> Guards(Release release, Tally tried)
    {
        var (plan, name) = (release.Plan, $"{release.Model}@{release.Version}");
        if (plan.ErrorRate is { } errors)
            yield return (tried.Failed, tried.Asked, errors, $"{name} could not answer {Number(tried.Failed)} of {Say.Count(tried.Asked, "request")}; at most {Percent(errors * 100)} may fail.");
        if (plan.LowConfidence is { } doubts)
            yield return (tried.Unsure, tried.Answers, doubts, $"{Number(tried.Unsure)} of {Say.Count(tried.Answers, "answer")} of {name} were less than {Percent(plan.UnsureUnder * 100)} sure; at most {Percent(doubts * 100)} may be.");
        // 95 of 100 within the limit is the same as at most 5 of 100 beyond it, and a count has an exact test.
        if (plan.P95 is { } slow)
            yield return (Durations.Above(tried.Bins, slow), tried.Requests, 0.05,
                $"{Number(Durations.Above(tried.Bins, slow))} of {Say.Count(tried.Requests, "request")} to {name} took longer than {slow.ToString("0.##", CultureInfo.InvariantCulture)} ms; at most 5 of 100 may.");
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %");
}
