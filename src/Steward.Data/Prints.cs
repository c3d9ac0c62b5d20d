using System.Collections.Concurrent;
using Steward.Blobs;
using Steward.Drawing;
using Steward.Storage;

namespace Steward.Data;

/// <summary>The looks of pictures. Most were noted when they were uploaded; those that came another way are looked at now.</summary>
internal sealed class Prints(Db db, PrintStore store, IBlobs blobs)
{
    /// <summary>Kept in between, so that an interrupted look at many pictures is not begun anew.</summary>
    private const int LookedAtAtOnce = 1000;

    /// <summary>By blob; null for bytes that are no picture.</summary>
    public async Task<IReadOnlyDictionary<Digest, PicturePrint?>> Of(string project, IEnumerable<Digest> pictures, CancellationToken stop)
    {
        var wanted = pictures.ToHashSet();
        var known = await store.Of(project, wanted, stop);
        foreach (var some in wanted.Where(blob => !known.ContainsKey(blob)).Chunk(LookedAtAtOnce))
        {
            var looked = new ConcurrentBag<(Digest Blob, PicturePrint? Print)>();
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (blob, cancel) => looked.Add((blob, Look(await blobs.Read(blob, cancel)))));
            await db.Write(tx => PrintStore.Put(tx, project, looked), stop);
            foreach (var (blob, print) in looked)
                known[blob] = print;
        }

        return known;
    }

    private static PicturePrint? Look(byte[] bytes)
    {
        try
        {
            return PicturePrint.Of(Picture.Decode(bytes, DraftLimits.MostPictureBytes));
        }
        catch (PictureException)
        {
            return null;
        }
    }
}
