using System.Runtime.InteropServices;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>All SQL about predictions.</summary>
internal sealed class PredictionStore(Db db)
{
    private const string Columns = "id, project, endpoint, version, at, label, confidence, second, margin, embedding, picture, micros, abstained, is_right, truth";

    public Task Add(IReadOnlyList<Prediction> predictions, CancellationToken stop) => db.Write(async tx =>
    {
        foreach (var one in predictions)
        {
            await tx.Run($"""
                INSERT INTO prediction ({Columns})
                VALUES (@Id, @Project, @Endpoint, @Version, @At, @Label, @Confidence, @Second, @Margin, @Embedding, @Picture, @Micros, @Abstained, NULL, NULL)
                """, new
            {
                one.Id, one.Project, one.Endpoint, one.Version, one.At, one.Label, one.Confidence, one.Second, one.Margin,
                Embedding = Pack(one.Embedding), Picture = one.Picture?.Hex, one.Micros, one.Abstained,
            });
        }
    }, stop);

    public async Task<List<Prediction>> Since(string endpoint, LogMark? after, int most, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint AND (at, id) > (@at, @id)
         ORDER BY at, id
         LIMIT @most
        """, new { endpoint, at = Micros(after), id = after?.Id ?? "", most }, stop));

    public async Task<List<Prediction>> Since(string endpoint, int version, LogMark? after, int most, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint AND version = @version AND (at, id) > (@at, @id)
         ORDER BY at, id
         LIMIT @most
        """, new { endpoint, version, at = Micros(after), id = after?.Id ?? "", most }, stop));

    /// <summary>One look into the index per version: the log is long, its versions are few.</summary>
    public Task<List<int>> Versions(string endpoint, CancellationToken stop) => db.All<int>("""
        WITH RECURSIVE seen (version) AS (
          SELECT min(version) FROM prediction WHERE endpoint = @endpoint
          UNION ALL
          SELECT (SELECT min(p.version) FROM prediction p WHERE p.endpoint = @endpoint AND p.version > seen.version) FROM seen WHERE seen.version IS NOT NULL
        )
        SELECT version FROM seen WHERE version IS NOT NULL ORDER BY version
        """, new { endpoint }, stop);

    public async Task<LogTail> Waiting(string endpoint, int version, LogMark? after, int most, CancellationToken stop)
    {
        var tail = await db.One<TailRow>("""
            SELECT count(*) AS count, min(at) AS oldest
              FROM (SELECT at
                      FROM prediction
                     WHERE endpoint = @endpoint AND version = @version AND (at, id) > (@at, @id)
                     ORDER BY at, id
                     LIMIT @most) waiting
            """, new { endpoint, version, at = Micros(after), id = after?.Id ?? "", most }, stop);
        return new((int)tail!.Count, tail.Oldest is { } oldest ? Times.FromMicroseconds(oldest) : null);
    }

    public async Task<List<Prediction>> Newest(string endpoint, int most, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint
         ORDER BY at DESC, id DESC
         LIMIT @most
        """, new { endpoint, most }, stop));

    public async Task<Prediction?> Find(string id, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM prediction WHERE id = @id", new { id }, stop))?.Read();

    /// <summary>The newest time of the log: a clock that was set back must not bring rows behind a reader's place.</summary>
    public Task<long?> NewestTime(CancellationToken stop) => db.One<long?>("SELECT max(at) FROM prediction", null, stop);

    public static Task<int> Tell(Tx tx, string id, bool right, string? truth)
        => tx.Run("UPDATE prediction SET is_right = @right, truth = @truth WHERE id = @id", new { id, right, truth });

    private static List<Prediction> Read(List<Row> rows) => rows.ConvertAll(row => row.Read());

    private static long Micros(LogMark? after) => after?.At.ToMicroseconds() ?? long.MinValue;

    private static byte[]? Pack(float[]? values)
        => values is null ? null : MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()).ToArray();

    private sealed class TailRow
    {
        public long Count { get; init; }
        public long? Oldest { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Endpoint { get; init; } = "";
        public long Version { get; init; }
        public DateTimeOffset At { get; init; }
        public string Label { get; init; } = "";
        public double Confidence { get; init; }
        public string? Second { get; init; }
        public double Margin { get; init; }
        public byte[]? Embedding { get; init; }
        public string? Picture { get; init; }
        public long Micros { get; init; }
        public long Abstained { get; init; }
        public long? IsRight { get; init; }
        public string? Truth { get; init; }

        public Prediction Read() => new(
            Id, Project, Endpoint, (int)Version, At, Label, Confidence, Second, Margin,
            Embedding is null ? null : Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Embedding).ToArray(), half => (float)half),
            Digest.TryParse(Picture, out var digest) ? digest : null, Micros, Abstained != 0, IsRight is null ? null : IsRight != 0, Truth);
    }
}
