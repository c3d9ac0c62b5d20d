using Dapper;
using Steward.Storage;

namespace Steward.Data;

/// <summary>All SQL about the looks of pictures.</summary>
internal sealed class PrintStore(Db db)
{
    private const int RowsAtOnce = 250, AskedAtOnce = 1000;

    /// <summary>Keeps them; null for bytes that are no picture. What is there already stays: it is the same.</summary>
    public static async Task Put(Tx tx, string project, IEnumerable<(Digest Blob, PicturePrint? Print)> prints)
    {
        foreach (var some in prints.DistinctBy(one => one.Blob).Chunk(RowsAtOnce))
        {
            var values = new DynamicParameters();
            values.Add("project", project);
            for (var i = 0; i < some.Length; i++)
            {
                values.Add($"b{i}", some[i].Blob.Hex);
                values.Add($"p{i}", some[i].Print?.Pixels.Hex ?? "");
                values.Add($"h{i}", some[i].Print?.Look.Bits ?? 0L);
                values.Add($"s{i}", some[i].Print?.Look.Small ?? []);
            }

            var rows = string.Join(", ", Enumerable.Range(0, some.Length).Select(i => $"(@project, @b{i}, @p{i}, @h{i}, @s{i})"));
            await tx.Run($"INSERT INTO picture_print (project, blob, pixels, bits, small) VALUES {rows} ON CONFLICT DO NOTHING", values);
        }
    }

    /// <summary>Those that were looked at before.</summary>
    public async Task<Dictionary<Digest, PicturePrint?>> Of(string project, IReadOnlyCollection<Digest> blobs, CancellationToken stop)
    {
        var found = new Dictionary<Digest, PicturePrint?>(blobs.Count);
        foreach (var some in blobs.Chunk(AskedAtOnce))
            foreach (var row in await db.All<Row>("SELECT blob, pixels, bits, small FROM picture_print WHERE project = @project AND blob IN @some", new { project, some = some.Select(blob => blob.Hex).ToArray() }, stop))
                found[row.Blob] = row.Pixels.Length == 0 ? null : new(Digest.Parse(row.Pixels), new(row.Bits, row.Small));
        return found;
    }

    private sealed record Row(Digest Blob, string Pixels, long Bits, byte[] Small);
}
