using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Copying;

/// <param name="By">Who asked for it.</param>
internal sealed record CopyTask(CopyOrder Order, string By);

/// <summary>Does copies of the ledger: a server that stops gives them back, and the next one goes on from the last piece.</summary>
internal sealed class CopyHandler(ICopies copies) : IWorkHandler
{
    public string Kind => Copies.Kind;

    public int AtOnce => 2;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var (order, project) = (context.Claim.Payload<CopyTask>().Order, context.Claim.Task.Project);
        var report = await copies.Copy(project, order, now => context.Report(now.Share, $"{now.Files:N0} of {now.AllFiles:N0} files, {Say.Bytes(now.Bytes)} of {Say.Bytes(now.AllBytes)}{(now.Now is null ? "" : $": {Names.Shorten(now.Now)}")}"), stop);
        return async tx =>
        {
            await copies.Tell(tx, Who.Steward, project, order, report);
            return report;
        };
    }
}
