using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Data.Tables;

/// <summary>Once an hour the files that nothing needs go.</summary>
internal sealed partial class Housekeeping(Expiry expiry, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await tick.WaitForNextTickAsync(stoppingToken))
            try
            {
                if (await expiry.CleanUp(stoppingToken) is { Files: > 0 } erased)
                    Cleaned(log, erased.Files, erased.Bytes);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                CleaningFailed(log, error);
            }
    }

    [LoggerMessage(LogLevel.Information, "{Files} files of tables that nothing needed were erased, {Bytes} bytes.")]
    private static partial void Cleaned(ILogger log, int files, long bytes);

    [LoggerMessage(LogLevel.Error, "Files of tables that nothing needs could not be erased; it is tried again in an hour.")]
    private static partial void CleaningFailed(ILogger log, Exception error);
}
