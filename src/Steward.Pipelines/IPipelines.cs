using Steward.Identity;

namespace Steward.Pipelines;

/// <summary>The pipelines of a project: what they are, how their windows stand, and what a person may do about them.</summary>
public interface IPipelines
{
    Task<List<PipelineView>> All(string project, CancellationToken stop = default);

    /// <summary>Throws <c>pipeline_not_found</c>.</summary>
    Task<PipelineView> Get(string project, string pipeline, CancellationToken stop = default);

    /// <summary>The windows with a row that begin before a moment, the newest first.</summary>
    Task<List<Window>> Windows(string project, string pipeline, DateTimeOffset? before = null, int most = 100, WindowState? state = null, CancellationToken stop = default);

    /// <summary>One window with its runs, the newest run's steps, and what it waits for; null when it has no row.</summary>
    Task<WindowView?> Window(string project, string pipeline, DateTimeOffset start, CancellationToken stop = default);

    /// <summary>What a backfill or a rerun of [from, to) would do; nothing is changed.</summary>
    Task<Preview> Preview(string project, string pipeline, WindowRange range, CancellationToken stop = default);

    /// <summary>Lets the windows of [from, to) run that have not succeeded (<see cref="Origin.Backfill"/>), or all of them again (<see cref="Origin.Rerun"/>); oldest first, in the slots there are.</summary>
    Task<Preview> Ask(Who who, string project, string pipeline, WindowRange range, CancellationToken stop = default);

    /// <summary>Cancels windows that wait or run: all of [from, to), or those of one request. What runs stops; its effect is refused from now on. How many.</summary>
    Task<int> Cancel(Who who, string project, string pipeline, DateTimeOffset? from, DateTimeOffset? to, string? request, CancellationToken stop = default);

    /// <summary>Paused, a pipeline begins nothing by itself; what a person asks for still runs.</summary>
    Task<PipelineView> Pause(Who who, string project, string pipeline, bool paused, CancellationToken stop = default);

    /// <summary>Runs the window a moment lies in (again when it is over), or, where there are none, a run of its own.</summary>
    Task<Window> Run(Who who, string project, string pipeline, DateTimeOffset? at, string? fromStep, CancellationToken stop = default);
}

/// <param name="Kind">Backfill or rerun.</param>
/// <param name="FailedOnly">A rerun of those that failed or were cancelled.</param>
/// <param name="Cascade">A rerun of what was made from them, too.</param>
public sealed record WindowRange(Origin Kind, DateTimeOffset? From, DateTimeOffset? To, bool FailedOnly = false, bool Cascade = false);

/// <summary>What a request will do, or has done.</summary>
/// <param name="New">Windows that never ran.</param>
/// <param name="Again">Windows that run again, by the state they have now.</param>
/// <param name="Others">The same in pipelines that depend on it.</param>
/// <param name="Took">Seconds that a window took in the middle of the last ones; null while none has run.</param>
/// <param name="Seconds">How long it will take with the slots there are, by that.</param>
public sealed record Preview(
    string Project, string Pipeline, Origin Kind, string? Request, DateTimeOffset From, DateTimeOffset To, long New, IReadOnlyDictionary<string, long> Again, IReadOnlyDictionary<string, long> Others, double? Took, double? Seconds)
{
    public long Windows => New + Again.Values.Sum();
}

/// <summary>A pipeline as people and programs see it.</summary>
/// <param name="Trigger">In words.</param>
/// <param name="Counts">Windows by state; those without a row are not among them.</param>
/// <param name="Ahead">Windows that are due and have no row yet.</param>
/// <param name="NextDueAt">When the next window runs by itself.</param>
/// <param name="Trouble">Why nothing begins by itself, when that is so.</param>
public sealed record PipelineView(
    string Project, string Name, string? Title, TriggerKind Kind, string Trigger, IReadOnlyList<string> Clock, bool Paused, string? Trouble, int AtOnce, IReadOnlyDictionary<string, long> Counts, long Ahead,
    DateTimeOffset? NextDueAt, Window? Newest, IReadOnlyList<StepView> Steps, IReadOnlyList<DependencyView> DependsOn, IReadOnlyList<string> NeededBy, IReadOnlyList<OpenAlarm> Alarms, IReadOnlyList<Request> Requests);

public sealed record StepView(string Id, string Kind, string Does, IReadOnlyList<string> Needs, StepWhen When, IReadOnlyList<string> Reads, IReadOnlyList<string> Writes);

public sealed record DependencyView(string Pipeline, string Offset, string? Size);

/// <param name="Runs">Oldest first.</param>
/// <param name="Steps">Of the newest run.</param>
/// <param name="Files">Those it was made for, when files made it run.</param>
/// <param name="Promotion">What it was made for, when a promotion made it run.</param>
public sealed record WindowView(Window Window, IReadOnlyList<Run> Runs, IReadOnlyList<StepRow> Steps, IReadOnlyList<string> Files, MovedAlias? Promotion = null);
