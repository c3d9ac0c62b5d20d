using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Audit;
using Steward.Identity;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>Removes answers that are older than <c>serve.log.days</c>, every hour, in pieces that let others write in between.</summary>
internal sealed partial class Forgetting(EndpointStore endpoints, IProjects projects, Db db, IAudit audit, ServingMetrics metrics, TimeProvider clock, ILogger<Forgetting> log) : BackgroundService
{
    private const int Piece = 5000;
    private static readonly TimeSpan Between = TimeSpan.FromHours(1), First = TimeSpan.FromMinutes(1);

    /// <summary>One look at every endpoint. How many answers went.</summary>
    public async Task<int> Sweep(CancellationToken stop)
    {
        var removed = 0;
        foreach (var endpoint in await endpoints.All(null, stop))
            if (await projects.Find(endpoint.Project, stop) is { } project && project.File.Get<ServeSection>("serve").Log.Days is { } days)
                removed += await Sweep(endpoint, clock.GetUtcNow().AddDays(-days), stop);
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(First, clock, stoppingToken);
        using var tick = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                SweepFailed(log, error);
            }
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> Sweep(Endpoint endpoint, DateTimeOffset before, CancellationToken stop)
    {
        for (var all = 0;;)
        {
            var removed = await db.Write(async tx =>
            {
                var count = await PredictionStore.Remove(tx, endpoint.Name, before, Piece);
                if (count > 0)
                    await audit.Write(tx, Who.Steward, "log.removed", endpoint.Project, endpoint.Name, new { answers = count, before });
                return count;
            }, stop);
            metrics.Removed(removed);
            all += removed;
            if (removed < Piece)
                return all;
        }
    }

    [LoggerMessage(LogLevel.Error, "Removing old answers failed; it is tried again.")]
    private static partial void SweepFailed(ILogger log, Exception error);
}
