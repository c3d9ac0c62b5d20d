using System.Text.Json;
using Steward.Projects;

namespace Steward.Monitoring;

/// <summary>Something that was not as usual, from the first alarm until somebody says what it was.</summary>
/// <param name="Number">From 1, without gaps, per project.</param>
/// <param name="Version">The highest version that alarmed in it.</param>
/// <param name="Since">When the first answer of the first alarming window was given.</param>
/// <param name="Alarms">Windows that alarmed.</param>
/// <param name="Answers">Answers in them.</param>
/// <param name="Round">1, and one more with every alarm that came after it had been quiet.</param>
/// <param name="QuietWindows">Full windows in a row without an alarm.</param>
public sealed record Incident(
    string Project, int Number, string Endpoint, string Model, int Version, IncidentState State, IReadOnlyList<LoopWhen> Kinds, string Summary,
    DateTimeOffset Since, DateTimeOffset OpenedAt, DateTimeOffset LastAlarmAt, int Alarms, int Answers, int Round, int QuietWindows,
    DateTimeOffset? QuietAt, DateTimeOffset? ClosedAt, string? Cause, string? ClosedBy)
{
    public bool IsClosed => State is IncidentState.Closed;

    /// <summary>Only the number of requests was unusual: what the answers look like does not end it.</summary>
    internal bool IsOfVolume => Kinds is [LoopWhen.Volume];
}

public enum IncidentState
{
    Open,

    /// <summary>No alarm any more; it waits for somebody to say the cause.</summary>
    Quiet,
    Closed,
}

/// <summary>One line of an incident's timeline.</summary>
/// <param name="Kind">One word: <c>alarm</c>, <c>back</c>, <c>abstain</c>, <c>labels</c>, <c>serves</c>, <c>quiet</c>, <c>closed</c>, <c>drill</c>.</param>
/// <param name="Text">A sentence for a person.</param>
/// <param name="By"><c>steward</c>, or a person.</param>
/// <param name="Detail">The figures behind the sentence.</param>
public sealed record Entry(DateTimeOffset At, string Kind, string Text, string By, JsonElement? Detail)
{
    /// <summary>The kind that says that nothing of this really happened.</summary>
    public const string Drill = "drill";
}

/// <summary>What the rest of the platform may know about incidents.</summary>
public interface IIncidents
{
    /// <summary>Newest first.</summary>
    Task<List<Incident>> All(string project, int most = 100, CancellationToken stop = default);

    Task<Incident?> Find(string project, int number, CancellationToken stop = default);

    /// <summary>The timeline, oldest first.</summary>
    Task<List<Entry>> Timeline(string project, int number, CancellationToken stop = default);

    /// <summary>Windows that belong to it, oldest first.</summary>
    Task<List<Window>> Windows(string project, int number, int most = 100, CancellationToken stop = default);

    /// <summary>The newest windows of an endpoint, quiet ones too, newest first.</summary>
    Task<List<Window>> Judged(string endpoint, int most = 100, CancellationToken stop = default);

    /// <summary>How many are not closed.</summary>
    Task<int> Waiting(string project, CancellationToken stop = default);

    /// <summary>Closes it with what it was; <c>incident_closed</c> when it is closed already.</summary>
    Task<Incident> Close(Identity.Who who, string project, int number, string cause, CancellationToken stop = default);
}
