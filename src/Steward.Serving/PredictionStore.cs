using System.Runtime.InteropServices;
using Steward.Storage;

namespace Steward.Serving;

/// <summary>All SQL about predictions.</summary>
internal sealed class PredictionStore(Db db)
{
    private const string Columns = "id, project, endpoint, version, at, label, confidence, second, margin, embedding, picture, micros, abstained, is_right, truth, told_at, told_how";

    public Task Add(IReadOnlyList<Prediction> predictions, CancellationToken stop) => db.Write(async tx =>
    {
        foreach (var one in predictions)
        {
            await tx.Run($"""
                INSERT INTO prediction ({Columns})
                VALUES (@Id, @Project, @Endpoint, @Version, @At, @Label, @Confidence, @Second, @Margin, @Embedding, @Picture, @Micros, @Abstained, NULL, NULL, NULL, NULL)
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

    public Task<long> Count(string endpoint, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
        => db.One<long>("SELECT count(*) FROM prediction WHERE endpoint = @endpoint AND at >= @from AND at < @to", new { endpoint, from, to }, stop);

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

    public async Task<List<Prediction>> Newest(string endpoint, int most, LogFilter filter, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint AND at >= @since
           AND (@label = '' OR label = @label)
           AND (@version = 0 OR version = @version)
           AND (@under > 1 OR confidence < @under)
           AND (@said = 'all' OR (@said = 'right' AND is_right = 1) OR (@said = 'wrong' AND is_right = 0) OR (@said = 'nothing' AND is_right IS NULL))
         ORDER BY at DESC, id DESC
         LIMIT @most
        """, new
    {
        endpoint, most, since = filter.Since?.ToMicroseconds() ?? long.MinValue, label = filter.Label ?? "", version = filter.Version ?? 0, under = filter.Under ?? 2,
        said = filter.Said?.ToString().ToLowerInvariant() ?? "all",
    }, stop));

    public async Task<List<Prediction>> Told(string endpoint, int version, LogMark? after, int most, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint AND version = @version AND told_at IS NOT NULL AND told_how = @feedback AND (told_at, id) > (@at, @id)
         ORDER BY told_at, id
         LIMIT @most
        """, new { endpoint, version, feedback = ToldHow.Feedback, at = Micros(after), id = after?.Id ?? "", most }, stop));

    public async Task<List<ToldCount>> ToldCounts(string endpoint, int version, CancellationToken stop) => (await db.All<CountRow>("""
        SELECT told_how, count(*) AS count, sum(is_right) AS is_right
          FROM prediction
         WHERE endpoint = @endpoint AND version = @version AND told_at IS NOT NULL
         GROUP BY told_how
         ORDER BY told_how
        """, new { endpoint, version }, stop)).ConvertAll(row => new ToldCount(Enum.Parse<ToldHow>(row.ToldHow, ignoreCase: true), (int)row.Count, (int)row.IsRight));

    public async Task<List<Prediction>> Wrong(string endpoint, int version, DateTimeOffset after, int most, CancellationToken stop) => Read(await db.All<Row>($"""
        SELECT {Columns}
          FROM prediction
         WHERE endpoint = @endpoint AND version = @version AND told_at IS NOT NULL AND told_at > @after AND is_right = 0 AND picture IS NOT NULL
         ORDER BY told_at DESC, id DESC
         LIMIT @most
        """, new { endpoint, version, after, most }, stop));

    /// <summary>Removes the oldest answers of an endpoint from before a time, so many at once. How many went.</summary>
    public static Task<int> Remove(Tx tx, string endpoint, DateTimeOffset before, int most) => tx.Run("""
        DELETE FROM prediction
         WHERE id IN (SELECT id FROM prediction WHERE endpoint = @endpoint AND at < @before ORDER BY at, id LIMIT @most)
        """, new { endpoint, before, most });

    public async Task<Prediction?> Find(string id, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM prediction WHERE id = @id", new { id }, stop))?.Read();

    /// <summary>The newest time of the log: a clock that was set back must not bring rows behind a reader's place.</summary>
    public Task<long?> NewestTime(CancellationToken stop) => db.One<long?>("SELECT max(at) FROM prediction", null, stop);

    /// <summary>What was said last counts; when it was first said stays, so that nobody who reads on meets it twice.</summary>
    public static Task<int> Tell(Tx tx, string id, bool right, string? truth, ToldHow how, DateTimeOffset now) => tx.Run("""
        UPDATE prediction
           SET is_right = @right, truth = @truth, told_at = coalesce(told_at, @now), told_how = coalesce(told_how, @how)
         WHERE id = @id
        """, new { id, right, truth, how, now });

    private static List<Prediction> Read(List<Row> rows) => rows.ConvertAll(row => row.Read());

    private static long Micros(LogMark? after) => after?.At.ToMicroseconds() ?? long.MinValue;

    private static byte[]? Pack(float[]? values)
        => values is null ? null : MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()).ToArray();

    private sealed class CountRow
    {
        public string ToldHow { get; init; } = "";
        public long Count { get; init; }
        public long IsRight { get; init; }
    }

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
        public DateTimeOffset? ToldAt { get; init; }
        public string? ToldHow { get; init; }

        public Prediction Read() => new(
            Id, Project, Endpoint, (int)Version, At, Label, Confidence, Second, Margin,
            Embedding is null ? null : Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Embedding).ToArray(), half => (float)half),
            Digest.TryParse(Picture, out var digest) ? digest : null, Micros, Abstained != 0, IsRight is null ? null : IsRight != 0, Truth,
            ToldAt, ToldHow is null ? null : Enum.Parse<ToldHow>(ToldHow, ignoreCase: true));
    }
}
