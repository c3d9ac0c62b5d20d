using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Pipelines;

/// <summary>A window that is running whose task is over all the same (its worker died too often, its table changed meanwhile, somebody cancelled the task) comes to an end, too.</summary>
internal sealed class Mirror(Db db, WindowStore store, ILedger ledger, Endings endings)
{
    public async Task Look(Project project, string name, PipelinePlan plan, CancellationToken stop)
    {
        foreach (var window in await store.Running(project.Name, name, stop))
        {
            var task = await ledger.Find(window.Task!, stop);
            if (task is null or { IsOver: true })
                await db.Write(tx => End(tx, project.Name, plan, window, task), stop);
        }
    }

    private async Task End(Tx tx, string project, PipelinePlan plan, Window window, WorkTask? task)
    {
        if (task?.State is not WorkState.Cancelled)
            await endings.Fail(tx, plan, window, window.Run!, null, task?.Error ?? "Its task is gone.", task?.ErrorCode);
        else
            foreach (var ended in await WindowStore.Cancel(tx, project, window.Pipeline, new(window.StartAt, window.StartAt.AddMicroseconds(1)), null, [WindowState.Running], "Its task was cancelled.", task.EndedAt!.Value))
                await endings.Cancelled(tx, ended, ended.Why!);
    }
}
