namespace Steward.Kubernetes;

/// <summary>One object of a set, as it stands in its file.</summary>
internal sealed class ManifestObject(Spot root, bool isPatch)
{
    private static readonly string[] PartsOfKServe = ["predictor", "transformer", "explainer"];

    public Spot Root => root;

    /// <summary>Named by a Kustomization as a patch: it says only what it changes.</summary>
    public bool IsPatch => isPatch;

    public string ApiVersion { get; } = root["apiVersion"].Text ?? "";

    public string Kind { get; } = root["kind"].Text ?? "";

    public string Name { get; } = root["metadata"]["name"].Text ?? "";

    /// <summary>Null where whoever applies it decides.</summary>
    public string? Namespace { get; } = root["metadata"]["namespace"].Text;

    public string Title => Finding.Shown($"{Kind} {Name}".Trim());

    public Spot Spec => root["spec"];

    /// <summary>The pods that it makes: where they are described, and the labels they get.</summary>
    public IReadOnlyList<Pods> Makes { get; } = [.. Describe(root)];

    /// <summary>Whether the two may be in one namespace.</summary>
    public bool IsNear(ManifestObject other) => Namespace is null || other.Namespace is null || Namespace == other.Namespace;

    private static IEnumerable<Pods> Describe(Spot root) => root["kind"].Text switch
    {
        "Pod" => [new(root["spec"], root["metadata"]["labels"])],
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "ReplicationController" or "Job" => [Template(root["spec"]["template"])],
        "CronJob" => [Template(root["spec"]["jobTemplate"]["spec"]["template"])],
        // KServe makes pods of these, with the labels of the object and of the part.
        "InferenceService" => PartsOfKServe.Select(part => root["spec"][part]).Where(part => part.IsThere).Select(part => new Pods(part, part["labels"])),
        _ => [],
    };

    private static Pods Template(Spot template) => new(template["spec"], template["metadata"]["labels"]);
}

/// <param name="Spec">The description of the pod: containers, volumes.</param>
internal sealed record Pods(Spot Spec, Spot Labels)
{
    public IEnumerable<Spot> Containers => Spec["containers"].Items;

    public IEnumerable<Spot> AllContainers => Containers.Concat(Spec["initContainers"].Items);

    public IEnumerable<Spot> Ports => AllContainers.SelectMany(container => container["ports"].Items);
}
