using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Data.Tables;

/// <summary>The files that nothing needs go: once an hour, and when one was given up.</summary>
internal sealed partial class Housekeeping(Expiry expiry, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var given = expiry.Soon.Next;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await Bell.Wait(given, TimeSpan.FromHours(1), clock, stoppingToken);
                given = expiry.Soon.Next;
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
