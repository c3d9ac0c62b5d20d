using Steward.Projects;

namespace Steward.Training;

/// <summary>A task of kind <c>train</c>: which snapshot to learn from, and why.</summary>
/// <param name="Version">Of the data set or table; what was newest when it was ordered.</param>
/// <param name="Reason">For people: <c>asked for</c>, <c>new labels</c>.</param>
/// <param name="Quick">A first look: the first tune only, with a quarter of the patterns and one copy of each picture.</param>
/// <param name="By">The name of who wanted it.</param>
/// <param name="On">The engine that runs the tunes, each as a task of its own; as the project file says when null.</param>
public sealed record TrainOrder(string Project, string Data, int Version, string Reason, bool Quick, string By, string? On = null)
{
    public const string Kind = "train";

    /// <summary>The work tree it was asked for in: the blob of a <see cref="Checkout"/>.</summary>
    public Digest? Checkout { get; init; }

    /// <summary>What the project file asks for, made small for a first look.</summary>
    internal TrainSection Plan(Project project)
    {
        var plan = project.File.Get<TrainSection>("train");
        plan = plan with { RunOn = On ?? plan.RunOn };
        if (!Quick)
            return plan;
        plan = plan with { Search = null };
        return plan.IsTable
            ? plan with { Algorithms = [plan.Tried[0]], Repeats = 1 }
            : plan with { Filters = Math.Max(8, plan.Filters / 4), Copies = Math.Min(1, plan.Copies), Tunes = [plan.Tunes.Count > 0 ? plan.Tunes[0] : TunePlan.Usual[0]] };
    }
}

/// <summary>What a training task ends with.</summary>
/// <param name="Study">The run whose children are the tunes.</param>
/// <param name="Model">The registered model that the best tune becomes a version of.</param>
public sealed record TrainDone(string Study, string Model);
