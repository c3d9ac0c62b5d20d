using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>All SQL about places in the log and judged windows.</summary>
internal sealed class WindowStore(Db db)
{
    private const string Columns = """
        project, endpoint, version, number, before_at, before_id, from_at, last_at, last_id, answers, state, alarms, unsure, unsure_of, unsure_windows, unsure_under, unsure_limit, reference_unsure,
        reference_rows, unsure_p, drift_score, drift_limit, drift_p, drift_rows, drift_windows, drift_against, incident, note, judged_at, kinds, telling
        """;

    public async Task<Watch> Watch(string endpoint, int version, CancellationToken stop)
    {
        var row = await db.One<WatchRow>("SELECT windows, last_at, last_id, normal FROM watch WHERE endpoint = @endpoint AND version = @version", new { endpoint, version }, stop);
        return row is null
            ? new(0, null, null)
            : new((int)row.Windows, new(row.LastAt, row.LastId), Digest.TryParse(row.Normal, out var normal) ? normal : null);
    }

    /// <summary>Moves on past a window; false when another server judged it first.</summary>
    public static async Task<bool> Advance(Tx tx, Window window) => await tx.Run("""
        INSERT INTO watch (endpoint, version, project, windows, last_at, last_id)
        VALUES (@Endpoint, @Version, @Project, @Number, @at, @id)
        ON CONFLICT (endpoint, version) DO UPDATE
           SET windows = excluded.windows, last_at = excluded.last_at, last_id = excluded.last_id
         WHERE watch.windows = excluded.windows - 1
        """, new { window.Endpoint, window.Version, window.Project, window.Number, at = window.Last.At, id = window.Last.Id }) == 1;

    public static Task SetNormal(Tx tx, string endpoint, int version, Digest normal)
        => tx.Run("UPDATE watch SET normal = @normal WHERE endpoint = @endpoint AND version = @version", new { endpoint, version, normal });

    public static Task Add(Tx tx, Window one) => tx.Run($"""
        INSERT INTO judged_window ({Columns})
        VALUES (@Project, @Endpoint, @Version, @Number, @beforeAt, @beforeId, @From, @To, @lastId, @Answers, @State, @alarms, @unsure, @Of, @unsureWindows, @Under, @Limit, @ReferenceCount,
                @ReferenceOf, @P, @driftScore, @driftLimit, @driftP, @driftRows, @driftWindows, @driftAgainst, @Incident, @Note, @JudgedAt, @kinds, @telling)
        """, new
    {
        one.Project, one.Endpoint, one.Version, one.Number, beforeAt = one.Before?.At, beforeId = one.Before?.Id, one.From, one.To, lastId = one.Last.Id, one.Answers, one.State,
        alarms = Kinds.Write(one.Alarms), unsure = one.Unsure.Count, one.Unsure.Of, unsureWindows = one.Unsure.Windows, one.Unsure.Under, one.Unsure.Limit, one.Unsure.ReferenceCount, one.Unsure.ReferenceOf, one.Unsure.P,
        driftScore = one.Drift?.Score, driftLimit = one.Drift?.Limit, driftP = one.Drift?.P, driftRows = one.Drift?.Rows, driftWindows = one.Drift?.Windows, driftAgainst = one.Drift?.Against,
        one.Incident, one.Note, one.JudgedAt, kinds = one.Kinds is null ? null : Json.Write(one.Kinds), telling = one.Telling.Count == 0 ? null : Json.Write(one.Telling),
    });

    public async Task<List<Window>> Newest(string endpoint, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_window
         WHERE endpoint = @endpoint
         ORDER BY last_at DESC, version DESC, number DESC
         LIMIT @most
        """, new { endpoint, most }, stop)).ConvertAll(row => row.Read());

    public async Task<List<Window>> OfIncident(string project, int incident, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_window
         WHERE project = @project AND incident = @incident
         ORDER BY last_at, version, number
         LIMIT @most
        """, new { project, incident, most }, stop)).ConvertAll(row => row.Read());

    /// <summary>The last windows of a version, oldest first.</summary>
    public async Task<List<Window>> Last(string endpoint, int version, int count, CancellationToken stop)
    {
        var rows = await db.All<Row>($"""
            SELECT {Columns}
              FROM judged_window
             WHERE endpoint = @endpoint AND version = @version
             ORDER BY number DESC
             LIMIT @count
            """, new { endpoint, version, count }, stop);
        rows.Reverse();
        return rows.ConvertAll(row => row.Read());
    }

    /// <summary>Windows of a version by number, oldest first.</summary>
    public async Task<List<Window>> Between(string endpoint, int version, int from, int to, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM judged_window
         WHERE endpoint = @endpoint AND version = @version AND number >= @from AND number <= @to
         ORDER BY number
        """, new { endpoint, version, from, to }, stop)).ConvertAll(row => row.Read());

    private sealed class WatchRow
    {
        public long Windows { get; init; }
        public DateTimeOffset LastAt { get; init; }
        public string LastId { get; init; } = "";
        public string? Normal { get; init; }
    }

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public string Endpoint { get; init; } = "";
        public long Version { get; init; }
        public long Number { get; init; }
        public DateTimeOffset? BeforeAt { get; init; }
        public string? BeforeId { get; init; }
        public DateTimeOffset FromAt { get; init; }
        public DateTimeOffset LastAt { get; init; }
        public string LastId { get; init; } = "";
        public long Answers { get; init; }
        public string State { get; init; } = "";
        public string Alarms { get; init; } = "";
        public long Unsure { get; init; }
        public long UnsureOf { get; init; }
        public long UnsureWindows { get; init; }
        public double UnsureUnder { get; init; }
        public long? UnsureLimit { get; init; }
        public long ReferenceUnsure { get; init; }
        public long ReferenceRows { get; init; }
        public double UnsureP { get; init; }
        public double? DriftScore { get; init; }
        public double? DriftLimit { get; init; }
        public double? DriftP { get; init; }
        public long? DriftRows { get; init; }
        public long? DriftWindows { get; init; }
        public string? DriftAgainst { get; init; }
        public long? Incident { get; init; }
        public string? Note { get; init; }
        public DateTimeOffset JudgedAt { get; init; }
        public string? Kinds { get; init; }
        public string? Telling { get; init; }

        public Window Read() => new(
            Project, Endpoint, (int)Version, (int)Number, FromAt, LastAt, (int)Answers, Enum.Parse<WindowState>(State, ignoreCase: true), Monitoring.Kinds.Read(Alarms),
            new((int)Unsure, (int)UnsureOf, UnsureUnder, (int?)UnsureLimit, (int)ReferenceUnsure, (int)ReferenceRows, UnsureP, (int)UnsureWindows),
            DriftScore is { } score ? new(score, DriftLimit!.Value, DriftP!.Value, (int)DriftRows!.Value, Enum.Parse<Against>(DriftAgainst!, ignoreCase: true), (int)DriftWindows!.Value) : null,
            (int?)Incident, Note, JudgedAt)
        {
            Before = BeforeAt is { } at ? new(at, BeforeId!) : null,
            Last = new(LastAt, LastId),
            Kinds = Kinds is null ? null : Json.Read<KindShare>(Kinds),
            Telling = Telling is null ? [] : Json.Read<List<Telling>>(Telling),
        };
    }
}

/// <summary>Where a version's judging stands.</summary>
/// <param name="Windows">Judged so far.</param>
/// <param name="Last">The last judged answer; null before the first window.</param>
/// <param name="Normal">What became normal after an incident.</param>
internal sealed record Watch(int Windows, LogMark? Last, Digest? Normal);

/// <summary>Kinds of alarm in one column.</summary>
internal static class Kinds
{
    public static string Write(IEnumerable<LoopWhen> kinds) => string.Join(',', kinds.Distinct().Order());

    public static LoopWhen[] Read(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(word => Enum.Parse<LoopWhen>(word, ignoreCase: true))];
}
