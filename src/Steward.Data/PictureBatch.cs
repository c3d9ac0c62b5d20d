using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Steward.Blobs;
using Steward.Drawing;

namespace Steward.Data;

/// <summary>
/// Reads a multipart batch as it arrives: first the part <c>items</c>, then the files it names. Each picture is decoded once
/// before it is kept, and only a few of them are in memory at a time.
/// </summary>
internal sealed class PictureBatch(IBlobs blobs) : IDisposable
{
    private const int MostItemsBytes = 1 << 20, MostPending = 8 << 20, MostNames = 5;
    // A picture of 50 megapixels takes 350 MB while it is decoded.
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);

    /// <summary>The pictures of the batch, kept in the blob store. One that cannot be read refuses all of them, or is left out and named.</summary>
    public async Task<Received> Receive(HttpRequest request, bool skipBroken, CancellationToken stop)
    {
        try
        {
            var parts = new MultipartReader(Boundary(request), request.Body) { HeadersLengthLimit = 4 << 10 };
            var wanted = await Items(await parts.ReadNextSectionAsync(stop), stop);
            return await Files(parts, wanted, skipBroken, stop);
        }
        catch (Exception broken) when (broken is InvalidDataException || (broken is IOException and not BadHttpRequestException && !stop.IsCancellationRequested && broken.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal)))
        {
            throw ProblemException.Invalid("batch_invalid", "The batch cannot be read: its parts are broken or cut short.", "Send multipart/form-data: the part 'items' first, then one part per file.");
        }
    }

    public void Dispose() => _decoding.Dispose();

    private static string Boundary(HttpRequest request)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        return boundary is { Length: > 0 and <= 100 } ? boundary : throw ProblemException.Invalid("batch_invalid", "A batch is multipart/form-data with a boundary.", "Send the part 'items' first, then one part per file.");
    }

    /// <summary>What the batch says about its pictures, by the name of the part that holds the bytes.</summary>
    private static async Task<Dictionary<string, NewItem>> Items(MultipartSection? part, CancellationToken stop)
    {
        if (part is null || NameOf(part) != "items")
            throw ProblemException.Invalid("items_missing", "The first part of a batch is 'items'.", "Send it first: [{\"key\": \"apple/1.png\", \"split\": \"train\", \"file\": \"f1\"}, …]");
        var text = await Read(part.Body, MostItemsBytes, stop) ?? throw new ProblemException(ProblemKind.TooLarge, "batch_too_large", "The part 'items' is larger than 1 MiB.", "Send smaller batches.");
        var items = Parse(text);
        if (items.Count is 0 or > DraftLimits.MostInBatch)
            throw ProblemException.Invalid("batch_too_large", $"A batch holds 1 to {DraftLimits.MostInBatch} pictures, this one {items.Count}.", "Send several batches.");
        var wanted = new Dictionary<string, NewItem>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var sound = item?.Checked() ?? throw ProblemException.Invalid("items_invalid", "An item is null.", "Leave it out.");
            if (!keys.Add(sound.Key))
                throw ProblemException.Invalid("item_twice", $"'{Names.Shorten(sound.Key)}' is in this batch twice.", "Send each key once; a later batch replaces it.");
            if (!wanted.TryAdd(sound.File!, sound))
                throw ProblemException.Invalid("item_twice", $"Two items name the part '{Names.Shorten(sound.File)}'.", "Give each item a part of its own.");
        }

        return wanted;
    }

    private static List<NewItem?> Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<List<NewItem?>>(text.Span, Json.Options) ?? [];
        }
        catch (JsonException wrong)
        {
            throw ProblemException.Invalid("items_invalid", $"The part 'items' does not fit{(wrong.Path is null or "$" ? "" : $" at '{Names.Shorten(wrong.Path)}'")}.", "Send a JSON array of {key, label?, split?, source?, file}.");
        }
    }

    private async Task<Received> Files(MultipartReader parts, Dictionary<string, NewItem> wanted, bool skipBroken, CancellationToken stop)
    {
        var kept = new List<DraftItem>(wanted.Count);
        var (pending, moving) = (new List<Pending>(), new List<string>());
        var bad = new List<(NewItem Item, PictureException Why)>();
        while (await parts.ReadNextSectionAsync(stop) is { } part)
        {
            if (NameOf(part) is not { } name || !wanted.Remove(name, out var item))
                throw ProblemException.Invalid("part_unknown", $"No item names the part '{Names.Shorten(NameOf(part))}', or it came twice.", "Name each part in the field 'file' of one item.");
            try
            {
                var bytes = await Read(part.Body, DraftLimits.MostPictureBytes, stop) ?? throw new PictureException(PictureException.TooLarge, $"The picture has more than {Say.Bytes(DraftLimits.MostPictureBytes)}.");
                var (print, moves) = await Look(bytes, stop);
                pending.Add(new(item, bytes, print));
                if (moves)
                    moving.Add(item.Key);
            }
            catch (PictureException why)
            {
                bad.Add((item, why));
            }

            if ((skipBroken || bad.Count == 0) && pending.Sum(one => (long)one.Bytes.Length) > MostPending)
                await Keep(pending, kept, stop);
        }

        if (bad.Count > 0 && !skipBroken)
            throw Refused(bad);
        if (wanted.Count > 0)
            throw ProblemException.Invalid("file_missing", $"The part '{Names.Shorten(wanted.First().Key)}' of '{Names.Shorten(wanted.First().Value.Key)}' did not come.", "Send one part for each item.");
        await Keep(pending, kept, stop);
        return new(kept, moving, bad.ConvertAll(one => new RefusedPicture(one.Item.Key, one.Why.Code, one.Why.Message)));
    }

    private async Task Keep(List<Pending> pending, List<DraftItem> kept, CancellationToken stop)
    {
        var put = await blobs.PutMany(pending.ConvertAll(one => one.Bytes), stop);
        kept.AddRange(pending.Zip(put, (one, blob) => one.Item.Kept(blob) with { Print = one.Print }));
        pending.Clear();
    }

    private async Task<(PicturePrint Print, bool Moves)> Look(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        await _decoding.WaitAsync(stop);
        try
        {
            var picture = Picture.Decode(bytes.Span, DraftLimits.MostPictureBytes);
            return (PicturePrint.Of(picture), picture.Moves);
        }
        finally
        {
            _decoding.Release();
        }
    }

    private static ProblemException Refused(List<(NewItem Item, PictureException Why)> bad)
    {
        var (item, why) = bad[0];
        var others = bad.Count == 1 ? "" : $" Nor can {string.Join(", ", bad.Skip(1).Take(MostNames).Select(one => $"'{Names.Shorten(one.Item.Key)}'"))}{(bad.Count > MostNames + 1 ? $" and {bad.Count - 1 - MostNames} more" : "")}.";
        return new(why.Code == PictureException.TooLarge ? ProblemKind.TooLarge : ProblemKind.Invalid, why.Code, $"'{Names.Shorten(item.Key)}' cannot be added: {why.Message}{others}", "Leave it out or save it again; nothing of this batch was kept.");
    }

    private sealed record Pending(NewItem Item, ReadOnlyMemory<byte> Bytes, PicturePrint Print);

    private static string? NameOf(MultipartSection part) => ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var says) ? HeaderUtilities.RemoveQuotes(says.Name).Value : null;

    /// <summary>All bytes, or null when there are more than <paramref name="most"/>.</summary>
    private static async Task<ReadOnlyMemory<byte>?> Read(Stream body, long most, CancellationToken stop)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer, stop) is var read and > 0)
        {
            if (bytes.Length + read > most)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}

/// <param name="Moving">Keys of those with more frames than the one that is looked at.</param>
internal sealed record Received(IReadOnlyList<DraftItem> Items, IReadOnlyList<string> Moving, IReadOnlyList<RefusedPicture> Refused);

/// <summary>An item as a batch says it.</summary>
/// <param name="Label">By default the folder of the key: <c>apple</c> of <c>apple/1.png</c>; empty for a picture that nobody has named.</param>
/// <param name="Split">Unsaid, it is chosen by the shares of the project file when the draft is committed.</param>
/// <param name="Source">By default <c>import</c>.</param>
/// <param name="File">The part that holds its bytes.</param>
internal sealed record NewItem(string Key, string? Label, Split? Split, string? Source, string? File)
{
    public NewItem Checked()
    {
        if (string.IsNullOrEmpty(File))
            throw ProblemException.Invalid("item_invalid", $"'{Names.Shorten(Key)}' names no part with its bytes.", "Name it in the field 'file'.");
        var item = new Item(Key, default, Label ?? Folder(Item.CheckKey(Key)), Split ?? Data.Split.Train, Source ?? "import").Checked();
        return this with { Label = item.Label, Source = item.Source };
    }

    public DraftItem Kept(Blob blob) => new(Key, blob.Digest, blob.Size, Label!, Split, Source!);

    private static string Folder(string key) => key.Split('/') is [.., var folder, _]
        ? folder
        : throw ProblemException.Invalid("item_invalid", $"'{Names.Shorten(key)}' has no label, and no folder that could be one.", "Add a label, or name it like apple/1.png.");
}
