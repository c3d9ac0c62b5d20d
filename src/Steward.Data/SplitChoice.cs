using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Steward.Data;

/// <summary>
/// Chooses splits where nobody did: each label is shared out as the project file says. What has a split keeps it, and
/// pictures that are the same go together, so that nothing that is judged with is ever learned from. The same pictures give
/// the same choice.
/// </summary>
internal sealed record SplitChoice(SplitShares Shares)
{
    private static readonly Split[] All = [Split.Train, Split.Valid, Split.Test];

    /// <param name="first">For a picture the first one that is the same.</param>
    public List<Item> Of(IReadOnlyList<Item> before, IReadOnlyList<DraftItem> draft, Func<Digest, Digest> first)
    {
        var splitOf = before.ToDictionary(item => item.Key, item => item.Split, StringComparer.Ordinal);
        var splitOfBlob = before.DistinctBy(item => first(item.Blob)).ToDictionary(item => first(item.Blob), item => item.Split);
        foreach (var said in draft.Where(item => item.Split is not null))
            splitOfBlob.TryAdd(first(said.Blob), said.Split!.Value);
        var chosen = new Dictionary<string, Split>(StringComparer.Ordinal);
        foreach (var label in draft.Where(item => item.Split is null).GroupBy(item => item.Label, StringComparer.Ordinal).OrderBy(label => label.Key, StringComparer.Ordinal))
            Share(before.Concat(Said(draft)).Where(item => item.Label == label.Key), label, splitOf, splitOfBlob, first, chosen);
        return [.. draft.Select(item => new Item(item.Key, item.Blob, item.Label, item.Split ?? chosen[item.Key], item.Source))];
    }

    /// <summary>What is said to be for learning is shared between train and valid, and test stays as it is.</summary>
    public (SplitChoice Choice, List<DraftItem> Draft) ValidFromTrain(List<DraftItem> draft)
    {
        var both = Shares.Train + Shares.Valid;
        var valid = both > 0 && Shares.Valid > 0 ? Shares.Valid / both : new SplitShares().Valid;
        return (new(Shares with { Train = 1 - valid, Valid = valid, Test = 0 }), draft.ConvertAll(item => item.Split is Split.Train ? item with { Split = null } : item));
    }

    private static IEnumerable<Item> Said(IReadOnlyList<DraftItem> draft)
        => draft.Where(item => item.Split is not null).Select(item => new Item(item.Key, item.Blob, item.Label, item.Split!.Value, item.Source));

    private void Share(IEnumerable<Item> there, IEnumerable<DraftItem> wanting, Dictionary<string, Split> splitOf, Dictionary<Digest, Split> splitOfBlob, Func<Digest, Digest> first, Dictionary<string, Split> chosen)
    {
        // A split without a share takes no part: nothing goes there, not even a twin, and what lies there leaves the proportions of the others alone.
        Split[] open = [.. All.Where(split => Shares.Of(split) > 0)];
        var have = there.DistinctBy(item => item.Key).CountBy(item => item.Split).ToDictionary();
        var fresh = wanting.Where(item => !splitOf.ContainsKey(item.Key)).ToList();
        var total = open.Sum(split => have.GetValueOrDefault(split)) + fresh.Count;
        foreach (var old in wanting.Where(item => splitOf.ContainsKey(item.Key)))
            chosen[old.Key] = splitOf[old.Key];
        foreach (var item in fresh.OrderBy(item => Order(Shares.Seed, item.Key)).ThenBy(item => item.Key, StringComparer.Ordinal))
        {
            if (!splitOfBlob.TryGetValue(first(item.Blob), out var split) || !open.Contains(split))
                splitOfBlob[first(item.Blob)] = split = open.MaxBy(one => (Shares.Of(one) * total) - have.GetValueOrDefault(one));
            chosen[item.Key] = split;
            have[split] = have.GetValueOrDefault(split) + 1;
        }
    }

    private static ulong Order(int seed, string key) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{key}")));
}
