using System.Text.Json;
using Steward.Blobs;
using Steward.Models;

namespace Steward.Serving;

/// <summary>Fetches what an endpoint should serve from the registry and the blob store.</summary>
internal sealed class ModelSource(IModels models, IPromotions promotions, IBlobs blobs)
{
    public Task<Promotion?> Current(Live live, CancellationToken stop) => promotions.Current(live.Project, live.Model, stop: stop);

    /// <summary>Reads, checks and loads a version; its class names come from its card.</summary>
    public Task<LoadedVersion> Load(Live live, int version, CancellationToken stop) => Load(live.Project, live.Model, version, stop);

    public async Task<LoadedVersion> Load(string project, string model, int version, CancellationToken stop)
        => await Load(await models.Get(project, new Reference(model, version, null), stop), blobs, stop);

    public static async Task<LoadedVersion> Load(ModelVersion found, IBlobs blobs, CancellationToken stop)
    {
        var bytes = await blobs.Read(found.Onnx, stop);
        var labels = found.Artifacts.TryGetValue("card.json", out var card) ? Labels(await blobs.Read(card, stop)) : null;
        return LoadedVersion.Load(found.Version, bytes, labels);
    }

    private static string[]? Labels(byte[] card)
    {
        try
        {
            using var json = JsonDocument.Parse(card);
            return json.RootElement.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Array
                ? [.. labels.EnumerateArray().Select(label => label.ToString())]
                : null;
        }
        catch (JsonException)
        {
            // a card in another form: the model's own entry, or numbers, name the classes
            return null;
        }
    }
}
