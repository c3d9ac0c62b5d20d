using System.IO.Compression;
using System.Reflection;
using System.Text.Json;

namespace Steward.Kubernetes;

/// <summary>
/// What Kubernetes 1.36 takes: the definitions that an API server of 1.36.2 serves, with KServe's InferenceService
/// beside them, without descriptions; and the keys of a Kustomization, written down here.
/// </summary>
internal sealed class SchemaBook
{
    public const string Version = "1.36";

    private static readonly Lazy<SchemaBook> Read = new(() => new());
    private readonly Dictionary<string, JsonElement> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ApiVersion, string Kind), string> _kinds = [];

    private SchemaBook()
    {
        foreach (var name in new[] { "kubernetes-1.36.json.gz", "kustomize.json" })
        {
            using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream($"schemas/{name}")!;
            using var json = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionMode.Decompress) : packed;
            foreach (var definition in JsonDocument.Parse(json).RootElement.GetProperty("definitions").EnumerateObject())
                Add(definition.Name, definition.Value);
        }
    }

    public static SchemaBook Kubernetes => Read.Value;

    public IEnumerable<string> ApiVersions => _kinds.Keys.Select(kind => kind.ApiVersion).Distinct();

    public Schema? Find(string definition) => _definitions.TryGetValue(definition, out var said) ? new(said, this) : null;

    public Schema? Find(string apiVersion, string kind) => _kinds.TryGetValue((apiVersion, kind), out var name) ? Find(name) : null;

    public IEnumerable<string> KindsIn(string apiVersion) => _kinds.Keys.Where(kind => kind.ApiVersion == apiVersion).Select(kind => kind.Kind);

    public IEnumerable<string> VersionsOf(string kind) => _kinds.Keys.Where(known => known.Kind == kind).Select(known => known.ApiVersion);

    /// <summary>A kind that people write down has an object's metadata; a list or a request has not.</summary>
    private void Add(string name, JsonElement said)
    {
        _definitions[name] = said;
        if (!said.TryGetProperty("x-kubernetes-group-version-kind", out var kinds) || new Schema(said, this).Property("metadata")?.Definition.EndsWith(".ObjectMeta", StringComparison.Ordinal) is not true)
            return;
        foreach (var kind in kinds.EnumerateArray())
        {
            var (group, version) = (kind.GetProperty("group").GetString()!, kind.GetProperty("version").GetString()!);
            _kinds[(group.Length == 0 ? version : $"{group}/{version}", kind.GetProperty("kind").GetString()!)] = name;
        }
    }
}
