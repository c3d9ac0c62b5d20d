namespace Steward.Serving;

/// <summary>
/// Lets as many requests score at once as there are cores, and a bounded number wait for a bounded time: a queue that
/// may grow answers everybody too late.
/// </summary>
internal sealed class Admission(int atOnce, int mostWaiting, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(atOnce);
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a turn; give it back with <see cref="Leave"/>. A caller that hangs up leaves the queue at once.</summary>
    /// <exception cref="ProblemException"><c>busy</c>: too many wait, or it took too long.</exception>
    public ValueTask Enter(CancellationToken stop) => _turns.Wait(0, CancellationToken.None) ? ValueTask.CompletedTask : Queue(stop);

    public void Leave() => _turns.Release();

    public void Dispose() => _turns.Dispose();

    private async ValueTask Queue(CancellationToken stop)
    {
        if (Interlocked.Increment(ref _waiting) > mostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw Busy($"{mostWaiting} requests wait already");
        }

        try
        {
            if (!await _turns.WaitAsync(patience, stop))
                throw Busy($"no turn came within {patience.TotalSeconds:0.#} s");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static ProblemException Busy(string why)
        => new(ProblemKind.TooMany, "busy", $"The server is busy: {why}.", "Try again in a second, or send fewer requests at once.");
}
