namespace Steward.Serving;

/// <summary>The section <c>serve</c> of a project file.</summary>
public sealed record ServeSection
{
    /// <summary>The name under which the project's model answers; unique on a server.</summary>
    public string? Endpoint { get; init; }

    /// <summary>More names, each with the model that answers under it: <c>{fruit: fruit, ripeness: ripe}</c>.</summary>
    public IReadOnlyDictionary<string, string> Endpoints { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer less confident than this is unsure: its picture is kept whatever the sample, and a release counts it.</summary>
    public double UnsureUnder { get; init; } = 0.60;

    /// <summary>How a promoted version takes over; without it, at once.</summary>
    public ServeRelease? Release { get; init; }

    public ServeLimits Limits { get; init; } = new();

    public ServeLog Log { get; init; } = new();

    internal static IEnumerable<(string Path, string Why)> Check(ServeSection section)
    {
        if (section.Endpoint is { } name && Refusal(name) is { } why)
            yield return ("endpoint", why);
        foreach (var (more, model) in section.Endpoints)
            if ((Refusal(more) ?? Refusal(model, "model")) is { } refused)
                yield return ($"endpoints.{more}", refused);
        if (section.UnsureUnder is not (>= 0 and <= 1))
            yield return ("unsure_under", "A confidence is 0 to 1.");
        foreach (var complaint in section.Release?.Check() ?? [])
            yield return complaint;
        if (section.Limits.Body is < 1024 or > 64L << 20)
            yield return ("limits.body", "The largest request may have 1 KiB to 64 MiB.");
        if (section.Log.Sample is not (>= 0 and <= 1))
            yield return ("log.sample", "A share is 0 to 1.");
        if (section.Log.Days is < 1 or > 36_500)
            yield return ("log.days", "Answers are kept for 1 to 36500 days; without 'days' for good.");
    }

    /// <summary>The names under which a model answers. The plain <see cref="Endpoint"/> is for any model that has no name of its own.</summary>
    internal IEnumerable<string> NamesOf(string model)
    {
        var own = Endpoints.Where(pair => pair.Value == model).Select(pair => pair.Key).ToList();
        return own.Count == 0 && Endpoint is not null ? [Endpoint] : own;
    }

    private static string? Refusal(string name, string what = "endpoint")
    {
        try
        {
            Names.Check(what, name);
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }
}

public sealed record ServeLimits
{
    /// <summary>Largest request, also after unpacking: 8MiB.</summary>
    public long Body { get; init; } = 8L << 20;

    /// <summary>Whether NaN and infinities are values like others; by default they are refused, because few models mean anything by them.</summary>
    public bool AllowNan { get; init; }
}

/// <summary>
/// What is kept of answers. Their figures (label, confidence, embedding) are kept of every one, because windows are judged by
/// all of them; pictures are large and may be sampled.
/// </summary>
public sealed record ServeLog
{
    /// <summary>The share of answers whose picture is kept, 0 to 1. Pictures of unsure answers are kept anyway: they teach most.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Whether pictures are kept at all.</summary>
    public bool Pictures { get; init; } = true;

    /// <summary>Answers older than this are removed by themselves; without it they stay for good.</summary>
    public int? Days { get; init; }
}
