using Steward.Events;
using Steward.Projects;

namespace Steward.Monitoring;

/// <summary>Something alarmed.</summary>
/// <param name="Window">Its window, or its batch of feedback; 0 when a release was stopped.</param>
public sealed record AlarmRaised(string Project, string Endpoint, int Version, int Window, int Incident, IReadOnlyList<LoopWhen> Alarms) : IEvent
{
    public static string Name => "monitoring.alarm_raised";
}

public sealed record IncidentOpened(string Project, int Incident, string Endpoint, int Version, string Summary) : IEvent
{
    public static string Name => "monitoring.incident_opened";
}

public sealed record IncidentClosed(string Project, int Incident, string Endpoint, string Cause, string By) : IEvent
{
    public static string Name => "monitoring.incident_closed";
}

/// <summary>People should name these pictures, the most useful first.</summary>
/// <param name="Data">The snapshot that the version learned from: <c>pictures@1</c>.</param>
public sealed record LabelsWanted(string Project, int Incident, string Endpoint, string Model, int Version, string Data, IReadOnlyList<WantedLabel> Items) : IEvent
{
    public static string Name => "monitoring.labels_wanted";
}

/// <param name="Prediction">Id of the answer in the request log.</param>
/// <param name="Guess">What the version said.</param>
public sealed record WantedLabel(string Prediction, Digest Picture, string Guess, double Confidence);

/// <summary>People should name this one picture, because somebody said that the answer about it was wrong, or doubts it.</summary>
/// <param name="Data">The snapshot that the version learned from: <c>pictures@1</c>.</param>
/// <param name="Batch">How many such are gathered before their names go into the data set by themselves.</param>
public sealed record NameWanted(string Project, string Endpoint, string Model, int Version, string Data, int Batch, WantedLabel Item) : IEvent
{
    public static string Name => "monitoring.name_wanted";
}

/// <summary>People have named what was wanted. Told by the room that asked them; it belongs to the story of the incident.</summary>
/// <param name="Incident">0 when it was about answers that people called wrong.</param>
/// <param name="Data">The snapshot that holds their answers: <c>pictures@2</c>.</param>
/// <param name="Named">What each answer of the request log really was.</param>
public sealed record LabelsGiven(string Project, int Incident, string Data, int Answered, int Items, IReadOnlyList<NamedAnswer> Named) : IEvent
{
    public static string Name => "monitoring.labels_given";
}

/// <param name="Prediction">Id of the answer in the request log.</param>
/// <param name="Label">What it really is.</param>
public sealed record NamedAnswer(string Prediction, string Label);
