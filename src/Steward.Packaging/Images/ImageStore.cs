using Steward.Oci;
using Steward.Storage;

namespace Steward.Packaging.Images;

/// <summary>All SQL about images. What bytes a project's images may use is told by <c>image_blob</c>: a digest alone opens nothing.</summary>
internal sealed class ImageStore(Db db, TimeProvider clock)
{
    private const string Columns = "id, project, model, version, digest, model_digest, base, size, new_bytes, layers, seconds, made_by, made_at";

    public async Task<List<ImageBuild>> Builds(string project, string? model, int? version, int most, CancellationToken stop) => (await db.All<Row>($"""
        SELECT {Columns}
          FROM image_build
         WHERE project = @project AND (model = @model OR @model IS NULL) AND (version = @version OR @version IS NULL)
         ORDER BY made_at DESC, id DESC
         LIMIT @most
        """, new { project, model, version, most }, stop)).ConvertAll(row => row.Read());

    public async Task<ImageBuild?> Newest(string project, string model, int version, CancellationToken stop)
        => (await Builds(project, model, version, 1, stop)).FirstOrDefault();

    public Task<List<int>> Versions(string project, string model, CancellationToken stop)
        => db.All<int>("SELECT DISTINCT version FROM image_build WHERE project = @project AND model = @model ORDER BY version", new { project, model }, stop);

    /// <summary>The versions whose image this is, of either kind.</summary>
    public Task<List<string>> DigestsOf(string project, string model, int version, CancellationToken stop) => db.All<string>("""
        SELECT digest FROM image_build WHERE project = @project AND model = @model AND version = @version
         UNION
        SELECT model_digest FROM image_build WHERE project = @project AND model = @model AND version = @version
        """, new { project, model, version }, stop);

    public async Task<Descriptor?> Blob(string project, OciDigest digest, CancellationToken stop)
        => await db.One<BlobRow>("SELECT media_type, size FROM image_blob WHERE project = @project AND digest = @digest", new { project, digest = digest.ToString() }, stop) is { } row
            ? new Descriptor(row.MediaType, digest, row.Size)
            : null;

    public async Task<Descriptor?> Layer(string project, OciDigest diffId, CancellationToken stop)
        => await db.One<LayerRow>("SELECT digest, size FROM image_layer WHERE project = @project AND diff_id = @diffId", new { project, diffId = diffId.ToString() }, stop) is { } row
            ? new Descriptor(MediaTypes.LayerGzip, OciDigest.Parse(row.Digest), row.Size)
            : null;

    public async Task<ImageStep?> Step(string project, string step, CancellationToken stop)
        => await db.One<StepRow>("SELECT says, digest, size, diff_id FROM image_step WHERE project = @project AND step = @step", new { project, step }, stop) is { } row
            ? new ImageStep(step, row.Says, OciDigest.Parse(row.Digest), row.Size, OciDigest.Parse(row.DiffId))
            : null;

    /// <summary>The first layer of a step stays its layer: who makes it again, and comes to other bytes, is given that one.</summary>
    public Task<int> Keep(Tx tx, string project, ImageStep step, string by) => tx.Run("""
        INSERT INTO image_step (project, step, says, digest, size, diff_id, made_by, made_at)
        VALUES (@project, @Name, @Says, @digest, @Size, @diffId, @by, @now)
        ON CONFLICT (project, step) DO NOTHING
        """, new { project, step.Name, step.Says, digest = step.Digest.ToString(), step.Size, diffId = step.DiffId.ToString(), by, now = clock.GetUtcNow() });

    public async Task<List<ImageReferrer>> Referrers(string project, OciDigest subject, CancellationToken stop) => (await db.All<ReferrerRow>("""
        SELECT digest, artifact_type, size, made_at
          FROM image_referrer
         WHERE project = @project AND subject = @subject
         ORDER BY made_at, digest
        """, new { project, subject = subject.ToString() }, stop)).ConvertAll(row => new ImageReferrer(OciDigest.Parse(row.Digest), row.ArtifactType, row.Size, row.MadeAt));

    public static Task Add(Tx tx, ImageBuild build) => tx.Run("""
        INSERT INTO image_build (id, project, model, version, digest, model_digest, base, size, new_bytes, layers, seconds, made_by, made_at)
        VALUES (@Id, @Project, @Model, @Version, @digest, @modelDigest, @Base, @Size, @NewBytes, @layers, @Seconds, @By, @MadeAt)
        """, new { build.Id, build.Project, build.Model, build.Version, digest = build.Digest.ToString(), modelDigest = build.ModelDigest.ToString(), build.Base, build.Size, build.NewBytes, layers = Json.Write(build.Layers), build.Seconds, build.By, build.MadeAt });

    public static async Task Keep(Tx tx, string project, IEnumerable<Descriptor> blobs)
    {
        foreach (var blob in blobs.DistinctBy(one => one.Digest))
            await tx.Run("""
                INSERT INTO image_blob (project, digest, media_type, size)
                VALUES (@project, @digest, @MediaType, @Size)
                ON CONFLICT (project, digest) DO UPDATE SET media_type = excluded.media_type
                """, new { project, digest = blob.Digest.ToString(), blob.MediaType, blob.Size });
    }

    public static async Task KeepLayers(Tx tx, string project, IEnumerable<Layer> layers)
    {
        foreach (var layer in layers)
            await tx.Run("""
                INSERT INTO image_layer (project, diff_id, digest, size)
                VALUES (@project, @diffId, @digest, @Size)
                ON CONFLICT (project, diff_id) DO NOTHING
                """, new { project, diffId = layer.DiffId.ToString(), digest = layer.Descriptor.Digest.ToString(), layer.Descriptor.Size });
    }

    public Task Refer(Tx tx, string project, OciDigest subject, Descriptor referrer) => tx.Run("""
        INSERT INTO image_referrer (project, subject, digest, artifact_type, size, made_at)
        VALUES (@project, @subject, @digest, @ArtifactType, @Size, @now)
        ON CONFLICT (project, subject, digest) DO NOTHING
        """, new { project, subject = subject.ToString(), digest = referrer.Digest.ToString(), referrer.ArtifactType, referrer.Size, now = clock.GetUtcNow() });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public long Version { get; init; }
        public string Digest { get; init; } = "";
        public string ModelDigest { get; init; } = "";
        public string Base { get; init; } = "";
        public long Size { get; init; }
        public long NewBytes { get; init; }
        public string Layers { get; init; } = "";
        public double Seconds { get; init; }
        public string MadeBy { get; init; } = "";
        public DateTimeOffset MadeAt { get; init; }

        public ImageBuild Read() => new(Id, Project, Model, (int)Version, OciDigest.Parse(Digest), OciDigest.Parse(ModelDigest), Base, Size, NewBytes, Json.Read<List<ImageLayer>>(Layers), Seconds, MadeBy, MadeAt);
    }

    private sealed record BlobRow
    {
        public string MediaType { get; init; } = "";
        public long Size { get; init; }
    }

    private sealed record StepRow
    {
        public string Says { get; init; } = "";
        public string Digest { get; init; } = "";
        public long Size { get; init; }
        public string DiffId { get; init; } = "";
    }

    private sealed record LayerRow
    {
        public string Digest { get; init; } = "";
        public long Size { get; init; }
    }

    private sealed record ReferrerRow
    {
        public string Digest { get; init; } = "";
        public string ArtifactType { get; init; } = "";
        public long Size { get; init; }
        public DateTimeOffset MadeAt { get; init; }
    }
}
