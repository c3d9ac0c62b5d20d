using Microsoft.Extensions.Logging;

namespace Steward.Events;

/// <summary>Tells one listener its events, one after another. Each listener has its own loop, so none waits for another.</summary>
internal sealed partial class ListenerLoop(string id, IServiceProvider all, ILookup<string, Listener> hears, EventStore store, EventBell bell, Backoff backoff, TimeProvider clock, ILogger log)
{
    private const int MostTries = 20, Page = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30), Rest = TimeSpan.FromSeconds(1);
    private readonly string _holder = Names.NewId();

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var ring = bell.Next;
            var more = false;
            try
            {
                more = await Turn(stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                TurnFailed(log, error, id);
            }

            if (!more)
                await Bell.Wait(ring, Rest, clock, stop);
        }
    }

    /// <summary>One lease: tells what waits, up to a page. True when there may be more.</summary>
    private async Task<bool> Turn(CancellationToken stop)
    {
        if (!await store.Waits(id, stop) || await store.Claim(id, _holder, Lease, stop) is not { } held)
            return false;
        var young = clock.GetUtcNow() + (Lease / 3);
        try
        {
            foreach (var happened in await store.Next(held, Page, stop))
            {
                if (!await Tell(held, happened, stop))
                    return false;
                held = held with { Tries = 0 };
                if (clock.GetUtcNow() > young)
                    break; // a page of short events must not outlast the lease: take it anew
            }
        }
        finally
        {
            await store.Release(held);
        }

        return true;
    }

    private async Task<bool> Tell(Cursor held, Happened happened, CancellationToken stop)
    {
        using var ours = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var renewing = KeepLease(held, ours);
        try
        {
            foreach (var listener in hears[happened.Name])
                await listener.Hear(all, happened.Body, ours.Token);
        }
        catch (Exception error) when (!ours.IsCancellationRequested)
        {
            await Refused(held, happened, error, stop);
            return held.Tries + 1 >= MostTries;
        }
        finally
        {
            await ours.CancelAsync();
            await renewing;
        }

        return await store.Advance(held, happened, stop);
    }

    private async Task Refused(Cursor held, Happened happened, Exception error, CancellationToken stop)
    {
        var why = $"{error.GetType().Name}: {error.Message}";
        if (held.Tries + 1 >= MostTries)
        {
            Parked(log, error, id, happened.Name, MostTries);
            await store.Park(held, happened, why, stop);
            return;
        }

        NotHeard(log, error, id, happened.Name, held.Tries + 1);
        await store.TryLater(held, why, backoff.After(held.Tries + 1), stop);
    }

    private async Task KeepLease(Cursor held, CancellationTokenSource ours)
    {
        try
        {
            do
                await Task.Delay(Lease / 3, clock, ours.Token);
            while (await store.Renew(held, Lease, ours.Token));
            await ours.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // the event is told
        }
        catch (Exception error)
        {
            TurnFailed(log, error, id);
            await ours.CancelAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The listener {Listener} could not hear {Event} (try {Tries}).")]
    private static partial void NotHeard(ILogger log, Exception error, string listener, string @event, int tries);

    [LoggerMessage(LogLevel.Error, "The listener {Listener} could not hear {Event} after {Tries} tries; the event is parked.")]
    private static partial void Parked(ILogger log, Exception error, string listener, string @event, int tries);

    [LoggerMessage(LogLevel.Error, "A turn of the listener {Listener} failed.")]
    private static partial void TurnFailed(ILogger log, Exception error, string listener);
}
