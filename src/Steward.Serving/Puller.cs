using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Events;
using Steward.Models;
using Steward.Onnx;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>
/// Keeps every endpoint on what its alias points to: at the start, when a promotion is told, and every few seconds,
/// because another process on the same records may have promoted.
/// </summary>
internal sealed partial class Puller(EndpointStore store, ModelSource source, Fleet fleet, IProjects projects, IPromotions promotions, Db db, IEvents events, TimeProvider clock, ILogger<Puller> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2), AfterTrouble = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private bool _stopped;

    /// <summary>Looks at every endpoint once and brings it to its promotion.</summary>
    public async Task Pull(CancellationToken stop)
    {
        await _oneAtATime.WaitAsync(stop);
        try
        {
            foreach (var endpoint in await store.All(null, stop))
                await Bring(endpoint, stop);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                await Pull(stoppingToken);
                fleet.IsReady = true;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                PullFailed(log, error);
            }
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _stopped, true))
            return;
        await store.Forget(fleet.Node, cancellationToken);
    }

    private async Task Bring(Endpoint endpoint, CancellationToken stop)
    {
        var live = fleet.Enlist(endpoint);
        live.AbstainUnder = endpoint.AbstainUnder;
        if (await projects.Find(live.Project, stop) is { } project)
            live.Settings = project.File.Get<ServeSection>("serve");
        if (await source.Current(live, stop) is not { } wanted || (wanted.Epoch <= live.Epoch && live.Trouble is null))
            return;
        if (live.Pause.Epoch == wanted.Epoch && clock.GetUtcNow() < live.Pause.Until)
            return;
        var before = live.Trouble;
        try
        {
            if (live.Has(wanted.Version))
                live.Swap(wanted.Version, () => throw new InvalidOperationException("The version was let go meanwhile."), wanted.Epoch);
            else
            {
                var loaded = await source.Load(live, wanted.Version, stop);
                live.Swap(wanted.Version, () => loaded, wanted.Epoch);
            }

            live.Trouble = null;
        }
        catch (Exception error) when (error is OnnxRefusedException or ProblemException)
        {
            live.Pause = (wanted.Epoch, clock.GetUtcNow() + AfterTrouble);
            live.Trouble = $"Version {wanted.Version} is not served: {error.Message}";
            if (before == live.Trouble)
                return;
            LoadRefused(log, live.Name, wanted.Version, error.Message);
        }

        await Tell(live, wanted, stop);
    }

    private async Task Tell(Live live, Promotion wanted, CancellationToken stop)
    {
        if (live.Trouble is null)
            await promotions.Acknowledge(live.Project, live.Model, wanted.Alias, $"{live.Name} on {fleet.Node}", live.Epoch, stop);
        await db.Write(async tx =>
        {
            if (await store.Acknowledge(tx, live, fleet.Node) && live.CurrentVersion is { } version)
                await events.Publish(tx, new EndpointServes(live.Project, live.Name, version, live.Epoch));
        }, stop);
        if (live.Trouble is null)
            Serves(log, live.Name, wanted.Version, live.Epoch);
    }

    [LoggerMessage(LogLevel.Information, "Endpoint {Endpoint} served version {Version} from epoch {Epoch} on.")]
    private static partial void Serves(ILogger log, string endpoint, int version, long epoch);

    [LoggerMessage(LogLevel.Warning, "Endpoint {Endpoint} did not load version {Version}: {Why}")]
    private static partial void LoadRefused(ILogger log, string endpoint, int version, string why);

    [LoggerMessage(LogLevel.Error, "Looking for promotions failed; it is tried again.")]
    private static partial void PullFailed(ILogger log, Exception error);
}
