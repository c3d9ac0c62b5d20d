using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Work;

/// <summary>
/// Takes tasks from the ledger and has them done, a few at once. Wakes when this process adds one and otherwise looks
/// every second. When the server stops, what is unfinished is given back.
/// </summary>
internal sealed partial class WorkLoop(IEnumerable<IWorkHandler> handlers, Ledger ledger, WorkSignals signals, WorkOptions options, TimeProvider clock, ILogger<WorkLoop> log) : BackgroundService
{
    /// <summary>What waits for other machines costs a lease and little else.</summary>
    private const int MostWithThoseAway = 256;

    private readonly Dictionary<string, IWorkHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Kind, Task Turn, WorkTurn Work)> _running = new(StringComparer.Ordinal);

    /// <summary>What this worker held when its process died is due again before anything else happens.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var back = await ledger.TakeBack(options.Worker, cancellationToken);
        if (back > 0)
            TakenBack(log, back);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_running.Values.Select(one => one.Turn)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_handlers.Count > 0 && !stoppingToken.IsCancellationRequested)
        {
            var (due, cancel) = (signals.Due.Next, signals.Cancel.Next);
            try
            {
                while (await ledger.Claim(Free, options.Worker, options.Lease, stoppingToken) is { Count: > 0 } claims)
                {
                    foreach (var claim in claims)
                        Begin(claim, cancel, stoppingToken);
                    cancel = signals.Cancel.Next;
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LookFailed(log, error);
            }

            await Bell.Wait(due, options.Look, clock, stoppingToken);
        }
    }

    /// <summary>The kinds that another task may be taken of now, beside those that were taken and have not begun.</summary>
    private List<string> Free(IReadOnlyList<Claim> taken)
    {
        var here = _running.Values.Where(one => !one.Work.IsAway).Select(one => one.Kind).Concat(taken.Select(one => one.Task.Kind)).CountBy(kind => kind).ToDictionary();
        return here.Values.Sum() >= options.AtOnce || _running.Count + taken.Count >= MostWithThoseAway
            ? []
            : [.. _handlers.Values.Where(handler => here.GetValueOrDefault(handler.Kind) < handler.AtOnce).Select(handler => handler.Kind)];
    }

    private void Begin(Claim claim, Task cancel, CancellationToken stop)
    {
        var began = new TaskCompletionSource();
        var work = new WorkTurn(claim, _handlers[claim.Task.Kind], ledger, signals, options, clock, log);
        _running[Key(claim)] = (claim.Task.Kind, Turn(), work);
        began.SetResult();

        async Task Turn()
        {
            await began.Task;
            try
            {
                await work.Run(cancel, stop);
            }
            catch (Exception error)
            {
                // The records could not be written: the lease ends by itself, and somebody takes the task again.
                TurnFailed(log, error, claim.Task.Kind, claim.Task.Id);
            }
            finally
            {
                _running.TryRemove(Key(claim), out _);
                signals.Due.Ring();
            }
        }
    }

    // The same task may come twice: its lease was lost, it is due again, and the first turn has not noticed yet.
    private static string Key(Claim claim) => $"{claim.Task.Id} {claim.Fence}";

    [LoggerMessage(LogLevel.Warning, "{Count} tasks that this server did when it ended are due again.")]
    private static partial void TakenBack(ILogger log, int count);

    [LoggerMessage(LogLevel.Error, "Looking for tasks failed; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Error, "The end of the {Kind} task {Id} could not be kept; it is taken again when its lease is over.")]
    private static partial void TurnFailed(ILogger log, Exception error, string kind, string id);
}
