namespace Steward.Kubernetes;

/// <summary>What a schema cannot say of a pod: names that meet, amounts that fit, and what runs better.</summary>
internal static class PodRules
{
    private static readonly string[] Probes = ["startupProbe", "readinessProbe", "livenessProbe"], Handlers = ["httpGet", "tcpSocket", "exec", "grpc"];

    public static void Check(ManifestObject one, Pods pods, Report report)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var volumes = Volumes(pods.Spec, report);
        foreach (var container in pods.AllContainers)
        {
            NameRules.Container(container, report);
            if (container["name"].Text is { } name && !names.Add(name) && container.Path.Contains("initContainers", StringComparison.Ordinal))
                report.Wrong(container["name"], "duplicate_item", $"A container is called '{Finding.Shown(name)}' already.", "Give it another name.");
            Image(one, container, report);
            Resources(container["resources"], report);
            Ports(container, report);
            foreach (var mount in container["volumeMounts"].Items.Where(mount => mount["name"].Text is { } volume && !volumes.Contains(volume) && !one.IsPatch && one.Kind != "StatefulSet"))
                report.Wrong(mount["name"], "volume_missing", $"There is no volume '{Finding.Shown(mount["name"].Text!)}' in this pod.", Nearest.Meant(mount["name"].Text!, volumes) ?? "Add it under volumes.");
            foreach (var env in container["env"].Items.Where(env => env["value"].IsThere && env["valueFrom"].IsThere))
                report.Wrong(env["valueFrom"], "one_of", "A variable has either a value or valueFrom.", "Keep one.");
            foreach (var probe in Probes.Append("lifecycle").Select(kind => container[kind]).Where(probe => probe.IsThere))
                Probe(container, probe, one, report);
        }

        if (!one.IsPatch)
            foreach (var container in pods.Containers)
                Advise(one, pods, container, report);
    }

    private static HashSet<string> Volumes(Spot spec, Report report)
    {
        foreach (var volume in spec["volumes"].Items)
            if (volume.Entries.Where(entry => entry.Key != "name").ToList() is { Count: > 1 } sources)
                report.Wrong(volume, "one_of", "A volume holds one thing.", "Keep one of: " + string.Join(", ", sources.Select(source => Finding.Shown(source.Key))) + ".");
        return [.. spec["volumes"].Items.Select(volume => volume["name"].Text).OfType<string>()];
    }

    private static void Image(ManifestObject one, Spot container, Report report)
    {
        // KServe puts the image of a known runtime in by itself.
        if (!container["image"].IsThere)
        {
            if (!one.IsPatch && one.Kind != "InferenceService")
                report.Wrong(container["image"], "missing", "The container has no image.", "Write image: host/name@sha256:….");
            return;
        }

        if (container["image"].Text is not { } image)
            return;
        if (image.Length == 0 || image.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || image.Contains("//", StringComparison.Ordinal))
            report.Wrong(container["image"], "image_invalid", $"'{Finding.Shown(image)}' names no image.", "Write host/name:tag or host/name@sha256:…, without http://.");
        else if (!image.Contains("@sha256:", StringComparison.Ordinal))
            report.Advise(container["image"], "image_moves", Tag(image) is null or "latest" ? $"'{Finding.Shown(image)}' is whatever is the latest when a pod starts." : $"'{Finding.Shown(image)}' is a tag, which somebody can move.", "Name it by its digest: …@sha256:….");
        else if (image.Split("@sha256:")[1] is not { Length: 64 } digest || digest.Any(c => !char.IsAsciiHexDigitLower(c)))
            report.Wrong(container["image"], "image_invalid", "The digest of the image is not 64 hex digits.");
    }

    private static string? Tag(string image) => image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[(colon + 1)..] : null;

    private static void Resources(Spot resources, Report report)
    {
        foreach (var (key, said) in resources["requests"].Entries.Concat(resources["limits"].Entries))
            if (key is "memory" or "ephemeral-storage" && Quantity.Parse(said.Text) is { IsWhole: false })
                report.Wrong(said, "half_a_byte", $"{Finding.Shown(said.Text!)} is less than whole bytes: m means thousandths.", $"Did you mean '{Finding.Shown(said.Text!.TrimEnd('m', 'u', 'n'))}Mi'?");
            else if (Quantity.Parse(said.Text) is { Value: < 0 })
                report.Wrong(said, "out_of_range", "An amount of less than nothing cannot be had.");
        foreach (var (key, request) in resources["requests"].Entries)
            if (Quantity.Parse(request.Text) is { } asked && Quantity.Parse(resources["limits"][key].Text) is { } most && asked > most)
                report.Wrong(request, "request_over_limit", $"It asks for {Finding.Shown(request.Text!)} of {Finding.Shown(key)} and may use {Finding.Shown(resources["limits"][key].Text!)} at most.", "Ask for less, or allow more.");
    }

    private static void Ports(Spot container, Report report)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in container["ports"].Items)
        {
            if (port["containerPort"].Integer is < 1 or > 65535)
                report.Wrong(port["containerPort"], "out_of_range", "A port is 1 to 65535.");
            if (port["name"].Text is not { } name)
                continue;
            if (name.Length > 15 || !NameRules.IsLabel(name) || !name.Any(char.IsAsciiLetter) || name.Contains("--", StringComparison.Ordinal))
                report.Wrong(port["name"], "name_invalid", $"'{Finding.Shown(name)}' cannot be the name of a port.", "At most 15 lower-case letters, digits and dashes, one of them a letter.");
            else if (!names.Add(name))
                report.Wrong(port["name"], "duplicate_item", $"A port of this container is called '{Finding.Shown(name)}' already.", "Give it another name.");
        }
    }

    private static void Probe(Spot container, Spot probe, ManifestObject one, Report report)
    {
        var hooks = probe.Path.EndsWith(".lifecycle", StringComparison.Ordinal) ? probe.Entries.Select(entry => entry.Value).ToList() : [probe];
        foreach (var hook in hooks)
            foreach (var port in new[] { hook["httpGet"]["port"], hook["tcpSocket"]["port"] }.Where(port => port.IsThere))
                if (port.Integer is < 1 or > 65535)
                    report.Wrong(port, "out_of_range", "A port is 1 to 65535.");
                else if (port.Node is Node.Scalar { Kind: ScalarKind.Text } name && !one.IsPatch && container["ports"].Items.All(known => known["name"].Text != name.Text))
                    report.Wrong(port, "port_missing", $"The container has no port called '{Finding.Shown(name.Text)}'.", Nearest.Meant(name.Text, [.. container["ports"].Items.Select(known => known["name"].Text).OfType<string>()]) ?? "Name one under ports, or write its number.");
        if (hooks is [var only] && only == probe && !one.IsPatch && Handlers.Count(kind => probe[kind].IsThere) != 1)
            report.Wrong(probe, "one_of", $"A probe asks in exactly one way: {string.Join(", ", Handlers)}.");
        if (!probe.Path.EndsWith("readinessProbe", StringComparison.Ordinal) && probe["successThreshold"].Integer is { } threshold and not 1)
            report.Wrong(probe["successThreshold"], "out_of_range", $"Here it must be 1, not {threshold}.");
    }

    private static void Advise(ManifestObject one, Pods pods, Spot container, Report report)
    {
        if (one.Kind is not ("Job" or "CronJob" or "InferenceService"))
            foreach (var (probe, why) in new[] { ("readinessProbe", "requests reach it before it can answer"), ("livenessProbe", "nobody notices when it hangs") })
                if (!container[probe].IsThere)
                    report.Advise(container, "no_" + (probe == "readinessProbe" ? "readiness" : "liveness"), $"Without {probe}, {why}.");
        if (!container["resources"]["limits"]["memory"].IsThere)
            report.Advise(container, "no_limit", "Without a limit of memory it can take the whole node's.", "Write resources: {limits: {memory: …}}.");
        if (!container["resources"]["requests"]["cpu"].IsThere && !container["resources"]["limits"]["cpu"].IsThere)
            report.Advise(container, "no_request", "Without a request of cpu it is placed as if it needed none, and cannot be scaled by its use.");
        if (!container["securityContext"]["runAsNonRoot"].IsTrue && !pods.Spec["securityContext"]["runAsNonRoot"].IsTrue)
            report.Advise(container, "may_be_root", "It may run as root.", "Write securityContext: {runAsNonRoot: true}.");
        if (!container["securityContext"]["allowPrivilegeEscalation"].IsFalse)
            report.Advise(container, "may_gain_rights", "It may gain more rights than it started with.", "Write securityContext: {allowPrivilegeEscalation: false}.");
    }
}
