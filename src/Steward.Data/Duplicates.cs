using Steward.Drawing;

namespace Steward.Data;

/// <summary>What makes two pictures the same.</summary>
public enum SameBy
{
    /// <summary>The same file.</summary>
    Bytes,

    /// <summary>Every pixel is the same, in whatever lossless format; and the same files.</summary>
    Pixels,

    /// <summary>They look the same (perceptual hash): compressed again, resized, relit; and all of the above.</summary>
    Phash,
}

/// <summary>
/// Finds pictures that are there more than once. Each is compared with the first of its like only, by buckets: two
/// hashes that differ in at most 5 of 64 bits agree in at least one of 6 parts, so only those that share a part are
/// looked at. The parts take turns bit by bit, because whole rows of a hash are the same wherever backgrounds are plain.
/// </summary>
internal static class Duplicates
{
    private const int Parts = PictureHash.MostBits + 1;

    /// <summary>A picture is held against at most so many with nearly its hash, so that a set made of one outline takes its time, not for ever.</summary>
    private const int MostLooks = 5000;

    /// <summary>The groups of two and more, in the order of the first key of each.</summary>
    public static DuplicateReport Find(IReadOnlyList<Item> items, IReadOnlyDictionary<Digest, PicturePrint?> prints, SameBy by, CancellationToken stop)
    {
        var first = Firsts(items.Select(item => item.Blob), prints, by, stop);
        return new(by, [.. items.GroupBy(item => first[item.Blob]).Where(group => group.Skip(1).Any()).Select(group => Group([.. group], prints))]);
    }

    /// <summary>For each picture the first one that is the same, by blob.</summary>
    public static Dictionary<Digest, Digest> Firsts(IEnumerable<Digest> blobs, IReadOnlyDictionary<Digest, PicturePrint?> prints, SameBy by, CancellationToken stop)
    {
        var (first, byPixels, looks) = (new Dictionary<Digest, Digest>(), new Dictionary<Digest, Digest>(), new Looks());
        foreach (var blob in blobs)
        {
            stop.ThrowIfCancellationRequested();
            if (first.ContainsKey(blob))
                continue;
            first[blob] = blob;
            if (by is SameBy.Bytes || prints.GetValueOrDefault(blob) is not { } print)
                continue;
            if (byPixels.TryGetValue(print.Pixels, out var same))
                first[blob] = same;
            else
                byPixels[print.Pixels] = first[blob] = by is SameBy.Phash ? looks.FirstLike(blob, print.Look) : blob;
        }

        return first;
    }

    private static DuplicateGroup Group(List<Item> items, IReadOnlyDictionary<Digest, PicturePrint?> prints)
    {
        var lead = items[0];
        return new(lead, [.. items.Skip(1).Select(item => new Twin(item, How(item)))]);

        SameBy How(Item item) => item.Blob == lead.Blob ? SameBy.Bytes
            : prints.GetValueOrDefault(item.Blob)?.Pixels == prints.GetValueOrDefault(lead.Blob)?.Pixels ? SameBy.Pixels : SameBy.Phash;
    }

    /// <summary>The first pictures of each look, in buckets by the parts of their hashes.</summary>
    private sealed class Looks
    {
        private readonly List<(Digest Blob, PictureHash Look)> _firsts = [];
        private readonly Dictionary<(int Part, ulong Bits), List<int>> _buckets = [];
        private readonly List<int> _lastAsked = [];

        /// <summary>The first that looks like this one; this one itself when none does.</summary>
        public Digest FirstLike(Digest blob, PictureHash look)
        {
            if (!look.HasDetail)
                return blob;
            var (me, looks) = (_firsts.Count, 0);
            for (var part = 0; part < Parts; part++)
                foreach (var other in _buckets.GetValueOrDefault(Key(part, look.Bits)) ?? [])
                {
                    if (_lastAsked[other] == me || PictureHash.Distance(_firsts[other].Look.Bits, look.Bits) > PictureHash.MostBits)
                        continue;
                    if (PictureHash.Alike(_firsts[other].Look, look))
                        return _firsts[other].Blob;
                    _lastAsked[other] = me;
                    if (++looks == MostLooks)
                        return Add(blob, look);
                }

            return Add(blob, look);
        }

        private Digest Add(Digest blob, PictureHash look)
        {
            for (var part = 0; part < Parts; part++)
                (System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_buckets, Key(part, look.Bits), out _) ??= []).Add(_firsts.Count);
            _firsts.Add((blob, look));
            _lastAsked.Add(-1);
            return blob;
        }

        private static (int, ulong) Key(int part, long bits) => (part, (ulong)bits & Masks[part]);

        private static readonly ulong[] Masks = [.. Enumerable.Range(0, Parts).Select(part => Enumerable.Range(0, 64).Where(bit => bit % Parts == part).Aggregate(0UL, (mask, bit) => mask | (1UL << bit)))];
    }
}

/// <summary>Pictures of a snapshot that are there more than once.</summary>
public sealed record DuplicateReport(SameBy By, IReadOnlyList<DuplicateGroup> Groups)
{
    /// <summary>How many pictures could go without losing anything.</summary>
    public int Pictures => Groups.Sum(group => group.Twins.Count);

    /// <summary>Groups in more than one split: what is judged with was learned from.</summary>
    public int Leaks => Groups.Count(group => group.Leaks);

    /// <summary>Groups with more than one label: one of them is wrong.</summary>
    public int Conflicts => Groups.Count(group => group.Conflicts);

    /// <summary>What to look at first: leaks, then conflicts.</summary>
    internal IEnumerable<DuplicateGroup> WorstFirst => Groups.OrderByDescending(group => group.Leaks).ThenByDescending(group => group.Conflicts);
}

/// <summary>The same picture more than once.</summary>
/// <param name="First">The one with the first key.</param>
/// <param name="Twins">The others, each with what makes it the same as the first.</param>
public sealed record DuplicateGroup(Item First, IReadOnlyList<Twin> Twins)
{
    public bool Leaks => Twins.Any(twin => twin.Item.Split != First.Split);

    public bool Conflicts => Twins.Any(twin => twin.Item.Label != First.Label);

    /// <summary>The twin that shows best what is wrong.</summary>
    internal Twin Worst => Twins.MaxBy(twin => (twin.Item.Split != First.Split ? 2 : 0) + (twin.Item.Label != First.Label ? 1 : 0))!;

    internal string Words => $"{First.Key} ({First.Split.Word()}) = {Worst.Item.Key} ({Worst.Item.Split.Word()})";
}

public sealed record Twin(Item Item, SameBy By);
