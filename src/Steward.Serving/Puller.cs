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
internal sealed partial class Puller(EndpointStore store, ModelSource source, Fleet fleet, ReleaseBook releases, ReleaseStore figures, IProjects projects, IPromotions promotions, Db db, IEvents events, TimeProvider clock, ILogger<Puller> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(0.5), AfterTrouble = TimeSpan.FromSeconds(30);

    /// <summary>A release is looked at every time, what stands still only now and then.</summary>
    private const int EveryTurns = 4;
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
        var turn = 0;
        do
        {
            if (turn++ % EveryTurns != 0 && fleet.All.All(live => live.Trial is null))
                continue;
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
        foreach (var live in fleet.All)
            await Count(live.Trial, cancellationToken);
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
        if (await releases.For(live, wanted, stop) is not { } release)
        {
            if (wanted.Epoch > live.Epoch)
                await releases.EndOlder(live, wanted, stop);
            await TakeOver(live, wanted.Version, wanted, stop);
            return;
        }

        if (release.State is ReleaseState.Finished)
            await TakeOver(live, wanted.Version, wanted, stop);
        else
            await Follow(live, release, wanted, stop);
    }

    /// <summary>Everything to a version.</summary>
    private async Task TakeOver(Live live, int version, Promotion wanted, CancellationToken stop)
    {
        await Count(live.Trial, stop);
        if (!await Load(live, version, wanted.Epoch, load => live.Swap(version, load, wanted.Epoch), stop))
            return;
        await Count(live.StopTrying(), stop);
        await Tell(live, wanted, stop);
    }

    /// <summary>The version before serves; the tried one gets its share, until the release is over.</summary>
    private async Task Follow(Live live, Release release, Promotion wanted, CancellationToken stop)
    {
        if (live.Epoch < release.BaseEpoch && await Load(live, release.Base, release.BaseEpoch, load => live.Swap(release.Base, load, release.BaseEpoch), stop))
            await Tell(live, wanted with { Version = release.Base, Epoch = release.BaseEpoch }, stop);
        if (!release.IsOver)
        {
            await Count(live.Trial, stop);
            release = await releases.Judge(release, stop);
        }

        switch (release.State)
        {
            case ReleaseState.Aborted:
                await Count(live.StopTrying(), stop);
                live.Trouble = null;
                await releases.BringBack(Identity.Who.Steward, release, stop);
                if (await source.Current(live, stop) is { } back && back.Epoch > wanted.Epoch)
                    await TakeOver(live, back.Version, back, stop);
                break;
            case ReleaseState.Finished:
                await TakeOver(live, release.Version, wanted, stop);
                break;
            // Without the version before there is nobody for the rest of the requests, and no way back.
            case var _ when !live.Has(release.Base):
                break;
            default:
                Trial? ended = null;
                if (await Load(live, release.Version, wanted.Epoch, load => ended = live.Try(release, load), stop))
                    await Count(ended, stop);
                else if (live.Pause.Epoch == wanted.Epoch)
                    await releases.Abort(Identity.Who.Steward, release, Names.Shorten(live.Trouble ?? "It could not be loaded.", 480), true, stop);
                break;
        }
    }

    /// <summary>Keeps what was counted; what cannot be kept is counted again.</summary>
    private async Task Count(Trial? trial, CancellationToken stop)
    {
        if (trial is null)
            return;
        foreach (var (version, counter) in ((int, Counter)[])[(trial.Release.Version, trial.Tried), (trial.Release.Base, trial.Before)])
            if (counter.Drain() is { IsEmpty: false } more)
                try
                {
                    await figures.Add(trial.Release, version, more, stop);
                }
                catch
                {
                    counter.PutBack(more);
                    throw;
                }
    }

    /// <summary>False when the version could not be loaded: what serves goes on, the trouble says why, and it is tried again later.</summary>
    private async Task<bool> Load(Live live, int version, long epoch, Action<Func<LoadedVersion>> use, CancellationToken stop)
    {
        if (live.Pause.Epoch == epoch && clock.GetUtcNow() < live.Pause.Until)
            return false;
        var before = live.Trouble;
        try
        {
            if (live.Has(version))
                use(() => throw new InvalidOperationException("The version was let go meanwhile."));
            else
            {
                var loaded = await source.Load(live, version, stop);
                use(() => loaded);
            }

            live.Trouble = null;
            return true;
        }
        catch (Exception error) when (error is OnnxRefusedException or ProblemException)
        {
            live.Pause = (epoch, clock.GetUtcNow() + AfterTrouble);
            live.Trouble = $"Version {version} is not served: {error.Message}";
            if (before == live.Trouble)
                return false;
            LoadRefused(log, live.Name, version, error.Message);
            await Acknowledge(live, stop);
            return false;
        }
    }

    private async Task Tell(Live live, Promotion wanted, CancellationToken stop)
    {
        await promotions.Acknowledge(live.Project, live.Model, wanted.Alias, $"{live.Name} on {fleet.Node}", live.Epoch, stop);
        await Acknowledge(live, stop);
        Serves(log, live.Name, wanted.Version, live.Epoch);
    }

    private Task Acknowledge(Live live, CancellationToken stop) => db.Write(async tx =>
    {
        if (await store.Acknowledge(tx, live, fleet.Node) && live.CurrentVersion is { } version)
            await events.Publish(tx, new EndpointServes(live.Project, live.Name, version, live.Epoch));
    }, stop);

    [LoggerMessage(LogLevel.Information, "Endpoint {Endpoint} served version {Version} from epoch {Epoch} on.")]
    private static partial void Serves(ILogger log, string endpoint, int version, long epoch);

    [LoggerMessage(LogLevel.Warning, "Endpoint {Endpoint} did not load version {Version}: {Why}")]
    private static partial void LoadRefused(ILogger log, string endpoint, int version, string why);

    [LoggerMessage(LogLevel.Error, "Looking for promotions failed; it is tried again.")]
    private static partial void PullFailed(ILogger log, Exception error);
}
