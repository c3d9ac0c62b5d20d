using Steward.Events;
using Steward.Data;
using Steward.Identity;
using Steward.Projects;
using Steward.Work;

namespace Steward.Training;

/// <summary>New labels in the data set that a project learns from: trains again when its loop says so, once per snapshot.</summary>
internal sealed class LabelsListener(IProjects projects, ILedger ledger) : IListen<SnapshotAdded>
{
    public async Task Hear(SnapshotAdded happened, CancellationToken stop)
    {
        if (happened.Reason is not Reason.Labels || await projects.Find(happened.Project, stop) is not { } project || !project.File.Retrains())
            return;
        if (project.File.Get<TrainSection>("train") is not { IsTable: false } plan || plan.Data != happened.DataSet)
            return;
        var order = new TrainOrder(happened.Project, happened.DataSet, happened.Version, "new labels", Quick: false, happened.By);
        await ledger.Add(new(happened.Project, TrainOrder.Kind, $"train/{happened.Project}/{happened.DataSet}@{happened.Version}/labels", order), Who.Steward, stop);
    }
}
