using Microsoft.Extensions.Logging;

namespace Steward.Work;

/// <summary>One attempt at one task: the handler works while the lease is renewed, then its effect is kept.</summary>
internal sealed partial class WorkTurn(Claim claim, IWorkHandler handler, Ledger ledger, WorkSignals signals, WorkOptions options, TimeProvider clock, ILogger log)
{
    private readonly Bell _told = new();
    private volatile Progress? _news;
    private int _away;

    /// <summary>It waits for another machine, and takes no place here.</summary>
    public bool IsAway => Volatile.Read(ref _away) > 0;

    /// <param name="cancel">Rings when any task is cancelled in this process; taken before the claim.</param>
    public async Task Run(Task cancel, CancellationToken stop)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var over = new CancellationTokenSource();
        using var trace = WorkTelemetry.Begin(claim.Task);
        var (began, outcome) = (clock.GetTimestamp(), "done");
        var keeping = KeepLease(cancel, own, over.Token);
        try
        {
            var effect = await Work(own.Token);
            await over.CancelAsync();
            await keeping;
            if (_news is { } news)
                await ledger.Renew(claim, options.Lease, news.Share, news.Message, CancellationToken.None);
            await ledger.Complete(claim, effect, CancellationToken.None);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Whatever it threw, it threw because it was stopped.
            outcome = "given_back";
            await ledger.GiveBack(claim, CancellationToken.None);
        }
        catch (ProblemException problem)
        {
            outcome = own.IsCancellationRequested ? "stopped" : "refused";
            await ledger.Fail(claim, problem.Try is null ? problem.Message : $"{problem.Message} {problem.Try}", again: false, problem.Code, CancellationToken.None);
        }
        catch (Exception error)
        {
            outcome = own.IsCancellationRequested ? "stopped" : "failed";
            if (!own.IsCancellationRequested)
                AttemptFailed(log, error, claim.Task.Attempt, claim.Task.MaxAttempts, claim.Task.Kind, claim.Task.Id);
            await ledger.Fail(claim, $"It failed by a mistake of the program ({error.GetType().Name}); the server's log tells more about task {claim.Task.Id}.", again: true, "our_mistake", CancellationToken.None);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
            WorkTelemetry.Ended(trace, claim.Task.Kind, outcome, clock.GetElapsedTime(began));
        }
    }

    private async Task<Func<Storage.Tx, Task<object?>>> Work(CancellationToken stop)
    {
        await Task.Yield(); // a handler that works before its first await must not hold up the loop
        return await handler.Do(new(claim, Report) { Away = () => new Absence(this) }, stop);
    }

    private WorkTurn Left()
    {
        Interlocked.Increment(ref _away);
        signals.Due.Ring();
        return this;
    }

    /// <summary>Several steps of a window may be away at once; it is there again when none is.</summary>
    private sealed class Absence : IDisposable
    {
        private WorkTurn? _turn;

        public Absence(WorkTurn turn) => _turn = turn.Left();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _turn, null) is { } turn)
                Interlocked.Decrement(ref turn._away);
        }
    }

    private Task Report(double? share, string? message)
    {
        _news = new(share is { } known && double.IsFinite(known) ? Math.Clamp(known, 0, 1) : _news?.Share, message is null ? _news?.Message : Names.Shorten(message, 300));
        _told.Ring();
        return Task.CompletedTask;
    }

    /// <summary>Renews on a timer, and at once when there is progress to tell or somebody cancels.</summary>
    private async Task KeepLease(Task cancel, CancellationTokenSource own, CancellationToken over)
    {
        var (told, wait) = (_told.Next, options.Lease / 3);
        while (!over.IsCancellationRequested)
            try
            {
                await Bell.Wait(Task.WhenAny(cancel, told), wait, clock, over);
                (cancel, told) = (signals.Cancel.Next, _told.Next);
                var news = Interlocked.Exchange(ref _news, null);
                if (!await ledger.Renew(claim, options.Lease, news?.Share, news?.Message, CancellationToken.None)) // not cut short: the news would be lost
                {
                    await own.CancelAsync();
                    return;
                }

                wait = options.Lease / 3;
                await Task.Delay(options.Between, clock, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                _told.Ring(); // or what waited for it would stay with the bell of all cancellations until that rings
                return;
            }
            catch (Exception error)
            {
                // Kept on: a lease that is over is still ours until somebody takes the task, and the fence decides.
                RenewFailed(log, error, claim.Task.Kind, claim.Task.Id);
                wait = options.Look;
            }
    }

    private sealed record Progress(double? Share, string? Message);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} of {Most} at the {Kind} task {Id} failed.")]
    private static partial void AttemptFailed(ILogger log, Exception error, int attempt, int most, string kind, string id);

    [LoggerMessage(LogLevel.Warning, "The lease of the {Kind} task {Id} could not be renewed; it is tried again.")]
    private static partial void RenewFailed(ILogger log, Exception error, string kind, string id);
}
