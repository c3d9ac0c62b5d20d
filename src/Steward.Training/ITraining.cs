using Steward.Data.Tables;
using Steward.Identity;
using Steward.Storage;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>Trainings as the section <c>train</c> of a project asks for them.</summary>
public interface ITraining
{
    /// <summary>
    /// What would be learned from now, or from tables as they will be once changes that are staged are committed. Throws when
    /// the project file asks for nothing that this server can train.
    /// </summary>
    Task<PlannedTraining> Look(string project, TrainAsk ask, IReadOnlyList<TableChange> staged, CancellationToken stop = default);

    /// <summary>Adds the task in the caller's transaction; where it was to be done once, the task that did it, or does it, is the answer. One that failed is followed by another.</summary>
    Task<WorkTask> Order(Tx tx, Who who, PlannedTraining training);
}

/// <param name="Reason">For people: <c>asked for</c>.</param>
public sealed record TrainAsk(string Reason)
{
    /// <summary>Of the data set or table; the newest when null.</summary>
    public int? Version { get; init; }

    /// <summary>A first look: the first tune only.</summary>
    public bool Quick { get; init; }

    /// <summary>The engine that runs the tunes; as the project file says when null.</summary>
    public string? On { get; init; }

    /// <summary>The work tree it is asked for in.</summary>
    public Checkout? Checkout { get; init; }

    /// <summary>Not again what was trained before by the same settings from the same rows or pictures.</summary>
    public bool Once { get; init; }
}

/// <summary>A training that can be ordered.</summary>
/// <param name="IsTable">It learns from a table.</param>
/// <param name="Key">Trainings with the same one are the same.</param>
/// <param name="Words">What is learned: <c>recommendation from dw.sales@12 for the model offers</c>.</param>
public sealed record PlannedTraining(TrainOrder Order, bool IsTable, string Key, string Words);
