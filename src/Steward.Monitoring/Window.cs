using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>Answers of one version that were judged together.</summary>
/// <param name="Number">From 1, without gaps, per endpoint and version.</param>
/// <param name="From">When its first answer was given.</param>
/// <param name="Answers">How many it holds; fewer than asked for when it was judged because it had waited long.</param>
/// <param name="Alarms">What alarmed; empty when nothing did.</param>
/// <param name="Drift">Null when it could not be judged; the note says why.</param>
/// <param name="Incident">The incident that its alarm belongs to.</param>
/// <param name="Note">What could not be judged and why, or what is unusual about this window.</param>
public sealed record Window(
    string Project, string Endpoint, int Version, int Number, DateTimeOffset From, DateTimeOffset To, int Answers, WindowState State,
    IReadOnlyList<LoopWhen> Alarms, Unsure Unsure, Drift? Drift, int? Incident, string? Note, DateTimeOffset JudgedAt)
{
    /// <summary>The kind whose share was the most unlike the test split; null when it is not watched or not known.</summary>
    public KindShare? Kinds { get; init; }

    /// <summary>The answers that show its alarms best.</summary>
    public IReadOnlyList<Telling> Telling { get; init; } = [];

    internal LogMark? Before { get; init; }

    /// <summary>How many of the last windows it took to alarm.</summary>
    internal int Span => Math.Max(Unsure.Alarms ? Unsure.Windows : 1, Math.Max(Drift is { Alarms: true } ? Drift.Windows : 1, Kinds is { Alarms: true } ? Kinds.Windows : 1));

    /// <summary>Whether this window is unusual by itself, whatever came before.</summary>
    internal bool AlarmsAlone => Unsure is { Alarms: true, Windows: 1 } || Drift is { Alarms: true, Windows: 1 } || Kinds is { Alarms: true, Windows: 1 };

    internal LogMark Last { get; init; } = new(default, "");
}

/// <summary>An answer that shows an alarm well.</summary>
/// <param name="Prediction">Its id in the request log; its picture was kept.</param>
/// <param name="Because">Which alarm.</param>
public sealed record Telling(string Prediction, LoopWhen Because);

public enum WindowState
{
    Quiet,
    Alarm,

    /// <summary>Of a new version in the middle of an incident: unlike its test split, but sure. Such windows become what drift is measured against.</summary>
    Learning,

    /// <summary>There is nothing to compare with.</summary>
    Unjudged,
}

/// <summary>How many answers were less confident than the threshold.</summary>
/// <param name="Count">k.</param>
/// <param name="Of">n.</param>
/// <param name="Under">The threshold.</param>
/// <param name="Limit">The fewest that alarm; null when no count would.</param>
/// <param name="ReferenceCount">How many of the test split.</param>
/// <param name="ReferenceOf">Rows of the test split; 0 when the version has none.</param>
/// <param name="P">How probable so many are when nothing changed.</param>
/// <param name="Windows">1 for this window alone; more when only that many of the last ones together alarm.</param>
public sealed record Unsure(int Count, int Of, double Under, int? Limit, int ReferenceCount, int ReferenceOf, double P, int Windows)
{
    public double Share => Of == 0 ? 0 : (double)Count / Of;

    /// <summary>The count as a multiple of its limit: 1 and above is an alarm; null when nothing would alarm.</summary>
    public double? Ratio => Limit is { } limit ? (double)Count / limit : null;

    internal bool Alarms => Count >= Limit;
}

/// <summary>How far what the model saw lies from what it is compared with.</summary>
/// <param name="Score">Above the limit is an alarm.</param>
/// <param name="Limit">The score that chance exceeds with the allowed probability.</param>
/// <param name="P">How probable so large a score is when nothing changed.</param>
/// <param name="Rows">Answers that had an embedding.</param>
/// <param name="Windows">How many of the last windows were judged together; that many show it most clearly.</param>
public sealed record Drift(double Score, double Limit, double P, int Rows, Against Against, int Windows)
{
    public double Ratio => Score / Limit;

    internal bool Alarms => Score > Limit;
}

public enum Against
{
    TestSplit,

    /// <summary>The version's first windows after an incident: pictures like them were named by people and learned.</summary>
    NewNormal,
}
