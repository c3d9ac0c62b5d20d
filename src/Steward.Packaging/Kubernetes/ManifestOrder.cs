using System.Text.Json.Serialization;
using Steward.Oci;

namespace Steward.Packaging.Kubernetes;

/// <summary>In which form a model goes to a cluster.</summary>
public enum ManifestForm
{
    /// <summary>One Deployment that is rolled over without a gap.</summary>
    Deployment,

    /// <summary>Two Deployments behind one Service; how many pods each has is its share.</summary>
    Canary,

    /// <summary>An InferenceService of KServe.</summary>
    Kserve,
}

/// <summary>What is asked for.</summary>
/// <param name="Model">name@4, name@alias or name.</param>
/// <param name="Image">Where the cluster finds the image: host/name; what the project file says when it is left away.</param>
/// <param name="Beside">The version that a canary runs beside; the one that serves when it is left away.</param>
/// <param name="Share">Percent of the pods that run the canary.</param>
/// <param name="ModelVolume">Where the cluster finds the image of the model alone, to mount it; null when the image holds it.</param>
public sealed record ManifestOrder(string Model, ManifestForm? Form = null, string? Image = null, string? Beside = null, int? Share = null, string? ModelVolume = null)
{
    private const int UsualShare = 10;

    [JsonIgnore]
    public ManifestForm WantedForm => Form ?? ManifestForm.Deployment;

    [JsonIgnore]
    public int WantedShare => Share ?? UsualShare;

    /// <summary>What is left open here is as it was the last time.</summary>
    public ManifestOrder Like(ManifestOrder last)
        => this with { Form = Form ?? last.Form, Image = Image ?? last.Image, Share = Share ?? last.Share, ModelVolume = ModelVolume ?? last.ModelVolume };

    /// <summary>The address of a repository, without tag and digest.</summary>
    internal static string Repository(string what, string said)
    {
        try
        {
            if (ImageReference.Parse(said) is { Tag: null, Digest: null } reference)
                return $"{reference.Host}/{reference.Name}";
        }
        catch (OciException)
        {
            // said below in the words of this place
        }

        throw ProblemException.Invalid("image_invalid", $"'{Names.Shorten(said)}' is not the address of the {what}.", "Write host/name without tag: the digest is added, as in registry.example.com/ml/fruit.");
    }
}
