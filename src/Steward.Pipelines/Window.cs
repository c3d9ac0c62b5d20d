using Steward.Events;

namespace Steward.Pipelines;

public enum WindowState { Waiting, WaitingOnDependency, Running, Succeeded, Failed, Cancelled }

/// <summary>Why a window runs.</summary>
public enum Origin { Schedule, Event, Hand, Backfill, Rerun }

/// <summary>One window of one pipeline, and where it stands.</summary>
/// <param name="DueAt">Not before: its end and the delay, later while it waits to be tried again.</param>
/// <param name="Round">How often it was run again by request; <paramref name="Attempt"/> how often it was tried again by itself since; <paramref name="Runs"/> how often it was begun at all.</param>
/// <param name="Why">Why it waits, has failed or was cancelled, in a sentence.</param>
/// <param name="WaitsFor">The pipeline it waits for first, and the start of that window.</param>
/// <param name="FromStep">Earlier steps of the run before are taken as they are.</param>
/// <param name="Stale">A window it was made from was run again since.</param>
public sealed record Window(
    string Project, string Pipeline, DateTimeOffset StartAt, DateTimeOffset EndAt, WindowState State, DateTimeOffset DueAt, Origin Origin, string? Request, int Round, int Attempt, int Runs,
    string? Why, string? WaitsFor, DateTimeOffset? WaitsAt, DateTimeOffset? WaitsSince, string? Run, string? Task, string? FromStep, bool Stale, long? RowsMade, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsOver => State is WindowState.Succeeded or WindowState.Failed or WindowState.Cancelled;

    internal Slice Slice => new(StartAt, EndAt);
}

/// <summary>What is known of a pipeline besides the project file.</summary>
/// <param name="LookTrouble">Why the place where its files arrive cannot be looked at; windows that are there run all the same.</param>
public sealed record PipelineRow(string Project, string Name, string? Grid, DateTimeOffset NextAt, int Revision, bool Paused, string? Trouble, string? LookTrouble);

/// <summary>One run of a window.</summary>
public sealed record Run(string Id, string Project, string Pipeline, DateTimeOffset StartAt, int Number, string Task, int? Revision, RunState State, string? Error, DateTimeOffset BegunAt, DateTimeOffset? EndedAt);

public enum RunState { Running, Succeeded, Failed, Cancelled }

/// <summary>A window has come to an end: it succeeded, failed for good, or was cancelled. Told once, together with its effect.</summary>
public sealed record WindowEnded(string Project, string Pipeline, DateTimeOffset Start, DateTimeOffset End, WindowState State, string? Run, long Rows, string? Why) : IEvent
{
    public static string Name => "pipelines.window_ended";
}

/// <summary>Something about a pipeline is not as the project file wants it: <c>fresh</c>, <c>rows</c>, <c>duration</c>, <c>failure</c>.</summary>
public sealed record PipelineAlarm(string Project, string Pipeline, string Kind, DateTimeOffset Start, string Why) : IEvent
{
    public static string Name => "pipelines.alarm";
}
