namespace Steward.Kubernetes;

/// <summary>How the objects of a set find each other: services their pods, scalers their targets, pods their settings.</summary>
internal sealed class SetRules(IReadOnlyList<ManifestObject> objects, CheckOptions options, List<Finding> findings)
{
    /// <summary>What every namespace has.</summary>
    private static readonly HashSet<string> Given = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];

    public void Check()
    {
        Duplicates();
        foreach (var one in objects.Where(one => !one.IsPatch))
        {
            var report = new Report(findings, one.Title);
            switch (one.Kind)
            {
                case "Service":
                    Service(one, report);
                    break;
                case "HorizontalPodAutoscaler":
                    var target = one.Spec["scaleTargetRef"];
                    if (target["name"].IsThere && target["kind"].Text is { } kind)
                        Demand(one, target["name"], kind, report);
                    break;
                case "PodDisruptionBudget":
                    if (Meeting(one, one.Spec["selector"]).Count == 0)
                        Miss(one.Spec["selector"], report, "target_missing", "No pods of these files meet the selector of the budget.");
                    break;
                case "NetworkPolicy":
                    if (one.Spec["podSelector"].Entries.Any() && Meeting(one, one.Spec["podSelector"]).Count == 0)
                        report.Advise(one.Spec["podSelector"], "target_missing", "No pods of these files meet the selector of the policy.");
                    break;
                case "Ingress":
                    foreach (var backend in one.Spec["rules"].Items.SelectMany(rule => rule["http"]["paths"].Items).Select(path => path["backend"]).Append(one.Spec["defaultBackend"]))
                        Backend(one, backend["service"], report);
                    break;
            }

            foreach (var pods in one.Makes)
                References(one, pods, report);
        }
    }

    private void Duplicates()
    {
        var seen = new Dictionary<(string, string, string?, string), ManifestObject>();
        foreach (var one in objects.Where(one => !one.IsPatch && one.Name.Length > 0))
            if (!seen.TryAdd((one.ApiVersion.Split('/')[0], one.Kind, one.Namespace, one.Name), one) && seen[(one.ApiVersion.Split('/')[0], one.Kind, one.Namespace, one.Name)] is var first)
                new Report(findings, one.Title).Wrong(one.Root["metadata"]["name"], "duplicate_object", $"There is a {one.Title} already, in {first.Root.File} line {first.Root.Line}: one would replace the other.", "Give it another name, or keep one of the two.");
    }

    private void Service(ManifestObject service, Report report)
    {
        var wanted = service.Spec["selector"].Pairs;
        if (wanted.Count == 0)
            return;
        var met = objects.Where(service.IsNear).SelectMany(one => one.Makes).Where(pods => Selector.Plain(wanted, pods.Labels.Pairs) is null).ToList();
        if (met.Count == 0)
        {
            Miss(service.Spec["selector"], report, "target_missing", $"No pods of these files have the labels {Finding.Shown(string.Join(", ", wanted.Select(pair => $"{pair.Key}={pair.Value}")))}: the Service leads nowhere.");
            return;
        }

        var open = met.SelectMany(pods => pods.Ports).ToList();
        foreach (var port in service.Spec["ports"].Items)
            if (port["targetPort"] is { Node: Node.Scalar { Kind: ScalarKind.Text } name } at)
            {
                if (open.All(known => known["name"].Text != name.Text))
                    report.Wrong(at, "port_missing", $"No container behind this Service has a port called '{Finding.Shown(name.Text)}'.", Nearest.Meant(name.Text, [.. open.Select(known => known["name"].Text).OfType<string>()]));
            }
            else if (open.Count > 0 && (port["targetPort"].IsThere ? port["targetPort"] : port["port"]) is { Integer: { } number } spot && open.All(known => known["containerPort"].Integer != number))
                report.Wrong(spot, "port_missing", $"No container behind this Service listens on {number}.", $"They say: {string.Join(", ", open.Select(known => known["containerPort"].Text).Distinct())}.");
    }

    private void Backend(ManifestObject ingress, Spot backend, Report report)
    {
        if (backend["name"].Text is not { } name || Demand(ingress, backend["name"], "Service", report) is not { } service)
            return;
        var ports = service.Spec["ports"].Items.ToList();
        var port = backend["port"];
        if (port["name"].Text is { } named && ports.All(known => known["name"].Text != named))
            report.Wrong(port["name"], "port_missing", $"The Service {Finding.Shown(name)} has no port called '{Finding.Shown(named)}'.");
        else if (port["number"].Integer is { } number && ports.All(known => known["port"].Integer != number))
            report.Wrong(port["number"], "port_missing", $"The Service {Finding.Shown(name)} has no port {number}.");
    }

    private void References(ManifestObject one, Pods pods, Report report)
    {
        if (pods.Spec["serviceAccountName"].IsThere)
            Demand(one, pods.Spec["serviceAccountName"], "ServiceAccount", report);
        foreach (var volume in pods.Spec["volumes"].Items)
        {
            var sources = volume["projected"]["sources"].Items.Select(source => source["configMap"]).Append(volume["configMap"]);
            foreach (var map in sources.Where(map => map["name"].IsThere && !map["optional"].IsTrue))
                Keys(Demand(one, map["name"], "ConfigMap", report), map["items"].Items.Select(item => item["key"]), report);
        }

        foreach (var container in pods.AllContainers)
        {
            foreach (var map in container["envFrom"].Items.Select(from => from["configMapRef"]).Where(map => map["name"].IsThere && !map["optional"].IsTrue))
                Demand(one, map["name"], "ConfigMap", report);
            foreach (var map in container["env"].Items.Select(env => env["valueFrom"]["configMapKeyRef"]).Where(map => map["name"].IsThere && !map["optional"].IsTrue))
                Keys(Demand(one, map["name"], "ConfigMap", report), [map["key"]], report);
        }
    }

    private static void Keys(ManifestObject? map, IEnumerable<Spot> keys, Report report)
    {
        if (map is null || map.Kind != "ConfigMap")
            return;
        var known = map.Root["data"].Entries.Concat(map.Root["binaryData"].Entries).Select(entry => entry.Key).ToList();
        foreach (var key in keys.Where(key => key.Text is { } text && !known.Contains(text)))
            report.Wrong(key, "key_missing", $"The ConfigMap {map.Name} has no key '{Finding.Shown(key.Text!)}'.", Nearest.Meant(key.Text!, known));
    }

    /// <summary>The object of a name; tells when it is neither in the files nor said to be elsewhere.</summary>
    private ManifestObject? Demand(ManifestObject from, Spot name, string kind, Report report)
    {
        var wanted = name.Text ?? "";
        if (objects.FirstOrDefault(one => !one.IsPatch && one.Kind == kind && one.Name == wanted && one.IsNear(from)) is { } found)
            return found;
        if (!Given.Contains($"{kind}/{wanted}") && !options.Elsewhere.Contains($"{kind}/{wanted}", StringComparer.OrdinalIgnoreCase) && !Generated(kind, wanted))
            Miss(name, report, "reference_missing", $"There is no {Finding.Shown(kind)} '{Finding.Shown(wanted)}' in these files.",
                Nearest.Like(wanted, objects.Where(one => one.Kind == kind).Select(one => one.Name)) ?? $"When the cluster has it already: --elsewhere {Finding.Shown(kind).ToLowerInvariant()}/{Finding.Shown(wanted)}");
        return null;
    }

    /// <summary>A Kustomization makes ConfigMaps of its own.</summary>
    private bool Generated(string kind, string name)
        => kind == "ConfigMap" && objects.Any(one => one.Kind == "Kustomization" && one.Root["configMapGenerator"].Items.Any(made => made["name"].Text == name));

    private List<Pods> Meeting(ManifestObject one, Spot selector) => [.. objects.Where(one.IsNear).SelectMany(other => other.Makes).Where(pods => Selector.Unmet(selector, pods.Labels.Pairs) is null)];

    /// <summary>One object alone cannot know what lies beside it.</summary>
    private void Miss(Spot at, Report report, string code, string why, string? attempt = null)
        => report.Add(at, code, objects.Count == 1 ? Level.Advice : Level.Wrong, why, attempt);
}
