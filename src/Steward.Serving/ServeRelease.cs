using System.Globalization;

namespace Steward.Serving;

/// <summary>How a promoted version takes over: a growing share of the requests, each step judged by its own figures.</summary>
public sealed record ServeRelease
{
    /// <summary>The share of requests in each step, in percent, growing; after the last step everything.</summary>
    public IReadOnlyList<double> Canary { get; init; } = [5, 25, 100];

    /// <summary>How long a step takes at least.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A step is judged after its time and at least so many answers of the new version.</summary>
    public int AtLeast { get; init; } = 100;

    public AbortIf AbortIf { get; init; } = new();

    internal IEnumerable<(string Path, string Why)> Check()
    {
        if (Canary.Count is 0 or > 20 || Canary.Any(share => share is not (> 0 and <= 100)) || Canary.Zip(Canary.Skip(1)).Any(pair => pair.First >= pair.Second))
            yield return ("release.canary", "The shares are 1 to 20 growing percentages above 0 and up to 100, such as [5, 25, 100].");
        if (Step < TimeSpan.FromSeconds(1) || Step > TimeSpan.FromDays(30))
            yield return ("release.step", "A step takes 1s to 30d.");
        if (AtLeast is < 1 or > 1_000_000)
            yield return ("release.at_least", "A step is judged after 1 to 1000000 answers.");
        foreach (var (path, limit, most) in ((string, string?, double)[])[("error_rate", AbortIf.ErrorRate, 1), ("p95_ms", AbortIf.P95Ms, 1e9), ("low_confidence", AbortIf.LowConfidence, 1)])
            if (limit is not null && AbortIf.Read(limit) is not { } value)
                yield return ($"release.abort_if.{path}", $"'{Names.Shorten(limit)}' is no limit: write '> 0.01', for example.");
            else if (limit is not null && AbortIf.Read(limit) is { } read && !(read >= 0 && read <= most))
                yield return ($"release.abort_if.{path}", most > 1 ? "Milliseconds from 0 on are expected." : "A share is 0 to 1.");
    }

    /// <summary>As it is kept with the release: a change of the project file does not change one that has begun.</summary>
    internal ReleasePlan Plan(double unsureUnder) => new([.. Canary], Step, AtLeast, unsureUnder, AbortIf.Read(AbortIf.ErrorRate), AbortIf.Read(AbortIf.P95Ms), AbortIf.Read(AbortIf.LowConfidence));
}

/// <summary>When a release goes back to 0 % at once. What is not named stops nothing.</summary>
public sealed record AbortIf
{
    /// <summary>The share of requests that the new version could not answer and the one before could: <c>"&gt; 0.01"</c>.</summary>
    public string? ErrorRate { get; init; } = "> 0.01";

    /// <summary>95 of 100 requests take longer than this many milliseconds: <c>"&gt; 60"</c>.</summary>
    public string? P95Ms { get; init; }

    /// <summary>The share of answers under <c>serve.unsure_under</c>: <c>"&gt; 0.15"</c>.</summary>
    public string? LowConfidence { get; init; }

    internal static double? Read(string? limit) => double.TryParse(limit?.TrimStart('>', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
