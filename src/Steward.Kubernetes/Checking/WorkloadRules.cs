namespace Steward.Kubernetes;

/// <summary>What a schema cannot say of single objects: selectors that meet their own template, schedules, one of two.</summary>
internal static class WorkloadRules
{
    private static readonly string[] Counts = ["replicas", "minReadySeconds", "parallelism", "completions"];

    public static void Check(ManifestObject one, Report report)
    {
        if (one.IsPatch)
            return;
        switch (one.Kind)
        {
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet":
                SelectsItself(one, report);
                Restarts(one, report, "Always");
                Rolling(one.Spec["strategy"], report);
                break;
            case "Job" or "CronJob":
                Restarts(one, report, "OnFailure", "Never");
                break;
            case "Service":
                if (!one.Spec["ports"].Items.Any() && one.Spec["type"].Text != "ExternalName" && one.Spec["clusterIP"].Text != "None")
                    report.Wrong(one.Spec["ports"], "missing", "A Service without ports leads nowhere.");
                foreach (var unnamed in one.Spec["ports"].Items.Where(port => !port["name"].IsThere && one.Spec["ports"].Items.Count() > 1))
                    report.Wrong(unnamed["name"], "missing", "Where there are several ports, each has a name.");
                break;
            case "PodDisruptionBudget":
                if (one.Spec["minAvailable"].IsThere == one.Spec["maxUnavailable"].IsThere)
                    report.Wrong(one.Spec["maxUnavailable"], "one_of", "A budget says either minAvailable or maxUnavailable.", "Keep one.");
                break;
            case "HorizontalPodAutoscaler":
                if (one.Spec["minReplicas"].Integer is { } least && one.Spec["maxReplicas"].Integer is { } most && least > most)
                    report.Wrong(one.Spec["minReplicas"], "out_of_range", $"At least {least} and at most {most} cannot both be.", "Exchange the two.");
                break;
        }

        if (one.Kind == "CronJob" && one.Spec["schedule"].Text is { } schedule && Cron.Wrong(schedule) is { } why)
            report.Wrong(one.Spec["schedule"], "cron_invalid", $"'{Finding.Shown(schedule)}' is no schedule: {why}.", "Five minutes past each hour is: 5 * * * *");
        foreach (var count in Counts.Select(key => one.Spec[key]).Where(count => count.Integer < 0))
            report.Wrong(count, "out_of_range", "It cannot be less than 0.");
        if (one.Kind is "ConfigMap" or "Secret" && one.Root["data"].Entries.Concat(one.Root["binaryData"].Entries).Concat(one.Root["stringData"].Entries).Sum(entry => entry.Value.Text?.Length ?? 0) > 1 << 20)
            report.Wrong(one.Root["data"], "too_large", $"A {one.Kind} holds at most 1 MiB.");
    }

    private static void SelectsItself(ManifestObject one, Report report)
    {
        var selector = one.Spec["selector"];
        if (!selector.IsThere || one.Makes is not [{ Spec.IsThere: true } pods])
            return;
        if (selector["matchLabels"].Pairs.Count == 0 && !selector["matchExpressions"].Items.Any())
            report.Wrong(selector, "selector_empty", "The selector selects nothing in particular.", "Write matchLabels with a label of the template.");
        else if (Selector.Unmet(selector, pods.Labels.Pairs) is { } unmet)
            report.Wrong(selector["matchLabels"].IsThere ? selector["matchLabels"] : selector, "selector_unmet", $"The pods of its own template do not meet the selector: {unmet}.", "Give template and selector the same labels.");
    }

    private static void Restarts(ManifestObject one, Report report, params string[] allowed)
    {
        if (one.Makes is [var pods] && pods.Spec.IsThere && pods.Spec["restartPolicy"].Text is var policy && !(policy is null ? allowed.Contains("Always") : allowed.Contains(policy)))
            report.Wrong(pods.Spec["restartPolicy"], policy is null ? "missing" : "not_allowed", $"The pods of a {one.Kind} have restartPolicy {string.Join(" or ", allowed)}.");
    }

    private static void Rolling(Spot strategy, Report report)
    {
        if (strategy["type"].Text == "Recreate" && strategy["rollingUpdate"].IsThere)
            report.Wrong(strategy["rollingUpdate"], "one_of", "What is recreated is not rolled.", "Leave rollingUpdate away, or write type: RollingUpdate.");
        if (strategy["rollingUpdate"]["maxSurge"].Text is "0" or "0%" && strategy["rollingUpdate"]["maxUnavailable"].Text is "0" or "0%")
            report.Wrong(strategy["rollingUpdate"]["maxUnavailable"], "out_of_range", "With maxSurge 0 and maxUnavailable 0 no pod could ever be replaced.");
    }
}
