namespace Steward.Stories;

/// <summary>One thing that is explained to anybody: a story like the others, with a task at its end.</summary>
/// <param name="Key">As people type it: <c>drift</c>, <c>active-learning</c>.</param>
/// <param name="From">Reads the figures of a project; where it has none, examples stand for them.</param>
internal sealed record Topic(string Key, Func<string, string, CancellationToken, Task<FactBook>> From, IReadOnlyList<Beat> Beats) : IStoryKind
{
    public const string Prefix = "explain-";

    public string Name => Prefix + Key;

    public bool Explains => true;

    /// <summary>Other words for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public Task<FactBook> Gather(string project, string? subject, CancellationToken stop) => From(project, Key, stop);
}
