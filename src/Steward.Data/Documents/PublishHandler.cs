using Steward.Identity;
using Steward.Storage;
using Steward.Work;

namespace Steward.Data.Documents;

/// <summary>A list to be swapped in where documents lie elsewhere.</summary>
/// <param name="Try">Which turn this is: a store that does not answer is asked again later, by a task of its own.</param>
internal sealed record PublishOrder(string Collection, long List, string By, int Try = 1)
{
    public const string Kind = "publish-documents";
    private const int MostTries = 20;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(15);

    /// <summary>The next turn and how long it waits; null when it is given up.</summary>
    public (PublishOrder Order, TimeSpan Wait)? Next => Try < MostTries ? (this with { Try = Try + 1 }, TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (Try - 1)))) : null;

    public NewTask Task(string project, DateTimeOffset? notBefore) => new(project, Kind, $"{Collection} {List} {Try}", this, NotBefore: notBefore);
}

/// <summary>Swaps lists in after the deed that they belong to.</summary>
internal sealed class PublishHandler(Documents documents, ILedger ledger, TimeProvider clock) : IWorkHandler
{
    public string Kind => PublishOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var (order, project) = (context.Claim.Payload<PublishOrder>(), context.Claim.Task.Project);
        try
        {
            var now = await documents.Onward(project, order.Collection, order.List, order.By, stop);
            return async tx =>
            {
                if (now.State is ListState.Current)
                    await documents.Tell(tx, Who.Steward with { Name = order.By }, project, now);
                return now;
            };
        }
        catch (ProblemException away) when (away.Kind is ProblemKind.Unavailable && order.Next is not null && !stop.IsCancellationRequested)
        {
            return async tx =>
            {
                var (next, wait) = order.Next.Value;
                await ledger.Add(tx, next.Task(project, clock.GetUtcNow() + wait), Who.Steward);
                return new WorkFailed($"{away.Message} It is tried again in {Say.Span(wait)}.", away.Code);
            };
        }
    }
}
