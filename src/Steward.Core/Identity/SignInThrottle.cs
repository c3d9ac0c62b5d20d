using System.Collections.Concurrent;
using System.Net;

namespace Steward.Identity;

/// <summary>
/// How often somebody may guess: 5 times for one user from one address, 30 times from one address, 100 times for one
/// user, each in 15 minutes. An attempt counts when it begins, so that many at once do not slip through.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const int MostKeys = 20_000;
    private readonly ConcurrentDictionary<string, List<DateTimeOffset>> _begun = new();

    public Attempt Begin(string user, IPAddress? from)
    {
        var now = clock.GetUtcNow();
        if (_begun.Count > MostKeys)
            Forget(now);
        (string Key, int Most)[] counted = [($"{user} {from}", 5), ($" {from}", 30), (user, 100)];
        foreach (var (key, most) in counted)
        {
            if (!Count(key, most, now))
                throw new ProblemException(ProblemKind.TooMany, "too_many_attempts", "There were too many attempts to sign in.", $"Wait {Window.TotalMinutes:0} minutes, then try again.");
        }

        return new(() =>
        {
            foreach (var (key, _) in counted)
                Uncount(key, now);
        });
    }

    private bool Count(string key, int most, DateTimeOffset now)
    {
        var times = _begun.GetOrAdd(key, _ => []);
        lock (times)
        {
            times.RemoveAll(time => time <= now - Window);
            if (times.Count >= most)
                return false;
            times.Add(now);
            return true;
        }
    }

    private void Uncount(string key, DateTimeOffset at)
    {
        if (!_begun.TryGetValue(key, out var times))
            return;
        lock (times)
            times.Remove(at);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, times) in _begun)
        {
            lock (times)
            {
                if (times.TrueForAll(time => time <= now - Window))
                    _begun.TryRemove(key, out _);
            }
        }
    }

    /// <summary>A begun attempt; success takes it off the count.</summary>
    internal sealed class Attempt(Action succeeded)
    {
        public void Succeeded() => succeeded();
    }
}
