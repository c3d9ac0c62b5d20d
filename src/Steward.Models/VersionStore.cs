using Steward.Storage;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>All SQL about versions and their checks.</summary>
internal sealed class VersionStore(Db db)
{
    private const string Columns = """
        v.id, v.project, v.model, v.version, v.run, v.study, v.data, v.onnx, v.artifacts, v.metrics, v.signature, v.code, v.lineage, v.made_by, v.created_at,
               c.policy, c.results, c.checked_at, c.against
          FROM model_version v
          LEFT JOIN gate_check c ON c.version_id = v.id
        """;

    public async Task<VersionRecord?> Find(string project, string model, int version, CancellationToken stop) => (await db.One<Row>($"""
        SELECT {Columns}
         WHERE v.project = @project AND v.model = @model AND v.version = @version
        """, new { project, model, version }, stop))?.Record();

    public static async Task<VersionRecord?> Find(Tx tx, string project, string model, int version) => (await tx.One<Row>($"""
        SELECT {Columns}
         WHERE v.project = @project AND v.model = @model AND v.version = @version
        """, new { project, model, version }))?.Record();

    /// <summary>The version this run, or its study, made before.</summary>
    public static async Task<VersionRecord?> Made(Tx tx, string project, string run, string? study) => (await tx.One<Row>($"""
        SELECT {Columns}
         WHERE v.project = @project AND (v.run = @run OR v.study = @study)
        """, new { project, run, study }))?.Record();

    public async Task<List<VersionRecord>> All(string project, string model, CancellationToken stop) => [.. (await db.All<Row>($"""
        SELECT {Columns}
         WHERE v.project = @project AND v.model = @model
         ORDER BY v.version DESC
        """, new { project, model }, stop)).Select(row => row.Record())];

    public async Task<List<VersionRecord>> Newest(string project, CancellationToken stop) => [.. (await db.All<Row>($"""
        SELECT {Columns}
          JOIN registered_model m ON m.project = v.project AND m.name = v.model AND m.last_version = v.version
         WHERE v.project = @project
         ORDER BY v.model
        """, new { project }, stop)).Select(row => row.Record())];

    /// <summary>The next number of the model; two writers never get the same.</summary>
    public static Task<int> NextNumber(Tx tx, string project, string model) => tx.One<int>("""
        INSERT INTO registered_model (project, name, last_version) VALUES (@project, @model, 1)
        ON CONFLICT (project, name) DO UPDATE SET last_version = registered_model.last_version + 1
        RETURNING last_version
        """, new { project, model });

    public static Task Add(Tx tx, VersionRecord one, string? study) => tx.Run("""
        INSERT INTO model_version (id, project, model, version, run, study, data, onnx, artifacts, metrics, signature, code, lineage, made_by, created_at)
        VALUES (@Id, @Project, @Model, @Version, @Run, @study, @Data, @Onnx, @artifacts, @metrics, @signature, @Code, @lineage, @By, @CreatedAt)
        """, new
    {
        one.Id,
        one.Project,
        one.Model,
        one.Version,
        one.Run,
        study,
        one.Data,
        one.Onnx,
        artifacts = Json.Write(one.Artifacts.ToDictionary(pair => pair.Key, pair => pair.Value.Hex)),
        metrics = Json.Write(one.Metrics),
        signature = Json.Write(one.Signature),
        one.Code,
        lineage = one.Lineage is null ? null : Json.Write(one.Lineage),
        one.By,
        one.CreatedAt,
    });

    public static Task Keep(Tx tx, VersionRecord one, GateCheck check) => tx.Run("""
        INSERT INTO gate_check (version_id, project, policy, results, checked_at, against) VALUES (@Id, @Project, @Policy, @results, @At, @Against)
        ON CONFLICT (version_id) DO UPDATE SET policy = excluded.policy, results = excluded.results, checked_at = excluded.checked_at, against = excluded.against
        """, new { one.Id, one.Project, check.Policy, results = Json.Write(check.Results), check.At, check.Against });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public int Version { get; init; }
        public string Run { get; init; } = "";
        public string Data { get; init; } = "";
        public string Onnx { get; init; } = "";
        public string Artifacts { get; init; } = "";
        public string Metrics { get; init; } = "";
        public string Signature { get; init; } = "";
        public string? Code { get; init; }
        public string? Lineage { get; init; }
        public string MadeBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public string? Policy { get; init; }
        public string? Results { get; init; }
        public DateTimeOffset? CheckedAt { get; init; }
        public int? Against { get; init; }

        public VersionRecord Record() => new(Id, Project, Model, Version, Run, Data, Digest.Parse(Onnx),
            Json.Read<Dictionary<string, string>>(Artifacts).ToDictionary(pair => pair.Key, pair => Digest.Parse(pair.Value)),
            Json.Read<Dictionary<string, double>>(Metrics), Json.Read<Signature>(Signature), Code, MadeBy, CreatedAt,
            Policy is null ? null : new(Digest.Parse(Policy), Json.Read<List<GateResult>>(Results!), CheckedAt!.Value, Against)) { Lineage = Lineage is null ? null : Json.Read<Lineage>(Lineage) };
    }
}

/// <summary>A version as it is stored; what follows from votes and the clock is not.</summary>
internal sealed record VersionRecord(
    string Id, string Project, string Model, int Version, string Run, string Data, Digest Onnx,
    IReadOnlyDictionary<string, Digest> Artifacts, IReadOnlyDictionary<string, double> Metrics, Signature Signature, string? Code,
    string By, DateTimeOffset CreatedAt, GateCheck? Check)
{
    public string Name => $"{Model}@{Version}";

    public Lineage? Lineage { get; init; }

    /// <summary>The version that serves since this one was compared with another; null when its check still counts.</summary>
    public int? OutdatedBy(Policy policy, int? serving) => policy.Compares && Check is not null && serving != Version && serving != Check.Against ? serving : null;

    /// <summary>The seal under a policy, over the results of the last check.</summary>
    public Seal SealUnder(Policy policy) => Seal.Of(Onnx, Evidence.Of(Metrics, Data, Run, Artifacts, Check?.Results ?? [], Lineage), policy.Digest);

    /// <param name="serving">What the guarded alias points to now.</param>
    public ModelVersion As(Policy policy, SignOff? last, int? serving, DateTimeOffset now)
    {
        var seal = SealUnder(policy);
        return new(Id, Project, Model, Version, Run, Data, Onnx, Artifacts, Metrics, Signature, Code, Check?.Results ?? [], seal,
            Stage.Of(Check, policy, seal.Digest, last, OutdatedBy(policy, serving), now), By, CreatedAt, Check?.At) { Lineage = Lineage };
    }
}
