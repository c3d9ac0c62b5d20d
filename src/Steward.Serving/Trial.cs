using System.Text;

namespace Steward.Serving;

/// <summary>One step of a release as this process plays it: who gets the tried version, and what both did.</summary>
internal sealed class Trial(Release release, LoadedVersion tried)
{
    public Release Release { get; } = release;

    /// <summary>Held by the endpoint; enter it before use.</summary>
    public LoadedVersion Model { get; } = tried;

    public Counter Tried { get; } = new(release.Plan.UnsureUnder);

    public Counter Before { get; } = new(release.Plan.UnsureUnder);

    /// <summary>
    /// Whether this caller or request is among those who get the tried version. The same key gives the same answer in every
    /// process and in all of a release, and who was among 5 % is among 25 %.
    /// </summary>
    public bool Takes(string key) => Place(Release, key) * 100 < Release.Share;

    /// <summary>Where a key lies between 0 and 1. The release is hashed with it, so that it is not always the same callers who try what is new.</summary>
    internal static double Place(Release release, string key)
    {
        // FNV-1a, 64 bits, then the finisher of MurmurHash3: keys that differ in one digit must not lie side by side.
        var hash = 14695981039346656037UL;
        foreach (var one in Encoding.UTF8.GetBytes($"{release.Endpoint}/{release.Epoch}/{key}"))
            hash = (hash ^ one) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return ((hash ^ (hash >> 33)) >> 11) / (double)(1UL << 53);
    }
}
