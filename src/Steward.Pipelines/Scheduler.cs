using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Pipelines;

/// <summary>
/// Looks at every pipeline, at once when something here has ended and every second anyway, and starts what is due. Several
/// servers may look: a pipeline is held while its windows are started.
/// </summary>
internal sealed partial class Scheduler(Plans plans, Starter starter, Mirror mirror, Arrivals arrivals, Promotions promotions, Alarms alarms, PipelineSignals signals, TimeProvider clock, ILogger<Scheduler> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private DateTimeOffset _thorough;

    /// <summary>One look at everything; true when there is more to start at once.</summary>
    public async Task<bool> Look(CancellationToken stop)
    {
        var more = false;
        // What other servers did and what died is looked for every second; what ended here rings.
        var thorough = (clock.GetUtcNow() - _thorough).Duration() >= Between;
        foreach (var project in await plans.All(stop))
        foreach (var (name, plan) in project.File.Pipelines())
            try
            {
                if (thorough)
                {
                    await mirror.Look(project, name, plan, stop);
                    await arrivals.Look(project, name, plan, stop);
                    await promotions.Look(project, name, plan, stop);
                    await alarms.Look(project, name, plan, stop);
                }

                more |= await starter.Start(project, name, plan, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                PipelineFailed(log, name, project.Name, error);
            }

        if (thorough)
            _thorough = clock.GetUtcNow();
        return more;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var ring = signals.Due.Next;
            var more = false;
            try
            {
                more = await Look(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LookFailed(log, error);
            }

            if (!more)
                await Bell.Wait(ring, Between, clock, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "Looking at the pipeline {Pipeline} of {Project} failed; it is tried again.")]
    private static partial void PipelineFailed(ILogger log, string pipeline, string project, Exception error);

    [LoggerMessage(LogLevel.Error, "A look at the pipelines failed; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception error);
}
