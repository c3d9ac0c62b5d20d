using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Steward.Projects;
using Steward.Serving;

namespace Steward.Monitoring;

/// <summary>
/// Looks at every endpoint's log every second, judges what has come together, and does what incidents ask for. Several
/// servers may watch the same records: a window is judged by whoever comes first.
/// </summary>
internal sealed partial class Watcher(IProjects projects, IEndpoints endpoints, WindowJudge judge, FeedbackJudge feedback, VolumeJudge volume, Deeds deeds, Incidents incidents, TimeProvider clock, ILogger<Watcher> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>One look at everything.</summary>
    public async Task Look(CancellationToken stop)
    {
        foreach (var project in await projects.All(stop))
        foreach (var endpoint in await endpoints.All(project.Name, stop))
            try
            {
                await judge.Judge(project, endpoint, stop);
                await feedback.Judge(project, endpoint, stop);
                await volume.Judge(project, endpoint, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                JudgingFailed(log, endpoint.Name, error);
            }

        await deeds.Run(stop);
        await incidents.CloseForgotten(stop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Between, clock);
        do
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LookFailed(log, error);
            }
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Error, "Judging the answers of {Endpoint} failed; they wait and are judged later.")]
    private static partial void JudgingFailed(ILogger log, string endpoint, Exception error);

    [LoggerMessage(LogLevel.Error, "A look at the request log failed; it is tried again.")]
    private static partial void LookFailed(ILogger log, Exception error);
}
