using Steward.Storage;

namespace Steward.Models;

/// <summary>All SQL about aliases.</summary>
internal sealed class PromotionStore(Db db)
{
    private const string Columns = "project, model, alias, version, epoch, made_by, reason, made_at";

    public async Task<Promotion?> Current(string project, string model, string alias, CancellationToken stop)
        => (await db.One<Row>($"SELECT {Columns} FROM promotion WHERE project = @project AND model = @model AND alias = @alias", new { project, model, alias }, stop))?.Promotion();

    public static async Task<Promotion?> Current(Tx tx, string project, string model, string alias)
        => (await tx.One<Row>($"SELECT {Columns} FROM promotion WHERE project = @project AND model = @model AND alias = @alias", new { project, model, alias }))?.Promotion();

    public async Task<List<Promotion>> All(string project, CancellationToken stop)
        => [.. (await db.All<Row>($"SELECT {Columns} FROM promotion WHERE project = @project ORDER BY model, alias", new { project }, stop)).Select(row => row.Promotion())];

    /// <summary>Compare and set: true when the alias stood at the epoch before this one and now stands here.</summary>
    public static async Task<bool> Set(Tx tx, Promotion next) => await tx.Run(next.Epoch == 1
        ? $"INSERT INTO promotion ({Columns}) VALUES (@Project, @Model, @Alias, @Version, @Epoch, @By, @Reason, @At) ON CONFLICT (project, model, alias) DO NOTHING"
        : """
          UPDATE promotion
             SET version = @Version, epoch = @Epoch, made_by = @By, reason = @Reason, made_at = @At
           WHERE project = @Project AND model = @Model AND alias = @Alias AND epoch = @Epoch - 1
          """, next) == 1;

    public static Task Keep(Tx tx, Move move) => tx.Run("""
        INSERT INTO promotion_move (project, model, alias, epoch, kind, from_version, version, made_by, reason, made_at)
        VALUES (@Project, @Model, @Alias, @Epoch, @Kind, @From, @Version, @By, @Reason, @At)
        """, move);

    public async Task<List<Move>> History(string project, string model, string? alias, int most, CancellationToken stop) => [.. (await db.All<Row>("""
        SELECT project, model, alias, version, epoch, made_by, reason, made_at, kind, from_version
          FROM promotion_move
         WHERE project = @project AND model = @model AND (@alias = '' OR alias = @alias)
         ORDER BY made_at DESC, alias, epoch DESC
         LIMIT @most
        """, new { project, model, alias = alias ?? "", most }, stop)).Select(row => row.Move())];

    /// <summary>The version that served before this one was promoted the last time; moves back do not count, so going back twice goes further back.</summary>
    private const string WayBack = """
        SELECT coalesce(from_version, 0)
          FROM promotion_move
         WHERE project = @project AND model = @model AND alias = @alias AND version = @version AND kind = 'promote'
         ORDER BY epoch DESC
         LIMIT 1
        """;

    public async Task<int?> Before(Promotion now, CancellationToken stop) => SomeVersion(await db.One<int>(WayBack, Named(now), stop));

    public static async Task<int?> Before(Tx tx, Promotion now) => SomeVersion(await tx.One<int>(WayBack, Named(now)));

    /// <summary>A version that the alias pointed to some time; null when it never did.</summary>
    public static async Task<int?> Was(Tx tx, Promotion now, int version) => await tx.One<long>("""
        SELECT count(*)
          FROM promotion_move
         WHERE project = @project AND model = @model AND alias = @alias AND (version = @wanted OR from_version = @wanted)
        """, new { project = now.Project, model = now.Model, alias = now.Alias, wanted = version }) > 0 ? version : null;

    private static object Named(Promotion now) => new { project = now.Project, model = now.Model, alias = now.Alias, version = now.Version };

    private static int? SomeVersion(int version) => version == 0 ? null : version;

    public Task Acknowledge(string project, string model, string alias, string server, long epoch, DateTimeOffset at, CancellationToken stop) => db.Run("""
        INSERT INTO promotion_ack (project, model, alias, server, epoch, made_at) VALUES (@project, @model, @alias, @server, @epoch, @at)
        ON CONFLICT (project, model, alias, server) DO UPDATE
           SET epoch = excluded.epoch, made_at = excluded.made_at
         WHERE promotion_ack.epoch < excluded.epoch
        """, new { project, model, alias, server, epoch, at }, stop);

    public async Task<List<Acknowledgement>> Acknowledged(string project, string model, string alias, CancellationToken stop) => [.. (await db.All<AckRow>("""
        SELECT server, epoch, made_at
          FROM promotion_ack
         WHERE project = @project AND model = @model AND alias = @alias
         ORDER BY server
        """, new { project, model, alias }, stop)).Select(row => new Acknowledgement(row.Server, row.Epoch, row.MadeAt))];

    private sealed class Row
    {
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public string Alias { get; init; } = "";
        public int Version { get; init; }
        public long Epoch { get; init; }
        public string MadeBy { get; init; } = "";
        public string Reason { get; init; } = "";
        public DateTimeOffset MadeAt { get; init; }
        public string Kind { get; init; } = "";
        public int? FromVersion { get; init; }

        public Promotion Promotion() => new(Project, Model, Alias, Version, Epoch, MadeBy, Reason, MadeAt);

        public Move Move() => new(Project, Model, Alias, Epoch, Enum.Parse<MoveKind>(Kind, ignoreCase: true), FromVersion, Version, MadeBy, Reason, MadeAt);
    }

    private sealed class AckRow
    {
        public string Server { get; init; } = "";
        public long Epoch { get; init; }
        public DateTimeOffset MadeAt { get; init; }
    }
}
