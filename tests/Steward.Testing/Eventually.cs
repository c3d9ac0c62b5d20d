namespace Steward.Testing;

/// <summary>Waits for what must become true; a test that waits in vain ends after a minute with the sentence given.</summary>
public static class Eventually
{
    public static Task True(string what, Func<bool> holds, CancellationToken stop) => True(what, () => Task.FromResult(holds()), stop);

    public static async Task True(string what, Func<Task<bool>> holds, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await holds())
            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new TimeoutException($"In vain, after a minute: {what}.");
            }
    }
}
