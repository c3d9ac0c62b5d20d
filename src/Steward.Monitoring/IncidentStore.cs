using System.Text.Json;
using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>All SQL about incidents and their timelines.</summary>
internal sealed class IncidentStore(Db db)
{
    private const string Columns = """
        project, number, endpoint, model, version, state, kinds, summary, since, opened_at, last_alarm_at, alarms, answers, round, quiet_windows, quiet_at, closed_at, cause, closed_by
        """;

    public async Task<List<Incident>> All(string project, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM incident
         WHERE project = @project
         ORDER BY number DESC
         LIMIT @most
        """, new { project, most }, stop)).ConvertAll(row => row.Read());

    public async Task<Incident?> Find(string project, int number, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM incident WHERE project = @project AND number = @number", new { project, number }, stop))?.Read();

    public static async Task<Incident?> Find(Tx tx, string project, int number)
        => (await tx.One<Row>($"SELECT {Columns} FROM incident WHERE project = @project AND number = @number {tx.Dialect.ForUpdate}", new { project, number }))?.Read();

    /// <summary>The one of an endpoint that is not closed.</summary>
    public async Task<Incident?> Open(string endpoint, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM incident WHERE endpoint = @endpoint AND closed_at IS NULL", new { endpoint }, stop))?.Read();

    public static async Task<Incident?> Open(Tx tx, string endpoint)
        => (await tx.One<Row>($"SELECT {Columns} FROM incident WHERE endpoint = @endpoint AND closed_at IS NULL {tx.Dialect.ForUpdate}", new { endpoint }))?.Read();

    /// <summary>Those that have been quiet, of every project.</summary>
    public async Task<List<Incident>> Quiet(CancellationToken stop)
        => (await db.All<Row>($"SELECT {Columns} FROM incident WHERE closed_at IS NULL AND quiet_at IS NOT NULL", null, stop)).ConvertAll(row => row.Read());

    public async Task<int> Waiting(string project, CancellationToken stop)
        => (int)await db.One<long>("SELECT count(*) FROM incident WHERE project = @project AND closed_at IS NULL", new { project }, stop);

    public static async Task<int> NextNumber(Tx tx, string project)
        => (int)await tx.One<long>("SELECT coalesce(max(number), 0) + 1 FROM incident WHERE project = @project", new { project });

    public static Task Add(Tx tx, Incident one) => tx.Run($"""
        INSERT INTO incident ({Columns})
        VALUES (@Project, @Number, @Endpoint, @Model, @Version, @State, @kinds, @Summary, @Since, @OpenedAt, @LastAlarmAt, @Alarms, @Answers, @Round, @QuietWindows, @QuietAt, NULL, NULL, NULL)
        """, Values(one));

    public static Task Change(Tx tx, Incident one) => tx.Run("""
        UPDATE incident
           SET version = @Version, state = @State, kinds = @kinds, summary = @Summary, last_alarm_at = @LastAlarmAt, alarms = @Alarms, answers = @Answers, round = @Round,
               quiet_windows = @QuietWindows, quiet_at = @QuietAt, closed_at = @ClosedAt, cause = @Cause, closed_by = @ClosedBy
         WHERE project = @Project AND number = @Number
        """, Values(one));

    /// <summary>Tells one thing once: the same key again changes nothing. True when it was new.</summary>
    public static async Task<bool> Tell(Tx tx, Incident on, string key, string kind, string text, string by, DateTimeOffset at, object? detail = null) => await tx.Run("""
        INSERT INTO incident_entry (project, incident, key, seq, kind, words, detail, told_by, at)
        VALUES (@Project, @Number, @key, (SELECT coalesce(max(seq), 0) + 1 FROM incident_entry WHERE project = @Project AND incident = @Number), @kind, @text, @detail, @by, @at)
        ON CONFLICT (project, incident, key) DO NOTHING
        """, new { on.Project, on.Number, key, kind, text, detail = detail is null ? null : Json.Write(detail), by, at }) == 1;

    /// <summary>Whether any incident of an endpoint has told a thing.</summary>
    public static async Task<bool> HasTold(Tx tx, string project, string endpoint, string key) => await tx.One<long>("""
        SELECT count(*)
          FROM incident_entry e
          JOIN incident i ON i.project = e.project AND i.number = e.incident
         WHERE e.project = @project AND i.endpoint = @endpoint AND e.key = @key
        """, new { project, endpoint, key }) > 0;

    public async Task<List<Entry>> Timeline(string project, int number, CancellationToken stop) => (await db.All<EntryRow>("""
        SELECT kind, words, detail, told_by, at
          FROM incident_entry
         WHERE project = @project AND incident = @number
         ORDER BY seq
        """, new { project, number }, stop)).ConvertAll(row => row.Read());

    /// <summary>The newest of an endpoint, closed or not.</summary>
    public async Task<Incident?> Last(string endpoint, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM incident WHERE endpoint = @endpoint ORDER BY opened_at DESC, number DESC LIMIT 1", new { endpoint }, stop))?.Read();

    public static async Task<Incident> Close(Tx tx, Incident open, Who who, string cause, IAudit audit, IEvents events, DateTimeOffset now)
    {
        var closed = open with { State = IncidentState.Closed, ClosedAt = now, Cause = cause, ClosedBy = who.Name };
        await Change(tx, closed);
        await Tell(tx, closed, "closed", "closed", $"Closed. What it was: {cause}", who.Name, now);
        await audit.Write(tx, who, "incident.closed", closed.Project, $"incident {closed.Number}", new { closed.Endpoint, cause });
        await events.Publish(tx, new IncidentClosed(closed.Project, closed.Number, closed.Endpoint, cause, who.Name));
        return closed;
    }

    public static Task<Incident> CloseAsForgotten(Tx tx, Incident quiet, IAudit audit, IEvents events, DateTimeOffset now)
        => Close(tx, quiet, Who.Steward, $"nobody has said; it has been quiet since {quiet.QuietAt:yyyy-MM-dd HH:mm} UTC.", audit, events, now);

    private static object Values(Incident one) => new
    {
        one.Project, one.Number, one.Endpoint, one.Model, one.Version, one.State, kinds = Kinds.Write(one.Kinds), one.Summary, one.Since, one.OpenedAt, one.LastAlarmAt,
        one.Alarms, one.Answers, one.Round, one.QuietWindows, one.QuietAt, one.ClosedAt, one.Cause, one.ClosedBy,
    };

    private sealed class EntryRow
    {
        public string Kind { get; init; } = "";
        public string Words { get; init; } = "";
        public string? Detail { get; init; }
        public string ToldBy { get; init; } = "";
        public DateTimeOffset At { get; init; }

        public Entry Read() => new(At, Kind, Words, ToldBy, Detail is null ? null : JsonSerializer.Deserialize<JsonElement>(Detail));
    }

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public long Number { get; init; }
        public string Endpoint { get; init; } = "";
        public string Model { get; init; } = "";
        public long Version { get; init; }
        public string State { get; init; } = "";
        public string Kinds { get; init; } = "";
        public string Summary { get; init; } = "";
        public DateTimeOffset Since { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public DateTimeOffset LastAlarmAt { get; init; }
        public long Alarms { get; init; }
        public long Answers { get; init; }
        public long Round { get; init; }
        public long QuietWindows { get; init; }
        public DateTimeOffset? QuietAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public string? Cause { get; init; }
        public string? ClosedBy { get; init; }

        public Incident Read() => new(
            Project, (int)Number, Endpoint, Model, (int)Version, Enum.Parse<IncidentState>(State, ignoreCase: true), Monitoring.Kinds.Read(Kinds), Summary, Since, OpenedAt, LastAlarmAt,
            (int)Alarms, (int)Answers, (int)Round, (int)QuietWindows, QuietAt, ClosedAt, Cause, ClosedBy);
    }
}
