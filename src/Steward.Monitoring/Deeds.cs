using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Does what incidents ask for, one after another. What fails is tried again, later and later, and after many tries given up in words.</summary>
internal sealed partial class Deeds(DeedStore store, BackOrAbstain back, AskForLabels ask, AnswerAgain again, DeedBook book, Backoff backoff, TimeProvider clock, ILogger<Deeds> log)
{
    private const int MostTries = 20;

    public async Task Run(CancellationToken stop)
    {
        foreach (var deed in await store.Due(clock.GetUtcNow(), stop))
            try
            {
                await (deed.Kind switch
                {
                    DeedKind.BackOrAbstain => back.Do(deed, stop),
                    DeedKind.AskForLabels => ask.Do(deed, stop),
                    _ => again.Do(deed, stop),
                });
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                DeedFailed(log, deed.Id, deed.Tries + 1, error);
                if (deed.Tries + 1 >= MostTries)
                    await book.End(deed, "failed", $"This could not be done by itself after {MostTries} tries: {Names.Shorten(error.Message, 300)}", new { deed = deed.Kind }, stop: stop);
                else
                    await store.Later(deed.Id, clock.GetUtcNow() + backoff.After(deed.Tries + 1), stop);
            }
    }

    [LoggerMessage(LogLevel.Warning, "The deed {Deed} failed (try {Tries}).")]
    private static partial void DeedFailed(ILogger log, string deed, int tries, Exception error);
}

/// <summary>Ends deeds: the end, its line in the timeline, its audit entry and its event are one transaction, once.</summary>
internal sealed class DeedBook(Db db, IncidentStore incidents, IAudit audit, TimeProvider clock)
{
    public async Task<Incident> IncidentOf(Deed deed, CancellationToken stop)
        => await incidents.Find(deed.Project, deed.Incident, stop) ?? throw Incidents.NotFound(deed.Incident);

    /// <param name="deed">What was done.</param>
    /// <param name="kind">Of the timeline's line; null for a deed that changed nothing and is not worth one.</param>
    /// <param name="text">The line.</param>
    /// <param name="detail">The figures behind it.</param>
    /// <param name="publish">Last in the transaction.</param>
    public async Task End(Deed deed, string? kind, string text, object detail, Func<Tx, Task>? publish = null, CancellationToken stop = default)
    {
        var incident = await IncidentOf(deed, stop);
        await db.Write(async tx =>
        {
            if (!await DeedStore.Done(tx, deed.Id, clock.GetUtcNow()))
                return;
            if (kind is null)
                return;
            await IncidentStore.Tell(tx, incident, deed.Id, kind, text, Who.Steward.Name, clock.GetUtcNow(), detail);
            await audit.Write(tx, Who.Steward, $"incident.{kind}", deed.Project, $"incident {deed.Incident}", detail);
            if (publish is not null)
                await publish(tx);
        }, stop);
    }
}
