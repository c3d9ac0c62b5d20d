using System.Text.RegularExpressions;
using Steward.Kubernetes;

namespace Steward.Engines.Kubernetes;

/// <summary>A namespace of a Kubernetes cluster (1.33 or newer).</summary>
public sealed partial record KubernetesSettings
{
    /// <summary>The kubeconfig file; without one, the service account of the pod that this server runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Of the kubeconfig; its current context when not said.</summary>
    public string? Context { get; init; }

    public string Namespace { get; init; } = "default";

    /// <summary>The image that commands run in; better by its digest: <c>host/name@sha256:…</c>.</summary>
    public string Image { get; init; } = "";

    /// <summary>The program <c>steward</c> in that image, for what Steward itself does in it.</summary>
    public string Program { get; init; } = "/app/steward";

    public string? PullSecret { get; init; }

    public string? ServiceAccount { get; init; }

    public string? PriorityClass { get; init; }

    /// <summary>The LocalQueue of Kueue that decides when jobs begin.</summary>
    public string? Queue { get; init; }

    /// <summary>The user that commands run as; never root.</summary>
    public int User { get; init; } = 10001;

    /// <summary>A volume claim that this server has mounted at <see cref="Folder"/>; pods see it under the same path.</summary>
    public string? Claim { get; init; }

    public string? Folder { get; init; }

    /// <summary>How long the cluster keeps a job that is over, with its logs.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the cluster may be silent before waiting for a job is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    public KubernetesSettings Checked()
    {
        if (Image.Length == 0 || Image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw Wrong("image", Image, "Name the image that commands run in: image: host/name@sha256:…");
        if (!NameRules.IsLabel(Namespace))
            throw Wrong("namespace", Namespace, "Use lower-case letters, digits and dashes.");
        foreach (var (key, name) in new[] { ("pull_secret", PullSecret), ("service_account", ServiceAccount), ("priority_class", PriorityClass), ("queue", Queue), ("claim", Claim) })
            if (name is not null && !NameRules.IsSubdomain(name))
                throw Wrong(key, name, "Use lower-case letters, digits, dashes and dots.");
        if (User < 1)
            throw Wrong("user", $"{User}", "Commands never run as root: write a number above 0.");
        if (Claim is null != Folder is null || Folder is not null && !PlainPath().IsMatch(Folder))
            throw Wrong("folder", Folder ?? "", "A claim and the folder where this server has it mounted belong together: claim: work, folder: /shared");
        if (Keep < TimeSpan.FromMinutes(1) || Keep > TimeSpan.FromDays(30))
            throw Wrong("keep", Say.Span(Keep), "Write 1m to 30d.");
        return this;
    }

    private static ProblemException Wrong(string key, string value, string tryThis) => ProblemException.Invalid("setting_invalid", $"'{Names.Shorten(value)}' cannot be its {key}.", tryThis);

    [GeneratedRegex(@"^(/[A-Za-z0-9_.-]+)+\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainPath();
}
