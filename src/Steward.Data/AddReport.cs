using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steward.Data;

/// <summary>What came of adding a folder: how many of what, and what to look at.</summary>
public sealed record AddReport(Uploaded Done, PictureFolder Folder)
{
    private const int MostNames = 5;

    /// <summary>For people.</summary>
    public IEnumerable<string> Sentences
    {
        get
        {
            var added = Done.Snapshot;
            yield return (added.Unchanged
                ? $"Nothing is new: {added.Reference} holds all of it already ({Say.Count(added.Items, "picture")})."
                : $"{added.Reference}: {Say.Count(added.Items, "picture")}, {added.NewItems:N0} of them new ({Say.Bytes(added.NewBytes)}).") + Folder.Passed.Sentence();
            if (Done.Refused.Count > 0)
                yield return $"Left out, because they cannot be read: {Say.Count(Done.Refused.Count, "picture")} ({First(Done.Refused.Select(one => one.Key))}).";
            if (Folder.Mislabelled.Count > 0)
                yield return $"The ending does not fit the content of {Say.Count(Folder.Mislabelled.Count, "picture")}, which {(Folder.Mislabelled.Count == 1 ? "was" : "were")} taken for what {(Folder.Mislabelled.Count == 1 ? "it is" : "they are")} ({First(Folder.Mislabelled)}).";
            if (Done.Moving.Count > 0)
                yield return $"Of {Say.Count(Done.Moving.Count, "moving picture")} only the first frame counts ({First(Done.Moving)}).";
            if (Folder.Deeper is { } deeper)
                yield return $"{Say.Count(Folder.DeeperCount, "picture")} {(Folder.DeeperCount == 1 ? "lies" : "lie")} deeper than kind/file and {(Folder.DeeperCount == 1 ? "counts" : "count")} by the first folder: {Names.Shorten(deeper.Key)} as {Names.Shorten(deeper.Kind)}.";
            if (Folder.WantsValid)
                yield return "There is no folder 'valid': some of train were set aside to choose by.";
        }
    }

    /// <summary>For programs: the snapshot, and beside it what was not taken as it came.</summary>
    public JsonObject Document
    {
        get
        {
            var document = JsonSerializer.SerializeToNode(Done.Snapshot, Json.Options)!.AsObject();
            document["passedOver"] = JsonSerializer.SerializeToNode(Folder.Passed, Json.Options);
            document["refused"] = JsonSerializer.SerializeToNode(Done.Refused, Json.Options);
            document["mislabelled"] = JsonSerializer.SerializeToNode(Folder.Mislabelled, Json.Options);
            document["moving"] = JsonSerializer.SerializeToNode(Done.Moving, Json.Options);
            document["deeper"] = Folder.DeeperCount;
            return document;
        }
    }

    private static string First(IEnumerable<string> keys)
    {
        var all = keys.ToList();
        return string.Join(", ", all.Take(MostNames).Select(key => Names.Shorten(key))) + (all.Count > MostNames ? ", …" : "");
    }
}
