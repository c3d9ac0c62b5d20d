namespace Steward.Stories;

/// <summary>One thing that is on record. A story may say nothing that is not such a fact.</summary>
/// <param name="Id">Within its story: <c>new.right</c>.</param>
/// <param name="Value">In the unit's own measure: a share is 0 to 1, a moment seconds since 1970.</param>
/// <param name="Source">The record that says so.</param>
public sealed record Fact(string Id, double Value, Unit Unit, Source Source)
{
    /// <summary>Under which conditions it was measured, as a key of the tellings: <c>test</c>, <c>changed</c>. Two shares meet only under the same.</summary>
    public string Conditions { get; init; } = "";

    /// <summary>How many items stand behind it; 0 when it is itself a count or a moment.</summary>
    public long N { get; init; }

    /// <summary>When it became true or was measured.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Which way is good news: a half is rounded against it.</summary>
    public Better Better { get; init; }

    /// <summary>Over the value, its unit, conditions, n, source and time: any change gives another one.</summary>
    public Digest Hash => FactHash.Of(this);
}

/// <summary>Where a fact stands on record.</summary>
/// <param name="Kind">One word: <c>run</c>, <c>version</c>, <c>gate</c>, <c>sign-off</c>, <c>incident</c>, <c>window</c>, <c>snapshot</c>, <c>endpoint</c>, <c>release</c>.</param>
/// <param name="Entity">Its name there: <c>fruit@2</c>, <c>incident 1</c>.</param>
/// <param name="Link">The page that shows it.</param>
public sealed record Source(string Kind, string Entity, string Link)
{
    /// <summary>The kind of a value that is on no record: it stands for one, and the list of sources says so.</summary>
    public const string Example = "example";
}

/// <summary>Values over time or steps, as recorded.</summary>
/// <param name="Unit">Of the values.</param>
/// <param name="X">Steps, or seconds since 1970 when <paramref name="Moments"/>.</param>
public sealed record FactSeries(string Id, IReadOnlyList<double> X, IReadOnlyList<double> Y, Unit Unit, bool Moments, Source Source)
{
    public string Conditions { get; init; } = "";

    /// <summary>Names of single points, where they are not numbers: the tunes of a study, the kinds of a data set.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public Digest Hash => FactHash.Of(this);
}
