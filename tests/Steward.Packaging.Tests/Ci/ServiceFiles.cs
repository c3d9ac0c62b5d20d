using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Steward.Packaging.Tests.Ci;

/// <summary>
/// A strict reader of what GitLab and Azure Pipelines take, as far as our files go: every key must be one that the service documents at
/// that place, every value of its kind, and every name that is referred to must be there.
/// </summary>
internal sealed class ServiceFiles
{
    private static readonly string[] AzureStep = ["displayName", "condition", "env", "name", "enabled", "timeoutInMinutes", "continueOnError"];
    private readonly List<string> _complaints = [];

    public static IReadOnlyList<string> GitLab(string text)
    {
        var reader = new ServiceFiles();
        var root = reader.Map(Load(text), "file", null);
        var stages = reader.List(root.GetValueOrDefault("stages"), "stages").Select(stage => reader.Text(stage, "stages")).ToList();
        var jobs = root.Where(one => one.Key is not ("stages" or "variables" or "workflow" or "default")).Select(one => one.Key).ToList();
        foreach (var (name, value) in reader.Map(root.GetValueOrDefault("variables"), "variables", null))
            if (value is YamlMappingNode)
            {
                var one = reader.Map(value, name, ["value", "expand", "description", "options"]);
                reader.Text(one["value"], name);
                reader.Bool(one.GetValueOrDefault("expand"), name);
            }
        reader.Rules(reader.Map(root.GetValueOrDefault("workflow"), "workflow", ["rules", "name", "auto_cancel"]).GetValueOrDefault("rules"), "workflow");
        if (root.TryGetValue("default", out var usual))
            reader.Image(reader.Map(usual, "default", ["image", "tags", "cache", "artifacts", "before_script", "after_script", "interruptible", "retry", "services", "timeout", "hooks", "id_tokens"]).GetValueOrDefault("image"));
        foreach (var job in jobs)
            reader.GitLabJob(reader.Map(root[job], job, ["stage", "needs", "rules", "resource_group", "script", "cache", "artifacts", "environment", "timeout", "allow_failure"]), job, stages, jobs);
        return reader._complaints;
    }

    public static IReadOnlyList<string> Azure(string text)
    {
        var reader = new ServiceFiles();
        var root = reader.Map(Load(text), "file", ["name", "trigger", "pr", "pool", "variables", "stages", "resources", "parameters", "schedules"]);
        reader.Text(root["name"], "name");
        var trigger = reader.Map(root["trigger"], "trigger", ["batch", "branches", "paths", "tags"]);
        reader.Bool(trigger.GetValueOrDefault("batch"), "batch");
        reader.List(reader.Map(trigger["branches"], "branches", ["include", "exclude"])["include"], "include").ForEach(one => reader.Text(one, "include"));
        reader.Map(root["pool"], "pool", ["vmImage", "name", "demands"]);
        foreach (var variable in reader.List(root["variables"], "variables"))
            reader.Map(variable, "variables", ((YamlMappingNode)variable).Children.ContainsKey("group") ? ["group"] : ["name", "value", "readonly"]);
        var known = new List<string>();
        foreach (var stage in reader.List(root["stages"], "stages"))
        {
            var one = reader.Map(stage, "stage", ["stage", "displayName", "dependsOn", "condition", "variables", "jobs", "pool"]);
            if (one.TryGetValue("dependsOn", out var on) && !known.Contains(reader.Text(on, "dependsOn")))
                reader._complaints.Add($"{on} is no stage before it");
            known.Add(reader.Text(one["stage"], "stage"));
            reader.List(one["jobs"], "jobs").ForEach(reader.AzureJob);
        }

        return reader._complaints;
    }

    private void GitLabJob(Dictionary<string, YamlNode> job, string name, List<string> stages, List<string> jobs)
    {
        if (!stages.Contains(Text(job["stage"], name)))
            _complaints.Add($"{name}: no such stage");
        if (job.TryGetValue("needs", out var needs) && List(needs, name).Exists(need => !jobs.Contains(Text(need, name))))
            _complaints.Add($"{name}: needs a job that is not there");
        Rules(job.GetValueOrDefault("rules"), name);
        if (List(job["script"], name) is var script && (script.Count == 0 || script.Exists(line => string.IsNullOrWhiteSpace(Text(line, name)))))
            _complaints.Add($"{name}: no script");
        if (job.TryGetValue("cache", out var cache))
            List(Map(Map(cache, name, ["key", "paths", "policy", "when"])["key"], name, ["files", "prefix"])["files"], name);
        if (job.TryGetValue("artifacts", out var artifacts) && Map(artifacts, name, ["when", "name", "paths", "expire_in", "exclude", "reports"]) is var kept && Text(kept["when"], name) is not ("always" or "on_success" or "on_failure"))
            _complaints.Add($"{name}: artifacts.when");
        if (job.TryGetValue("environment", out var environment))
            Text(Map(environment, name, ["name", "url", "action", "on_stop", "deployment_tier"])["name"], name);
        if (job.TryGetValue("allow_failure", out var allowed))
            List(Map(allowed, name, ["exit_codes"])["exit_codes"], name).ForEach(code => Number(code, name));
    }

    private void Rules(YamlNode? rules, string where)
    {
        foreach (var rule in rules is null ? [] : List(rules, where))
            Text(Map(rule, where, ["if", "when", "changes", "exists", "allow_failure", "variables"])["if"], where);
    }

    private void Image(YamlNode? image)
    {
        if (image is not null)
            Text(Map(image, "image", ["name", "entrypoint", "pull_policy", "docker"])["name"], "image");
    }

    private void AzureJob(YamlNode node)
    {
        var deployment = ((YamlMappingNode)node).Children.ContainsKey("deployment");
        var job = Map(node, "job", deployment ? ["deployment", "displayName", "environment", "timeoutInMinutes", "container", "strategy", "condition", "pool"] : ["job", "displayName", "timeoutInMinutes", "container", "steps", "condition", "pool", "dependsOn"]);
        Number(job["timeoutInMinutes"], "timeoutInMinutes");
        var steps = deployment ? Map(Map(Map(job["strategy"], "strategy", ["runOnce", "rolling", "canary"])["runOnce"], "runOnce", ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on"])["deploy"], "deploy", ["steps", "pool"])["steps"] : job["steps"];
        foreach (var step in List(steps, "steps"))
        {
            var kind = ((YamlScalarNode)((YamlMappingNode)step).Children.First().Key).Value!;
            var one = Map(step, kind, [kind, .. AzureStep, .. kind switch
            {
                "script" => (string[])["workingDirectory", "failOnStderr"],
                "checkout" => ["persistCredentials", "clean", "fetchDepth", "lfs", "submodules", "path"],
                "task" => ["inputs"],
                "publish" => ["artifact"],
                "download" => ["artifact", "patterns", "path"],
                _ => ["is no kind of step"],
            }]);
            Text(one[kind], kind);
            foreach (var (name, value) in one.TryGetValue("env", out var variables) ? Map(variables, "env", null) : [])
                Text(value, name);
        }
    }

    private static YamlNode Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }

    /// <param name="allowed">The keys that may stand there; null for names of the file's own choice.</param>
    private Dictionary<string, YamlNode> Map(YamlNode? node, string where, string[]? allowed)
    {
        if (node is not YamlMappingNode map)
        {
            _complaints.Add($"{where}: no mapping");
            return [];
        }

        var all = map.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => pair.Value);
        _complaints.AddRange(all.Keys.Where(key => allowed?.Contains(key) == false).Select(key => $"{where}: '{key}' is no key here"));
        return all;
    }

    private List<YamlNode> List(YamlNode? node, string where)
    {
        if (node is YamlSequenceNode list)
            return [.. list];
        _complaints.Add($"{where}: no list");
        return [];
    }

    private string Text(YamlNode node, string where)
    {
        if (node is YamlScalarNode { Value: { } text })
            return text;
        _complaints.Add($"{where}: no text");
        return "";
    }

    private void Bool(YamlNode? node, string where)
    {
        if (node is not null && Text(node, where) is not ("true" or "false"))
            _complaints.Add($"{where}: neither true nor false");
    }

    private void Number(YamlNode node, string where)
    {
        if (!int.TryParse(Text(node, where), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            _complaints.Add($"{where}: no number");
    }
}
