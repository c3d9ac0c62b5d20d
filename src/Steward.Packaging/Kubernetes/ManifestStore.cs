using Steward.Storage;

namespace Steward.Packaging.Kubernetes;

/// <summary>All SQL about manifests that were written.</summary>
internal sealed class ManifestStore(Db db) : IManifests
{
    public async Task<List<WrittenManifests>> All(string project, string? model = null, int most = 100, CancellationToken stop = default) => (await db.All<Row>("""
        SELECT id, project, model, version, form, name, image, facts, asked, digest, made_by, made_at
          FROM manifest_set
         WHERE project = @project AND (model = @model OR @model IS NULL)
         ORDER BY made_at DESC, id DESC
         LIMIT @most
        """, new { project, model, most }, stop)).ConvertAll(row => row.Read());

    public static Task Add(Tx tx, WrittenManifests written) => tx.Run("""
        INSERT INTO manifest_set (id, project, model, version, form, name, image, facts, asked, digest, made_by, made_at)
        VALUES (@Id, @Project, @Model, @Version, @form, @Name, @Image, @facts, @asked, @digest, @By, @At)
        """, new { written.Id, written.Project, written.Model, written.Version, form = written.Form.ToString(), written.Name, written.Image, facts = Json.Write(written.Facts), asked = Json.Write(written.Order), digest = written.Digest.Hex, written.By, written.At });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Project { get; init; } = "";
        public string Model { get; init; } = "";
        public long Version { get; init; }
        public string Form { get; init; } = "";
        public string Name { get; init; } = "";
        public string Image { get; init; } = "";
        public string Facts { get; init; } = "";
        public string Asked { get; init; } = "";
        public string Digest { get; init; } = "";
        public string MadeBy { get; init; } = "";
        public DateTimeOffset MadeAt { get; init; }

        public WrittenManifests Read()
            => new(Id, Project, Model, (int)Version, Enum.Parse<ManifestForm>(Form), Name, Image, Json.Read<ManifestFacts>(Facts), Json.Read<ManifestOrder>(Asked), Steward.Digest.Parse(Digest), MadeBy, MadeAt);
    }
}
