using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Steward.Data;

/// <summary>
/// Chooses splits where nobody did: each label is shared out as the project file says. What has a split keeps it, and equal
/// pictures go together, so that nothing that is judged with is ever learned from. The same pictures give the same choice.
/// </summary>
internal static class SplitChoice
{
    private static readonly Split[] All = [Split.Train, Split.Valid, Split.Test];

    public static List<Item> Of(SplitShares shares, IReadOnlyList<Item> before, IReadOnlyList<DraftItem> draft)
    {
        var splitOf = before.ToDictionary(item => item.Key, item => item.Split, StringComparer.Ordinal);
        var splitOfBlob = before.DistinctBy(item => item.Blob).ToDictionary(item => item.Blob, item => item.Split);
        foreach (var said in draft.Where(item => item.Split is not null))
            splitOfBlob.TryAdd(said.Blob, said.Split!.Value);
        var chosen = new Dictionary<string, Split>(StringComparer.Ordinal);
        foreach (var label in draft.Where(item => item.Split is null).GroupBy(item => item.Label, StringComparer.Ordinal).OrderBy(label => label.Key, StringComparer.Ordinal))
            Share(shares, before.Concat(Said(draft)).Where(item => item.Label == label.Key), label, splitOf, splitOfBlob, chosen);
        return [.. draft.Select(item => new Item(item.Key, item.Blob, item.Label, item.Split ?? chosen[item.Key], item.Source))];
    }

    private static IEnumerable<Item> Said(IReadOnlyList<DraftItem> draft)
        => draft.Where(item => item.Split is not null).Select(item => new Item(item.Key, item.Blob, item.Label, item.Split!.Value, item.Source));

    private static void Share(SplitShares shares, IEnumerable<Item> there, IEnumerable<DraftItem> wanting, Dictionary<string, Split> splitOf, Dictionary<Digest, Split> splitOfBlob, Dictionary<string, Split> chosen)
    {
        var have = there.DistinctBy(item => item.Key).CountBy(item => item.Split).ToDictionary();
        var fresh = wanting.Where(item => !splitOf.ContainsKey(item.Key)).ToList();
        var total = have.Values.Sum() + fresh.Count;
        foreach (var old in wanting.Where(item => splitOf.ContainsKey(item.Key)))
            chosen[old.Key] = splitOf[old.Key];
        foreach (var item in fresh.OrderBy(item => Order(shares.Seed, item.Key)).ThenBy(item => item.Key, StringComparer.Ordinal))
        {
            if (!splitOfBlob.TryGetValue(item.Blob, out var split))
                splitOfBlob[item.Blob] = split = All.MaxBy(one => (shares.Of(one) * total) - have.GetValueOrDefault(one));
            chosen[item.Key] = split;
            have[split] = have.GetValueOrDefault(split) + 1;
        }
    }

    private static ulong Order(int seed, string key) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{key}")));
}
