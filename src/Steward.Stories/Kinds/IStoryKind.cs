namespace Steward.Stories;

/// <summary>One kind of story: where its facts are on record, and by which beats it is told.</summary>
internal interface IStoryKind
{
    /// <summary>As people type it: <c>release</c>, <c>incident</c>.</summary>
    string Name { get; }

    IReadOnlyList<Beat> Beats { get; }

    /// <summary>Whether each of its stories is an episode of the project's series.</summary>
    bool IsEpisode => false;

    /// <summary>Whether it explains how something works, rather than telling what happened.</summary>
    bool Explains => false;

    /// <summary>Reads the records. Throws a <see cref="ProblemException"/> when there is no such subject.</summary>
    /// <param name="subject">What to tell about; null for the newest of its kind.</param>
    Task<FactBook> Gather(string project, string? subject, CancellationToken stop);
}

/// <summary>One panel of a kind of story: what must be on record for it, and how it is drawn.</summary>
/// <param name="Key">Its texts lie under this name.</param>
/// <param name="Tone">Its place in the grammar and in the colour script.</param>
/// <param name="Draw">Draws the panel from the stage's facts and texts.</param>
/// <param name="Needs">Facts, series, names or flags without which it is left out; of a required beat, without which the story is refused.</param>
internal sealed record Beat(string Key, Tone Tone, Action<Stage> Draw, params string[] Needs)
{
    public bool Required { get; init; }

    /// <summary>The first to be left out when there are more panels than a story may have.</summary>
    public bool Spare { get; init; }

    /// <summary>Counts that are parts of one whole, or the whole: gates passed and gates, boxes of one heap. Together they are one idea.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>A flag with which it is not told, because another beat tells what is so instead.</summary>
    public string? Unless { get; init; }

    /// <summary>Facts and series that the picture itself shows; a scene may draw no other.</summary>
    public IReadOnlyList<string> Shows { get; init; } = [];
}
