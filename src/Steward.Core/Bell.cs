namespace Steward;

/// <summary>Wakes every loop that waits. Take <see cref="Next"/> before looking for work, so that no ring is missed.</summary>
public sealed class Bell
{
    private TaskCompletionSource _next = Silent();

    /// <summary>Completes with the next ring.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, Silent()).TrySetResult();

    /// <summary>Until the ring, or until the time is over; throws when stopped.</summary>
    public static async Task Wait(Task ring, TimeSpan atMost, TimeProvider clock, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(ring, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
