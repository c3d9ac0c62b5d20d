using Steward.Identity;
using Steward.Projects;
using Steward.Training;

namespace Steward.Pipelines;

/// <summary>Asks for the training that the section <c>train</c> describes, on the tables as they are once the window has ended.</summary>
public sealed record TrainPlan : StepSettings
{
    /// <summary>Only <c>false</c>: a run cannot wait for a training that learns from what the run makes.</summary>
    public bool Wait { get; init; }

    internal override string Kind => "train";

    internal override string InWords() => "orders the training that the project file describes";

    internal override string InWords(Project project) => $"orders {project.File.Get<TrainSection>("train").InWords(project.Name)}, once for the same rows";

    internal override IEnumerable<string> Complaints() => Wait ? ["a run cannot wait for a training: it learns from the tables as they are when the window has ended. What follows from it goes into a pipeline with the trigger promoted."] : [];
}

/// <summary>Orders one training with the end of the window; none when the same was trained before from the same rows.</summary>
internal sealed class TrainStep(ITraining training) : IStep
{
    public string Kind => "train";

    public async Task<StepMade> Do(StepContext context, CancellationToken stop)
    {
        var found = await training.Look(context.Project.Name, new TrainAsk($"{context.Window.Pipeline} {context.Window.StartAt.UtcDateTime:yyyy-MM-dd HH:mm}") { Once = true }, context.Tables.AllStaged, stop);
        var seen = found.IsTable ? context.Tables.Seen(found.Order.Data, found.Order.Version) : null;
        return new([], 0, $"Orders {found.Words}.")
        {
            Effect = async tx =>
            {
                context.Tables.Same(seen);
                var task = await training.Order(tx, Who.Steward, found);
                var order = Json.Read<TrainOrder>(task.Payload);
                await RunStore.Ordered(tx, context.Run, context.Id, task.Id, order.Reason == found.Order.Reason ? $"Ordered {found.Words}." : $"Nothing to order: the same rows were learned from for {order.Reason}.");
            },
        };
    }
}
