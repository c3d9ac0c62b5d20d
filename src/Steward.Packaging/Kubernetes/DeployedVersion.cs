using System.Globalization;
using Steward.Kubernetes;
using Steward.Models;

namespace Steward.Packaging.Kubernetes;

/// <summary>One version as it goes to a cluster: its image by digest, and where it comes from.</summary>
/// <param name="Image">host/name@sha256:….</param>
/// <param name="ModelVolume">The image of the model alone; null when the image holds it.</param>
/// <param name="ModelBytes">How large the model's file is.</param>
internal sealed record DeployedVersion(ModelVersion Version, string Image, string? ModelVolume, long ModelBytes)
{
    private const string Prefix = "steward/";

    /// <summary>What one selects and counts by: values that fit into a label.</summary>
    public SortedDictionary<string, string> Labels => new(StringComparer.Ordinal)
    {
        ["app.kubernetes.io/version"] = Version.Version.ToString(CultureInfo.InvariantCulture),
        [Prefix + "model"] = NameRules.ToLabelValue(Version.Model),
        [Prefix + "version"] = Version.Version.ToString(CultureInfo.InvariantCulture),
        [Prefix + "run"] = NameRules.ToLabelValue(Version.Run),
        [Prefix + "data"] = NameRules.ToLabelValue(Version.Data),
        // The first digits tell seals apart; the whole one is an annotation.
        [Prefix + "seal"] = Version.Seal.Digest.Hex[..16],
    };

    /// <summary>The same exactly, and in full.</summary>
    public SortedDictionary<string, string> Annotations
    {
        get
        {
            var exact = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [Prefix + "model"] = Version.Name, [Prefix + "run"] = Version.Run, [Prefix + "data"] = Version.Data,
                [Prefix + "onnx"] = "sha256:" + Version.Onnx.Hex, [Prefix + "seal"] = "sha256:" + Version.Seal.Digest.Hex,
            };
            if (Version.Code is { } code)
                exact[Prefix + "code"] = code;
            return exact;
        }
    }
}
