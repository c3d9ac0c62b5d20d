using Steward.Storage;

namespace Steward.Serving;

/// <summary>All SQL about releases.</summary>
internal sealed class ReleaseStore(Db db)
{
    private const string Columns = "endpoint, epoch, project, model, version, base_version, base_epoch, plan, state, step, started_at, step_at, ended_at, changed_by, why";

    public async Task<Release?> Find(string endpoint, long epoch, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM endpoint_release WHERE endpoint = @endpoint AND epoch = @epoch", new { endpoint, epoch }, stop))?.Read();

    public async Task<Release?> Newest(string endpoint, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM endpoint_release WHERE endpoint = @endpoint ORDER BY epoch DESC LIMIT 1", new { endpoint }, stop))?.Read();

    /// <summary>Begins it, unless it has begun or somebody serves this promotion already.</summary>
    public static async Task<bool> Start(Tx tx, Release one) => await tx.Run($"""
        INSERT INTO endpoint_release ({Columns})
        SELECT @Endpoint, @Epoch, @Project, @Model, @Version, @Base, @BaseEpoch, @plan, @State, 0, @StartedAt, @StepAt, NULL, @By, NULL
          FROM endpoint
         WHERE name = @Endpoint AND epoch = @BaseEpoch
        ON CONFLICT (endpoint, epoch) DO NOTHING
        """, new { one.Endpoint, one.Epoch, one.Project, one.Model, one.Version, one.Base, one.BaseEpoch, plan = Json.Write(one.Plan), one.State, one.StartedAt, one.StepAt, one.By }) == 1;

    /// <summary>Compare and set: false when another server or person changed it first.</summary>
    public static async Task<bool> Change(Tx tx, Release was, Release next) => await tx.Run("""
        UPDATE endpoint_release
           SET state = @state, step = @step, step_at = @stepAt, ended_at = @endedAt, changed_by = @by, why = @why
         WHERE endpoint = @Endpoint AND epoch = @Epoch AND state = @wasState AND step = @wasStep
        """, new
    {
        was.Endpoint, was.Epoch, wasState = was.State, wasStep = was.Step, state = next.State, step = next.Step, stepAt = next.StepAt, endedAt = next.EndedAt?.ToMicroseconds(), by = next.By, why = next.Why,
    }) == 1;

    /// <summary>Those of an endpoint that are not over and bring in an older promotion.</summary>
    public async Task<List<Release>> Older(string endpoint, long epoch, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM endpoint_release
         WHERE endpoint = @endpoint AND epoch < @epoch AND ended_at IS NULL
        """, new { endpoint, epoch }, stop)).ConvertAll(row => row.Read());

    /// <summary>Adds what one process counted.</summary>
    public Task Add(Release release, int version, Tally more, CancellationToken stop) => db.Write(async tx =>
    {
        var key = new { release.Endpoint, release.Epoch, release.Step, version };
        await tx.Run("""
            INSERT INTO release_figure (endpoint, epoch, step, version, project, requests, answers, failed, unsure, bins)
            VALUES (@Endpoint, @Epoch, @Step, @version, @Project, 0, 0, 0, 0, @none)
            ON CONFLICT (endpoint, epoch, step, version) DO NOTHING
            """, new { release.Endpoint, release.Epoch, release.Step, version, release.Project, none = Durations.Pack(Tally.None.Bins) });
        var sum = (await tx.One<FigureRow>($"""
            SELECT step, version, requests, answers, failed, unsure, bins
              FROM release_figure
             WHERE endpoint = @Endpoint AND epoch = @Epoch AND step = @Step AND version = @version {tx.Dialect.ForUpdate}
            """, key))!.Tally().Plus(more);
        await tx.Run("""
            UPDATE release_figure
               SET requests = @Requests, answers = @Answers, failed = @Failed, unsure = @Unsure, bins = @bins
             WHERE endpoint = @Endpoint AND epoch = @Epoch AND step = @Step AND version = @version
            """, new { key.Endpoint, key.Epoch, key.Step, version, sum.Requests, sum.Answers, sum.Failed, sum.Unsure, bins = Durations.Pack(sum.Bins) });
    }, stop);

    /// <summary>What was counted, by step and version.</summary>
    public async Task<Dictionary<(int Step, int Version), Tally>> Figures(string endpoint, long epoch, CancellationToken stop) => (await db.All<FigureRow>("""
        SELECT step, version, requests, answers, failed, unsure, bins
          FROM release_figure
         WHERE endpoint = @endpoint AND epoch = @epoch
        """, new { endpoint, epoch }, stop)).ToDictionary(row => ((int)row.Step, (int)row.Version), row => row.Tally());

    private sealed class FigureRow
    {
        public long Step { get; init; }
        public long Version { get; init; }
        public long Requests { get; init; }
        public long Answers { get; init; }
        public long Failed { get; init; }
        public long Unsure { get; init; }
        public byte[] Bins { get; init; } = [];

        public Tally Tally() => new(Requests, Answers, Failed, Unsure, Durations.Unpack(Bins));
    }

    private sealed class Row
    {
        public string Endpoint { get; init; } = "";
        public long Epoch { get; init; }
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public long Version { get; init; }
        public long BaseVersion { get; init; }
        public long BaseEpoch { get; init; }
        public string Plan { get; init; } = "";
        public string State { get; init; } = "";
        public long Step { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset StepAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string ChangedBy { get; init; } = "";
        public string? Why { get; init; }

        public Release Read() => new(
            Endpoint, Project, Model, (int)Version, (int)BaseVersion, Epoch, BaseEpoch, Json.Read<ReleasePlan>(Plan), Enum.Parse<ReleaseState>(State, ignoreCase: true), (int)Step,
            StartedAt, StepAt, EndedAt, ChangedBy, Why);
    }
}
