using System.Text.Json;

namespace Steward.Kubernetes;

/// <summary>What may stand in one place, as the OpenAPI of Kubernetes says it.</summary>
internal readonly struct Schema(JsonElement said, SchemaBook book)
{
    private const string Reference = "#/definitions/";

    /// <summary>The definition that this place refers to: <c>io.k8s.api.core.v1.Container</c>; empty where it is said in place.</summary>
    public string Definition => Word("$ref") is { } name ? name[Reference.Length..] : "";

    /// <summary>The same with its reference followed; what a list's merge key is stands beside the reference.</summary>
    public Schema Followed => Definition is { Length: > 0 } name && book.Find(name) is { } found ? found : this;

    public string? Type => Word("type");

    public string? Format => Word("format");

    public bool IsIntOrText => Definition == "io.k8s.apimachinery.pkg.util.intstr.IntOrString" || Is("x-kubernetes-int-or-string");

    /// <summary>Custom resources say it by a pattern.</summary>
    public bool IsQuantity => Definition == "io.k8s.apimachinery.pkg.api.resource.Quantity" || (Is("x-kubernetes-int-or-string") && Word("pattern") is not null);

    public bool IsTime => Definition is "io.k8s.apimachinery.pkg.apis.meta.v1.Time" or "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";

    /// <summary>Anything may stand here.</summary>
    public bool IsOpen => Is("x-kubernetes-preserve-unknown-fields") || Definition.EndsWith(".RawExtension", StringComparison.Ordinal) || (Type is null && !IsIntOrText && Definition.Length == 0);

    public IReadOnlyList<string> Required => Words("required");

    public IReadOnlyList<string> Enum => Words("enum");

    /// <summary>What tells the items of a list apart: <c>name</c> for containers, <c>topologyKey</c> and another for constraints.</summary>
    public IReadOnlyList<string> Keys => Words("x-kubernetes-list-map-keys") is { Count: > 0 } keys ? keys : Word("x-kubernetes-patch-merge-key") is { } key ? [key] : [];

    /// <summary>An object of any keys with values of one kind: labels, limits.</summary>
    public Schema? Additional => said.TryGetProperty("additionalProperties", out var value) && value.ValueKind is JsonValueKind.Object ? new(value, book) : null;

    public Schema? Items => said.TryGetProperty("items", out var items) ? new(items, book) : null;

    public bool HasProperties => said.TryGetProperty("properties", out _);

    public IReadOnlyList<string> Properties => said.TryGetProperty("properties", out var all) ? [.. all.EnumerateObject().Select(property => property.Name)] : [];

    public Schema? Property(string name) => said.TryGetProperty("properties", out var all) && all.TryGetProperty(name, out var one) ? new(one, book) : null;

    private bool Is(string key) => said.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True;

    private string? Word(string key) => said.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private IReadOnlyList<string> Words(string key) => said.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray().Select(word => word.ToString())] : [];
}
