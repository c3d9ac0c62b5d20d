using System.Globalization;
using System.Text;
using System.Text.Json;
using Steward.Blobs;
using Steward.Models;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>The layers that are about the model: its bytes, and what people may want to know of it where it runs.</summary>
internal static class ModelCard
{
    /// <summary>Kept with the model when its run has them: its card, how it was evaluated, its environment, its story.</summary>
    private static readonly string[] Told = ["card.json", "evaluation.json"];

    private static readonly string[] Environment = ["steward.lock", "requirements.txt", "environment.yml", "conda.yaml", "python_env.yaml", "renv.lock", "Manifest.toml"];

    /// <summary>What changes when the model changes, and nothing else: bytes, labels, name and number.</summary>
    public static async Task<LayerFiles> Model(ModelVersion version, string endpoint, IBlobs blobs, CancellationToken stop)
    {
        var size = await blobs.Size(version.Onnx, stop) ?? throw ProblemException.NotFound("blob", version.Onnx.Hex);
        var about = new ModelFolder(version.Project, version.Model, version.Version, version.Onnx, endpoint, await Labels(version, blobs, stop));
        return new LayerFiles()
            .Add($"model/{ModelFolder.AboutFile}", Json.Write(about) + "\n")
            .Add($"model/{ModelFolder.OnnxFile}", size, () => blobs.Open(version.Onnx).GetAwaiter().GetResult()!);
    }

    public static async Task<LayerFiles> Card(ModelVersion version, IBlobs blobs, CancellationToken stop)
    {
        var files = new LayerFiles().Add("card/CARD.md", Text(version));
        foreach (var (name, digest) in version.Artifacts.Where(one => Told.Contains(one.Key) || one.Key.StartsWith("story.", StringComparison.Ordinal)))
            files.Add($"card/{name}", await blobs.Read(digest, stop));
        return files;
    }

    /// <summary>The lock of the environment that the model was made in; null when its run kept none.</summary>
    public static async Task<LayerFiles?> Locked(ModelVersion version, IBlobs blobs, CancellationToken stop)
    {
        var files = new LayerFiles();
        foreach (var (name, digest) in version.Artifacts.Where(one => Environment.Contains(one.Key)))
            files.Add($"environment/{name}", await blobs.Read(digest, stop));
        return files.Count == 0 ? null : files;
    }

    public static Dictionary<string, string> Labels(ModelVersion version)
    {
        var labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.title"] = version.Model,
            ["org.opencontainers.image.version"] = version.Version.ToString(CultureInfo.InvariantCulture),
            ["org.opencontainers.image.description"] = $"{version.Name} of {version.Project}, learned from {version.Data}",
            ["steward.project"] = version.Project, ["steward.model"] = version.Model, ["steward.version"] = version.Version.ToString(CultureInfo.InvariantCulture),
            ["steward.data"] = version.Data, ["steward.run"] = version.Run, ["steward.onnx"] = "sha256:" + version.Onnx.Hex,
        };
        if (version.Code is not null)
            labels["org.opencontainers.image.revision"] = version.Code;
        return labels;
    }

    private static string Text(ModelVersion version)
    {
        var text = new StringBuilder($"# {version.Name}\n\nProject {version.Project}. Learned from {version.Data} in run {version.Run}{(version.Code is null ? "" : $", code {version.Code}")}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Model sha256:{version.Onnx.Hex}.\n\nTakes {string.Join(", ", version.Signature.Inputs)}. Gives {string.Join(", ", version.Signature.Outputs)}.\n\n| metric | value |\n|---|---:|\n");
        foreach (var (key, value) in version.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {key.Replace("|", "\\|", StringComparison.Ordinal)} | {value:0.####} |\n");
        return text.ToString();
    }

    private static async Task<IReadOnlyList<string>?> Labels(ModelVersion version, IBlobs blobs, CancellationToken stop)
    {
        if (!version.Artifacts.TryGetValue("card.json", out var card))
            return null;
        try
        {
            using var json = JsonDocument.Parse(await blobs.Read(card, stop));
            return json.RootElement.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Array ? [.. labels.EnumerateArray().Select(label => label.ToString())] : null;
        }
        catch (JsonException)
        {
            // a card in another form: the model's own entry, or numbers, name the classes
            return null;
        }
    }
}
