namespace Steward.Serving;

/// <summary>The section <c>serve</c> of a project file.</summary>
public sealed record ServeSection
{
    /// <summary>The name under which the project's model answers; unique on a server.</summary>
    public string? Endpoint { get; init; }

    public ServeLimits Limits { get; init; } = new();

    public ServeLog Log { get; init; } = new();

    internal static IEnumerable<(string Path, string Why)> Check(ServeSection section)
    {
        if (section.Endpoint is { } name && Refusal(name) is { } why)
            yield return ("endpoint", why);
        if (section.Limits.Body is < 1024 or > 64L << 20)
            yield return ("limits.body", "The largest request may have 1 KiB to 64 MiB.");
        if (section.Log.Sample is < 0 or > 1)
            yield return ("log.sample", "A share is 0 to 1.");
    }

    private static string? Refusal(string name)
    {
        try
        {
            Names.Check("endpoint", name);
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

public sealed record ServeLog
{
    /// <summary>The share of answers that are kept, 0 to 1.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Whether the pictures that were sent are kept with their answers.</summary>
    public bool Pictures { get; init; } = true;
}
