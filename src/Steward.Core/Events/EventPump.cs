using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Events;

/// <summary>Tells the events of the outbox to every listener of this server, and forgets those older than 30 days.</summary>
internal sealed partial class EventPump(IServiceProvider all, IEnumerable<Listener> listeners, EventStore store, EventBell bell, Backoff backoff, TimeProvider clock, ILogger<EventPump> log) : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Every listener has its cursor before the server is started, so nothing that is published afterwards passes it by.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.Introduce(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = listeners.GroupBy(listener => listener.Id).Select(one =>
            new ListenerLoop(one.Key, all, one.ToLookup(listener => listener.EventName), store, bell, backoff, clock, log).Run(stoppingToken));
        await Task.WhenAll([.. loops, Prune(stoppingToken)]);
    }

    private async Task Prune(CancellationToken stop)
    {
        using var hourly = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await store.Prune(clock.GetUtcNow() - Kept, stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                PruneFailed(log, error);
            }
        }
        while (await hourly.WaitForNextTickAsync(stop));
    }

    [LoggerMessage(LogLevel.Error, "Old events could not be deleted.")]
    private static partial void PruneFailed(ILogger log, Exception error);
}
