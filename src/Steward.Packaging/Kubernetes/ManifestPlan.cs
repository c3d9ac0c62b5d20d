using System.Text;
using Steward.Kubernetes;
using Steward.Oci;

namespace Steward.Packaging.Kubernetes;

/// <summary>A model in a cluster, in one of its forms, as files: the same plan gives the same bytes.</summary>
/// <param name="Endpoint">The name under which the model answers.</param>
/// <param name="Stable">The version that a canary runs beside; null in the other forms.</param>
internal sealed record ManifestPlan(ManifestForm Form, string Project, string Endpoint, DeployedVersion Version, DeployedVersion? Stable, int Share, PackageKubernetes Settings, int Port, int User)
{
    private const string KeyOfName = "app.kubernetes.io/name", KeyOfTrack = "steward/track";

    /// <summary>Percent of the asked cpu above which there are more pods.</summary>
    public const int BusyPercent = 70;

    /// <summary>Settings of the .NET runtime: the model's own memory lies outside its heap, so the heap gets half (0x32 percent).</summary>
    private static readonly SortedDictionary<string, string> Runtime = new(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimitPercent"] = "32", ["DOTNET_gcServer"] = "0" };

    /// <summary>What the objects are called.</summary>
    public string Name { get; } = NameRules.ToLabel(Endpoint, LongestName);

    private const int LongestName = 52;

    public CanarySplit Split => CanarySplit.Of(Share, Settings.Least, Settings.Most);

    /// <summary>Whether something changes how many there are.</summary>
    public bool Scales => Form is not ManifestForm.Canary && Settings.Most > Settings.Least;

    private SortedDictionary<string, string> Selected => new(StringComparer.Ordinal) { [KeyOfName] = Name };

    private SortedDictionary<string, string> Common => new(StringComparer.Ordinal)
    {
        [KeyOfName] = Name, ["app.kubernetes.io/managed-by"] = "steward", ["app.kubernetes.io/part-of"] = NameRules.ToLabelValue(Project),
    };

    /// <summary>Files by name, in the order of their names.</summary>
    public SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["configmap.yaml"] = Write(new { apiVersion = "v1", kind = "ConfigMap", metadata = Metadata(Name), data = Runtime }),
            ["networkpolicy.yaml"] = Write(NetworkPolicy()),
            ["poddisruptionbudget.yaml"] = Write(Budget()),
            ["serviceaccount.yaml"] = Write(new { apiVersion = "v1", kind = "ServiceAccount", metadata = Metadata(Name), automountServiceAccountToken = false }),
        };
        if (Form is ManifestForm.Kserve)
            files["inferenceservice.yaml"] = Write(InferenceService());
        else
        {
            files["service.yaml"] = Write(Service());
            files["deployment.yaml"] = Write(Deployment(Stable ?? Version, "stable"));
        }

        if (Form is ManifestForm.Canary)
            files["deployment-canary.yaml"] = Write(Deployment(Version, "canary"));
        if (Form is ManifestForm.Deployment && Scales)
            files["horizontalpodautoscaler.yaml"] = Write(Scaler());
        var resources = files.Keys.ToList();
        files["kustomization.yaml"] = Write(new { apiVersion = "kustomize.config.k8s.io/v1beta1", kind = "Kustomization", @namespace = Settings.Namespace, resources });
        return files;
    }

    private static string Write(object manifest) => ManifestWriter.Write(manifest);

    private object Metadata(string name, DeployedVersion? version = null) => new
    {
        name,
        @namespace = Settings.Namespace,
        labels = Merged(Common, version?.Labels),
        annotations = version?.Annotations,
    };

    private object Deployment(DeployedVersion version, string track)
    {
        var selected = Merged(Selected, new SortedDictionary<string, string>(StringComparer.Ordinal) { [KeyOfTrack] = track });
        return new
        {
            apiVersion = "apps/v1",
            kind = "Deployment",
            metadata = Metadata(track == "canary" ? $"{Name}-canary" : Name, version),
            spec = new
            {
                // Where a scaler decides, a number here would undo what it did with every apply.
                replicas = Form is ManifestForm.Canary ? track == "canary" ? Split.Canary : Split.Stable : Scales ? (int?)null : Settings.Least,
                revisionHistoryLimit = 5,
                minReadySeconds = 5,
                progressDeadlineSeconds = 300,
                // Nobody is taken away before another is ready.
                strategy = new { type = "RollingUpdate", rollingUpdate = new { maxUnavailable = 0, maxSurge = 1 } },
                selector = new { matchLabels = selected },
                template = new
                {
                    metadata = new { labels = Merged(Merged(Common, version.Labels), selected), annotations = PodAnnotations(version) },
                    spec = Pod(version).Spec("model", selected),
                },
            },
        };
    }

    private object InferenceService() => new
    {
        apiVersion = "serving.kserve.io/v1beta1",
        kind = "InferenceService",
        // Plain Deployments: what hardens a pod needs no feature flags of Knative there. Newer KServe calls it Standard and takes both words.
        metadata = new { name = Name, @namespace = Settings.Namespace, labels = Merged(Common, Version.Labels), annotations = Merged(Version.Annotations, new SortedDictionary<string, string>(StringComparer.Ordinal) { ["serving.kserve.io/deploymentMode"] = "RawDeployment" }) },
        spec = new
        {
            predictor = Predictor(),
        },
    };

    private Dictionary<string, object?> Predictor()
    {
        var predictor = new Dictionary<string, object?>
        {
            ["minReplicas"] = Settings.Least, ["maxReplicas"] = Settings.Most, ["scaleMetric"] = "cpu", ["scaleTarget"] = BusyPercent,
            ["deploymentStrategy"] = new { type = "RollingUpdate", rollingUpdate = new { maxUnavailable = 0, maxSurge = 1 } },
            ["labels"] = Merged(Merged(Common, Version.Labels), Selected),
            ["annotations"] = PodAnnotations(Version),
        };
        foreach (var (key, value) in Pod(Version).Spec("kserve-container", Selected))
            predictor[key] = value;
        return predictor;
    }

    private object Service() => new
    {
        apiVersion = "v1",
        kind = "Service",
        metadata = Metadata(Name),
        spec = new { type = "ClusterIP", selector = Selected, ports = new[] { new { name = "http", port = 80, targetPort = "http", protocol = "TCP", appProtocol = "http" } } },
    };

    private object Scaler() => new
    {
        apiVersion = "autoscaling/v2",
        kind = "HorizontalPodAutoscaler",
        metadata = Metadata(Name),
        spec = new
        {
            scaleTargetRef = new { apiVersion = "apps/v1", kind = "Deployment", name = Name },
            minReplicas = Settings.Least,
            maxReplicas = Settings.Most,
            metrics = new[] { new { type = "Resource", resource = new { name = "cpu", target = new { type = "Utilization", averageUtilization = BusyPercent } } } },
            behavior = new { scaleDown = new { stabilizationWindowSeconds = 300 } },
        },
    };

    private object Budget() => new
    {
        apiVersion = "policy/v1",
        kind = "PodDisruptionBudget",
        metadata = Metadata(Name),
        spec = new { maxUnavailable = 1, unhealthyPodEvictionPolicy = "AlwaysAllow", selector = new { matchLabels = Selected } },
    };

    /// <summary>It may be asked, and asks nobody: no way out, not even for names.</summary>
    private object NetworkPolicy()
    {
        object own = new { podSelector = new { } };
        var from = Settings.Callers.Order(StringComparer.Ordinal).Select(object (caller) => new { namespaceSelector = new { matchLabels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = caller } } }).Prepend(own).ToArray();
        return new
        {
            apiVersion = "networking.k8s.io/v1",
            kind = "NetworkPolicy",
            metadata = Metadata(Name),
            spec = new { podSelector = new { matchLabels = Selected }, policyTypes = new[] { "Ingress", "Egress" }, ingress = new[] { new { from, ports = new[] { new { port = "http", protocol = "TCP" } } } }, egress = Array.Empty<object>() },
        };
    }

    /// <summary>With the digest of the settings: pods are rolled over when these change, which a ConfigMap alone would not do.</summary>
    private static SortedDictionary<string, string> PodAnnotations(DeployedVersion version)
        => Merged(version.Annotations, new SortedDictionary<string, string>(StringComparer.Ordinal) { ["steward/settings"] = OciDigest.Of(Encoding.UTF8.GetBytes(ManifestWriter.Write(new { Runtime }))).Hex[..16] });

    private PodPlan Pod(DeployedVersion version) => new(Name, version, Settings, Port, User);

    private static SortedDictionary<string, string> Merged(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string>? more)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in all.Concat(more ?? new Dictionary<string, string>()))
            merged[key] = value;
        return merged;
    }
}
