using System.Text.Json.Nodes;

namespace Steward.Engines.Tests.Doubles;

/// <summary>What an API server checks of a Job beyond its schema (k8s.io/kubernetes/pkg/apis/batch/validation), and what the restricted pod security standard asks.</summary>
internal static class JobRules
{
    private const int LongestName = 63;

    public static string? Complaint(JsonObject job, string space)
    {
        var (meta, spec) = (job["metadata"]!, job["spec"]!);
        var pod = spec["template"]!["spec"]!;
        var indexed = (string?)spec["completionMode"] == "Indexed";
        if ((string?)meta["namespace"] != space)
            return $"the namespace of the object ({meta["namespace"]}) is not that of the request ({space})";
        if ((string?)pod["restartPolicy"] is not ("Never" or "OnFailure"))
            return "spec.template.spec.restartPolicy: Required value: valid values: OnFailure, Never";
        if (indexed && spec["completions"] is null)
            return "spec.completions: Required value: when completion mode is Indexed";
        if (spec["backoffLimitPerIndex"] is not null && !indexed)
            return "spec.backoffLimitPerIndex: Invalid value: requires indexed completion mode";
        if ((spec["backoffLimitPerIndex"] is not null || spec["podFailurePolicy"] is not null) && (string?)pod["restartPolicy"] != "Never")
            return "spec.template.spec.restartPolicy: Invalid value: only Never is supported with a pod failure policy";
        if (indexed && ((string)meta["name"]!).Length + 1 + $"{(int)spec["completions"]! - 1}".Length > LongestName)
            return "metadata.name: Invalid value: will not able to create pod with invalid DNS label";
        var containers = pod["containers"]!.AsArray().Select(one => (string?)one!["name"]).ToHashSet();
        foreach (var rule in spec["podFailurePolicy"]?["rules"]?.AsArray() ?? [])
        {
            if (rule!["onExitCodes"] is null == rule["onPodConditions"] is null)
                return "spec.podFailurePolicy.rules: Invalid value: specifying one of OnExitCodes and OnPodConditions is required";
            if (rule["onExitCodes"]?["containerName"] is { } named && !containers.Contains((string?)named))
                return "spec.podFailurePolicy.rules.onExitCodes.containerName: Invalid value: must be one of the container names";
            if ((string?)rule["onExitCodes"]?["operator"] == "In" && rule["onExitCodes"]!["values"]!.AsArray().Any(code => (int)code! == 0))
                return "spec.podFailurePolicy.rules.onExitCodes.values: Invalid value: must not be 0 for the In operator";
        }

        return null;
    }

    public static string? Insecure(JsonObject job)
    {
        var pod = job["spec"]!["template"]!["spec"]!;
        if ((bool?)pod["securityContext"]?["runAsNonRoot"] != true || (int?)pod["securityContext"]?["runAsUser"] is 0)
            return "runAsNonRoot != true";
        if ((string?)pod["securityContext"]?["seccompProfile"]?["type"] != "RuntimeDefault")
            return "seccompProfile";
        foreach (var container in pod["containers"]!.AsArray())
        {
            var security = container!["securityContext"];
            if ((bool?)security?["allowPrivilegeEscalation"] != false)
                return "allowPrivilegeEscalation != false";
            if (security["capabilities"]?["drop"]?.AsArray().Any(one => (string?)one == "ALL") != true)
                return "unrestricted capabilities";
        }

        return pod["volumes"]?.AsArray().Any(volume => volume!["hostPath"] is not null) == true ? "restricted volume types" : null;
    }
}
