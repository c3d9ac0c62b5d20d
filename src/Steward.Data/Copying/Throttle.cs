namespace Steward.Data.Copying;

/// <summary>A token bucket: so many bytes a second, and never more than a tenth of a second's worth at once.</summary>
/// <param name="bytesPerSecond">0 is without a limit.</param>
public sealed class Throttle(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _one = new();
    private double _tokens;
    private long _last = clock.GetTimestamp();

    /// <summary>Bytes that one turn may ask for at most, so that the flow is even.</summary>
    public int Turn => bytesPerSecond == 0 ? int.MaxValue : (int)Math.Clamp(bytesPerSecond / 10, 1, 1 << 16);

    /// <summary>Waits until so many bytes may pass. They are taken at once, so that many at a time share one bucket in the order they came.</summary>
    public async ValueTask Take(int bytes, CancellationToken stop)
    {
        if (bytesPerSecond == 0)
            return;
        TimeSpan wait;
        lock (_one)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(bytesPerSecond / 10.0, _tokens + clock.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond) - bytes;
            _last = now;
            wait = _tokens < 0 ? TimeSpan.FromSeconds(-_tokens / bytesPerSecond) : TimeSpan.Zero;
        }

        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, stop);
    }
}
