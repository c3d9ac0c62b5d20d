using System.Globalization;

namespace Steward.Packaging.Kubernetes;

/// <summary>The pod of one version: what <c>steward serve</c> needs and answers, and no right beyond it.</summary>
internal sealed record PodPlan(string Name, DeployedVersion Version, PackageKubernetes Settings, int Port, int User)
{
    /// <summary>Answered by <c>steward serve</c> without credentials.</summary>
    public const string Live = "/v2/health/live", Ready = "/v2/health/ready";

    /// <summary>Time for the cluster to stop sending before the program stops taking, and then to finish what it took.</summary>
    public const int DrainSeconds = 5, StopSeconds = 30;

    /// <summary>A start takes at most this long: a large model is read and warmed first.</summary>
    public const int StartSeconds = 120;

    public const int ReadyEvery = 5, LiveEvery = 10, LiveFailures = 3;

    /// <summary>So long without an answer, and it is started again.</summary>
    public const int RestartAfter = LiveEvery * LiveFailures;

    private const int StartEvery = 2;

    /// <summary>What pods are spread over: nodes, then zones.</summary>
    private static readonly string[] Apart = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

    private const long ScratchStep = 64L << 20;

    public AmountRange Cpu => AmountRange.Parse(Settings.Cpu)!;

    public AmountRange Memory => AmountRange.Parse(Settings.Memory)!;

    /// <summary>The spec of a pod, with <paramref name="spread"/> over nodes and zones by the labels that tell these pods apart.</summary>
    public Dictionary<string, object?> Spec(string container, IReadOnlyDictionary<string, string> spread) => new()
    {
        ["serviceAccountName"] = Name,
        ["automountServiceAccountToken"] = false,
        ["enableServiceLinks"] = false,
        ["terminationGracePeriodSeconds"] = StopSeconds,
        ["securityContext"] = new { runAsNonRoot = true, runAsUser = User, runAsGroup = User, seccompProfile = new { type = "RuntimeDefault" } },
        ["imagePullSecrets"] = Settings.PullSecret is { } secret ? new object[] { new { name = secret } } : null,
        ["topologySpreadConstraints"] = Apart
            .Select(key => new { maxSkew = 1, topologyKey = key, whenUnsatisfiable = "ScheduleAnyway", labelSelector = new { matchLabels = spread } }).ToArray(),
        ["containers"] = new object[] { Container(container) },
        ["volumes"] = Volumes(),
    };

    private object Container(string name) => new
    {
        name,
        image = Version.Image,
        imagePullPolicy = "IfNotPresent",
        args = new[] { "serve", "/model", "--bind", "0.0.0.0", "--port", Port.ToString(CultureInfo.InvariantCulture), "--plain" },
        ports = new[] { new { name = "http", containerPort = Port, protocol = "TCP" } },
        envFrom = new[] { new { configMapRef = new { name = Name } } },
        env = Settings.TokenSecret is { } secret ? new object[] { new { name = "STEWARD_SERVE_TOKEN", valueFrom = new { secretKeyRef = new { name = secret, key = "token" } } } } : null,
        resources = new { requests = new { cpu = Cpu.Request, memory = Memory.Request }, limits = new { cpu = Cpu.Limit, memory = Memory.Limit } },
        startupProbe = new { httpGet = Get(Ready), periodSeconds = StartEvery, timeoutSeconds = 2, failureThreshold = StartSeconds / StartEvery },
        readinessProbe = new { httpGet = Get(Ready), periodSeconds = ReadyEvery, timeoutSeconds = 2, failureThreshold = 2 },
        livenessProbe = new { httpGet = Get(Live), periodSeconds = LiveEvery, timeoutSeconds = 5, failureThreshold = LiveFailures },
        // The image has no shell to sleep with; the cluster does it.
        lifecycle = new { preStop = new { sleep = new { seconds = DrainSeconds } } },
        securityContext = new { allowPrivilegeEscalation = false, readOnlyRootFilesystem = true, privileged = false, capabilities = new { drop = new[] { "ALL" } } },
        volumeMounts = Mounts(),
    };

    private static object Get(string path) => new { path, port = "http", scheme = "HTTP" };

    private object[] Mounts()
    {
        object scratch = new { name = "scratch", mountPath = "/tmp" };
        return Version.ModelVolume is null ? [scratch] : [scratch, new { name = "model", mountPath = "/model", subPath = "model", readOnly = true }];
    }

    /// <summary>The one place that can be written: a private copy of the model, from which it is loaded.</summary>
    private object[] Volumes()
    {
        var steps = (Version.ModelBytes + ScratchStep - 1) / ScratchStep + 1;
        object scratch = new { name = "scratch", emptyDir = new { sizeLimit = $"{steps * ScratchStep >> 20}Mi" } };
        return Version.ModelVolume is { } reference ? [scratch, new { name = "model", image = new { reference, pullPolicy = "IfNotPresent" } }] : [scratch];
    }
}
