namespace Steward.Kubernetes;

/// <param name="Name">As it is told in findings.</param>
public sealed record ManifestFile(string Name, string Text);

/// <summary>What a check may take for granted.</summary>
public sealed record CheckOptions
{
    /// <summary>Objects that the cluster has already: <c>configmap/settings</c>.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>Groups of custom resources that are not looked into: <c>monitoring.coreos.com</c>.</summary>
    public IReadOnlyList<string> Custom { get; init; } = [];

    /// <summary>Files without any apiVersion or kind are somebody's own and left out, as in a folder of many things.</summary>
    public bool PassOver { get; init; }
}

/// <summary>What was found, in the order of files and lines.</summary>
/// <param name="Objects">How many were looked at.</param>
/// <param name="PassedOver">Files in which there is no manifest.</param>
public sealed record CheckResult(IReadOnlyList<Finding> Findings, int Objects, IReadOnlyList<string> PassedOver)
{
    public IEnumerable<Finding> Wrong => Findings.Where(finding => finding.Level is Level.Wrong);

    public IEnumerable<Finding> Advice => Findings.Where(finding => finding.Level is Level.Advice);
}

/// <summary>
/// Checks manifests as strictly as a cluster of Kubernetes 1.36 would, and further: how they fit together. It needs no
/// cluster and no network.
/// </summary>
public static class ManifestCheck
{
    private static readonly string[] Parts = ["apiVersion", "kind", "metadata", "spec", "data"];

    public static CheckResult Run(IReadOnlyList<ManifestFile> files, CheckOptions? options = null)
    {
        options ??= new();
        var (findings, passed, roots) = (new List<Finding>(), new List<string>(), new List<Spot>());
        foreach (var file in files)
        {
            var told = new List<Finding>();
            var documents = new ManifestReader(file.Name, told).Read(file.Text).SelectMany(node => Listed(new(file.Name, "", node.Line, node))).ToList();
            if (options.PassOver && !documents.Exists(one => one["kind"].IsThere || one["apiVersion"].IsThere))
            {
                if (told.Count == 0)
                    passed.Add(file.Name);
                else
                    findings.AddRange(told);
                continue;
            }

            findings.AddRange(told);
            roots.AddRange(documents);
        }

        var patches = Patches(roots);
        var objects = roots.ConvertAll(root => new ManifestObject(root, patches.Contains(root.File)));
        foreach (var one in objects)
            Check(one, options, objects, findings);
        new SetRules(objects, options, findings).Check();
        var order = files.Select((file, i) => (file.Name, i)).DistinctBy(file => file.Name).ToDictionary(file => file.Name, file => file.i, StringComparer.Ordinal);
        return new([.. findings.OrderBy(finding => order[finding.File]).ThenBy(finding => finding.Line).ThenBy(finding => finding.Path, StringComparer.Ordinal).ThenBy(finding => finding.Code, StringComparer.Ordinal)], objects.Count, passed);
    }

    /// <summary>The objects of a List, one by one.</summary>
    private static IEnumerable<Spot> Listed(Spot root) => root["kind"].Text == "List" && root["apiVersion"].Text == "v1" ? root["items"].Items : [root];

    private static void Check(ManifestObject one, CheckOptions options, IReadOnlyList<ManifestObject> all, List<Finding> findings)
    {
        var report = new Report(findings, one.Title);
        if (one.Root.Node is not Node.Mapping)
        {
            report.Wrong(one.Root, "wrong_type", "A manifest is keys and values.");
            return;
        }

        var schema = Known(one, options, all, report);
        if (schema is not { } known)
            return;
        new SchemaCheck(report, one.IsPatch).Check(one.Root, known);
        if (!one.IsPatch && !one.Spec.IsThere && known.Property("spec")?.Followed.Required.Count > 0)
            report.Wrong(one.Spec, "missing", $"A {Finding.Shown(one.Kind)} has a spec.");
        NameRules.Check(one, report);
        foreach (var pods in one.Makes)
            PodRules.Check(one, pods, report);
        WorkloadRules.Check(one, report);
    }

    private static Schema? Known(ManifestObject one, CheckOptions options, IReadOnlyList<ManifestObject> all, Report report)
    {
        foreach (var missing in Parts.Take(2).Where(key => one.Root[key].Text is not { Length: > 0 } && !(one.Kind == "Kustomization" && key == "apiVersion")))
            report.Wrong(one.Root[missing], "missing", $"The document has no {missing}: nobody knows what it describes.", one.Root.Entries.Select(entry => entry.Key).Except(Parts).FirstOrDefault(key => Nearest.Like(key, [missing]) is not null) is { } like ? $"Is '{Finding.Shown(like)}' it?" : null);
        var book = SchemaBook.Kubernetes;
        var version = one.Kind == "Kustomization" && one.ApiVersion.Length == 0 ? "kustomize.config.k8s.io/v1beta1" : one.ApiVersion;
        if (version.Length == 0 || one.Kind.Length == 0)
            return null;
        if (book.Find(version, one.Kind) is { } found)
            return found;
        var group = version.Split('/')[0];
        if (options.Custom.Contains(group) || all.Any(other => other.Kind == "CustomResourceDefinition" && other.Spec["group"].Text == group && other.Spec["names"]["kind"].Text == one.Kind))
            report.Advise(one.Root["kind"], "not_looked_into", $"What a {Finding.Shown(one.Kind)} of {Finding.Shown(group)} holds is not known here and was not checked.");
        else if (book.KindsIn(version).ToList() is { Count: > 0 } kinds)
            report.Wrong(one.Root["kind"], "unknown_kind", $"There is no {Finding.Shown(one.Kind)} in {Finding.Shown(version)}.", book.VersionsOf(one.Kind).FirstOrDefault() is { } right ? $"It is in {right}." : Nearest.Meant(one.Kind, kinds));
        else
            report.Wrong(one.Root["apiVersion"], "unknown_version", $"Kubernetes {SchemaBook.Version} has no {Finding.Shown(version)}.",
                book.VersionsOf(one.Kind).FirstOrDefault(now => IsOfKubernetes(group) || now.StartsWith(group + '/', StringComparison.Ordinal)) is { } now ? $"Write {now}."
                : IsOfKubernetes(group) ? Nearest.Like(version, book.ApiVersions)
                : $"A custom resource? Put its definition beside, or say so: --custom {Finding.Shown(group)}");
        return null;
    }

    /// <summary>Groups without a dot and those of k8s.io belong to Kubernetes itself.</summary>
    private static bool IsOfKubernetes(string group) => !group.Contains('.', StringComparison.Ordinal) || group.EndsWith(".k8s.io", StringComparison.Ordinal);

    /// <summary>The files that Kustomizations of the set name as patches, from where they lie.</summary>
    private static HashSet<string> Patches(List<Spot> roots) => [.. from root in roots
        where root["kind"].Text == "Kustomization"
        from patch in root["patches"].Items.Select(patch => patch["path"].Text).Concat(root["patchesStrategicMerge"].Items.Select(patch => patch.Text))
        where patch is not null && !patch.Contains('\n', StringComparison.Ordinal)
        select Beside(root.File, patch)];

    private static string Beside(string file, string other)
    {
        var parts = (file.Contains('/', StringComparison.Ordinal) ? file[..file.LastIndexOf('/')].Split('/').ToList() : []);
        foreach (var step in other.Split('/'))
            if (step == ".." && parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (step is not ("." or ""))
                parts.Add(step);
        return string.Join('/', parts);
    }
}
