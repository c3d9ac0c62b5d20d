namespace Steward.Testing;

/// <summary>Waits for what must become true; a test that waits in vain ends after a minute with the sentence given.</summary>
public static class Eventually
{
    public static Task True(string what, Func<bool> holds, CancellationToken stop) => True(what, () => Task.FromResult(holds()), stop);

    /// <summary>A program that was started answers at an address; ends early when it is gone.</summary>
    public static Task Answers(HttpClient http, string address, Func<bool> gone, CancellationToken stop) => True($"an answer at {address}", async () =>
    {
        try
        {
            using var reply = await http.GetAsync(address, stop);
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!gone())
        {
            return false;
        }
        catch (HttpRequestException lost)
        {
            throw new InvalidOperationException($"What was to answer at {address} has ended.", lost);
        }
    }, stop);

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
