namespace Steward.Stories;

/// <summary>One edition of a story: the facts as they stood when it was made. Changed facts give the next one.</summary>
/// <param name="Number">From 1 per story.</param>
/// <param name="Episode">Its place in the series of the project; null for stories that are no episode.</param>
/// <param name="Findings">What its checks found; it is published only without any.</param>
public sealed record Edition(
    string Project, string Kind, string Subject, int Number, int? Episode, FactBook Book, string MadeBy, DateTimeOffset MadeAt,
    IReadOnlyList<Finding> Findings, string? PublishedBy, DateTimeOffset? PublishedAt)
{
    public bool IsPublished => PublishedAt is not null;

    /// <summary>As people name it: <c>release/fruit@2</c>.</summary>
    public string Name => $"{Kind}/{Subject}";
}

/// <summary>One thing that a check found in a telling.</summary>
/// <param name="Rule">Its short name.</param>
/// <param name="Where">Telling and panel.</param>
/// <param name="What">What is wrong, in a sentence.</param>
public sealed record Finding(string Rule, string Where, string What);
