using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Data.Documents;

/// <summary>Takes away, from time to time, what nobody can see any more.</summary>
internal sealed partial class DocumentKeeper(Documents documents, DocumentKeeping keeping, TimeProvider clock, ILogger<DocumentKeeper> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(keeping.Look, clock);
        while (await tick.WaitForNextTickAsync(stoppingToken))
            try
            {
                await documents.Sweep(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                SweepFailed(log, error);
            }
    }

    [LoggerMessage(LogLevel.Warning, "Old documents could not be taken away; it is tried again.")]
    private static partial void SweepFailed(ILogger log, Exception error);
}
