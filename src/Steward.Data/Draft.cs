namespace Steward.Data;

/// <summary>A snapshot in the making: pictures arrive in batches, over as long as it takes and across restarts, until it is committed or dropped.</summary>
/// <param name="Owner">Id of who began it: only they see it.</param>
/// <param name="Closed">It is being committed and takes no more pictures.</param>
internal sealed record Draft(string Id, string Project, string DataSet, string Owner, DateTimeOffset StartedAt, bool Closed);

/// <summary>A picture of a draft.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Split">Null: it is chosen when the draft is committed.</param>
internal sealed record DraftItem(string Key, Digest Blob, long Size, string Label, Split? Split, string Source)
{
    /// <summary>How it looks, noted with it; unsaid when the draft is read again.</summary>
    public PicturePrint? Print { get; init; }
}

/// <summary>What a draft may hold.</summary>
internal static class DraftLimits
{
    public const int MostItems = 200_000, MostOpen = 50, MostInBatch = 500;
    public const long MostBatchBytes = 64 << 20, MostPictureBytes = 16 << 20;
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);
}
