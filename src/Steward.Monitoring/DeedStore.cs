using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>Something to do by itself in an incident: wanted, decided, done.</summary>
/// <param name="Id">Made of what it is about, so that wanting it twice is wanting it once.</param>
/// <param name="Version">The version that alarmed.</param>
/// <param name="Batch">How many labels, when it asks for labels.</param>
/// <param name="Decision">What was decided, as JSON; it is kept before it is done.</param>
internal sealed record Deed(string Id, string Project, int Incident, string Endpoint, int Version, int Round, DeedKind Kind, int Batch, DeedState State, string? Decision, int Tries, DateTimeOffset WantedAt, DateTimeOffset? DoneAt)
{
    public static Deed Wanted(Incident on, DeedKind kind, int version, DateTimeOffset now, int batch = 0)
        => new($"{on.Project}/{on.Number}/{kind}/{version}/{on.Round}", on.Project, on.Number, on.Endpoint, version, on.Round, kind, batch, DeedState.Wanted, null, 0, now, null);
}

internal enum DeedKind { BackOrAbstain, AskForLabels, LearnNormal, AnswerAgain }

internal enum DeedState { Wanted, Decided, Done }

/// <summary>All SQL about deeds.</summary>
internal sealed class DeedStore(Db db)
{
    private const string Columns = "id, project, incident, endpoint, version, round, kind, batch, state, decision, tries, wanted_at, done_at";

    /// <summary>Notes that it should happen; false when it was noted before.</summary>
    public static async Task<bool> Want(Tx tx, Deed deed) => await tx.Run("""
        INSERT INTO incident_deed (id, project, incident, endpoint, version, round, kind, batch, state, decision, tries, due_at, wanted_at, done_at)
        VALUES (@Id, @Project, @Incident, @Endpoint, @Version, @Round, @Kind, @Batch, @State, NULL, 0, @WantedAt, @WantedAt, NULL)
        ON CONFLICT (id) DO NOTHING
        """, deed) == 1;

    /// <summary>Whether labels were asked for in this round because of this version or a newer one: an older one that serves again asks nobody twice.</summary>
    public static async Task<bool> Asked(Tx tx, Incident on, int version) => await tx.One<long>(
        "SELECT count(*) FROM incident_deed WHERE project = @Project AND incident = @Number AND kind = @kind AND round = @Round AND version >= @version",
        new { on.Project, on.Number, on.Round, version, kind = DeedKind.AskForLabels }) > 0;

    public async Task<List<Deed>> Due(DateTimeOffset now, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM incident_deed
         WHERE done_at IS NULL AND due_at <= @now
         ORDER BY wanted_at, id
         LIMIT 100
        """, new { now }, stop)).ConvertAll(row => row.Read());

    public async Task<Deed?> Find(string id, CancellationToken stop) => (await db.One<Row>($"SELECT {Columns} FROM incident_deed WHERE id = @id", new { id }, stop))?.Read();

    public async Task<List<Deed>> Of(string project, int incident, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM incident_deed
         WHERE project = @project AND incident = @incident
         ORDER BY wanted_at, id
        """, new { project, incident }, stop)).ConvertAll(row => row.Read());

    /// <summary>The newest deed of a kind at an endpoint that was done.</summary>
    public async Task<Deed?> LastDone(string endpoint, DeedKind kind, CancellationToken stop) => (await db.One<Row>($"""
        SELECT {Columns}
          FROM incident_deed
         WHERE endpoint = @endpoint AND kind = @kind AND done_at IS NOT NULL
         ORDER BY done_at DESC, id DESC
         LIMIT 1
        """, new { endpoint, kind }, stop))?.Read();

    /// <summary>Keeps a decision; false when another server decided first.</summary>
    public async Task<bool> Decide(string id, string decision, CancellationToken stop) => await db.Run(
        "UPDATE incident_deed SET state = @decided, decision = @decision WHERE id = @id AND state = @wanted",
        new { id, decision, decided = DeedState.Decided, wanted = DeedState.Wanted }, stop) == 1;

    /// <summary>Ends it; false when it was ended before.</summary>
    public static async Task<bool> Done(Tx tx, string id, DateTimeOffset now, string? decision = null) => await tx.Run(
        "UPDATE incident_deed SET state = @done, decision = coalesce(@decision, decision), done_at = @now WHERE id = @id AND done_at IS NULL",
        new { id, now, decision, done = DeedState.Done }) == 1;

    public Task Later(string id, DateTimeOffset due, CancellationToken stop) => db.Run("UPDATE incident_deed SET tries = tries + 1, due_at = @due WHERE id = @id", new { id, due }, stop);

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public long Incident { get; init; }
        public string Endpoint { get; init; } = "";
        public long Version { get; init; }
        public long Round { get; init; }
        public string Kind { get; init; } = "";
        public long Batch { get; init; }
        public string State { get; init; } = "";
        public string? Decision { get; init; }
        public long Tries { get; init; }
        public DateTimeOffset WantedAt { get; init; }
        public DateTimeOffset? DoneAt { get; init; }

        public Deed Read() => new(
            Id, Project, (int)Incident, Endpoint, (int)Version, (int)Round, Enum.Parse<DeedKind>(Kind, ignoreCase: true), (int)Batch,
            Enum.Parse<DeedState>(State, ignoreCase: true), Decision, (int)Tries, WantedAt, DoneAt);
    }
}
