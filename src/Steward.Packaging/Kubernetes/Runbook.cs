using System.Globalization;
using System.Text;
using Steward.Models;

namespace Steward.Packaging.Kubernetes;

/// <summary>What whoever is called at night must know, made of what is on record: nothing in it was written by hand.</summary>
/// <param name="Before">The version that served before; null when there was none.</param>
/// <param name="SignOff">The last question to people about the version.</param>
internal sealed record Runbook(ManifestPlan Plan, ModelVersion? Before, SignOff? SignOff, DateTimeOffset Now)
{
    public string Text()
    {
        var (version, name, settings) = (Plan.Version.Version, Plan.Name, Plan.Settings);
        var pod = new PodPlan(name, Plan.Version, settings, Plan.Port, Plan.User);
        var space = settings.Namespace is { } said ? $" -n {said}" : "";
        var text = new StringBuilder($"# {name}: runbook\n\nWritten by `steward k8s write` from what is on record. Changes belong into an overlay; this file is written anew.\n");
        Part(text, "What runs", [
            ("model", $"{version.Name} of {version.Project}"), ("image", Plan.Version.Image), ("model's bytes", "sha256:" + version.Onnx.Hex), ("model's image, mounted", Plan.Version.ModelVolume),
            ("learned from", version.Data), ("run", version.Run), ("code", version.Code), ("seal", $"sha256:{version.Seal.Digest.Hex} ({version.Seal.Words})"), ("beside it", Plan.Stable is { } stable ? $"{stable.Version.Name}, {stable.Image}" : null)]);
        Part(text, "Is it well", [
            ("may requests be sent", $"GET {PodPlan.Ready}: 200, or 503 while it reads its model; asked every {PodPlan.ReadyEvery} s"), ("does it hang", $"GET {PodPlan.Live}: 200; after {PodPlan.RestartAfter} s of silence it is started again"),
            ("what the model takes", $"GET /v2/models/{Plan.Endpoint}"), ("a real question", $"POST /v2/models/{Plan.Endpoint}/picture, or /infer"), ("who may ask", settings.TokenSecret is { } secret ? $"who brings the token of the secret {secret}; health needs none" : "whoever reaches the port")]);
        Commands(text, $"kubectl get pods -l app.kubernetes.io/name={name}{space}", $"kubectl logs -l app.kubernetes.io/name={name}{space} --prefix --tail=100", $"kubectl describe pods -l app.kubernetes.io/name={name}{space}");
        Part(text, "Limits", [
            ("each pod", $"{pod.Cpu.Request} cpu asked for, {pod.Cpu.Limit} at most; {pod.Memory.Request} memory asked for, {pod.Memory.Limit} at most (beyond it the pod is killed and started again)"),
            ("how many", Numbers()), ("rolling over", $"one more first, nobody is taken away before another is ready; a stop finishes what it took within {PodPlan.StopSeconds} s"), ("network", $"asked by {string.Join(", ", settings.Callers.Order(StringComparer.Ordinal).Prepend("pods of its own namespace"))}; asks nobody"),
            ("rights", $"user {Plan.User}, root that cannot be written, no capabilities, no token of the cluster")]);
        text.Append("\n## The way back\n\n");
        text.Append(Before is null ? "No version served before this one.\n" : $"{Before.Name} served before. In the server, for everybody: `steward rollback {Plan.Endpoint} --reason …`. Here:\n");
        Commands(text, [.. Way(name, space)]);
        text.Append("\n## Who agreed\n\n");
        text.Append(Agreed());
        text.Append("\n## What nobody watches here\n\n");
        text.Append("`steward serve` keeps no record of what it is asked: drift, confidence and incidents are watched where the whole server answers. It\ntells no figures of its own either; the cluster's own (restarts, cpu, memory) are what there is.\n");
        return text.ToString();
    }

    private string Numbers() => Plan.Form switch
    {
        ManifestForm.Canary => string.Create(CultureInfo.InvariantCulture, $"{Plan.Split.Canary} of {Plan.Split.All} pods run {Plan.Version.Version.Name} ({Plan.Split.Percent:0.#} % of the requests), the others {Plan.Stable!.Version.Name}; nothing scales them"),
        _ when Plan.Scales => $"{Plan.Settings.Least} to {Plan.Settings.Most}, one more when they use over {ManifestPlan.BusyPercent} % of the asked cpu",
        _ => $"{Plan.Settings.Least}",
    };

    private IEnumerable<string> Way(string name, string space) => Plan.Form switch
    {
        ManifestForm.Canary =>
        [
            $"kubectl scale deployment/{name}-canary --replicas=0{space}",
            $"kubectl delete horizontalpodautoscaler/{name} --ignore-not-found{space}",
        ],
        ManifestForm.Kserve => Rewritten,
        _ => [$"kubectl rollout undo deployment/{name}{space}", $"kubectl rollout status deployment/{name}{space}", $"kubectl delete deployment/{name}-canary --ignore-not-found{space}", .. Rewritten],
    };

    private IEnumerable<string> Rewritten => Before is null ? [] : [$"steward k8s write {Before.Name} --form {Plan.Form.ToString().ToLowerInvariant()} --to . && kubectl apply -k ."];

    private string Agreed()
    {
        if (SignOff is null)
            return "Nobody was asked about this version.\n";
        var text = new StringBuilder($"Sign-off {SignOff.Number}, asked by {Plainly(SignOff.Requester)}: {SignOff.VerdictAt(Now).Words}.\n\n");
        if (SignOff.Seal != Plan.Version.Version.Seal.Digest)
            text.Append("The seal changed since: what people agreed to is not exactly this.\n\n");
        foreach (var party in SignOff.Asked.Parties)
            foreach (var vote in SignOff.Approvals(party.Party))
                text.Append(CultureInfo.InvariantCulture, $"- {Plainly(vote.Name)} for {Plainly(party.Party)}, {vote.At:yyyy-MM-dd}\n");
        return text.ToString();
    }

    private static void Part(StringBuilder text, string title, IEnumerable<(string What, string? Said)> lines)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| | |\n|---|---|\n");
        foreach (var (what, said) in lines.Where(line => line.Said is not null))
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {Plainly(said!)} |\n");
    }

    private static void Commands(StringBuilder text, params string[] commands)
    {
        if (commands.Length > 0)
            text.Append('\n').AppendJoin('\n', commands.Select(command => "    " + command)).Append('\n');
    }

    /// <summary>A word of somebody, so that it is read as that word: no table, no link, no code and no line of its own comes of it.</summary>
    private static string Plainly(string word)
        => string.Concat(Names.Shorten(word, 300).Select(c => c is '|' or '`' or '[' or ']' or '<' or '>' or '*' or '_' or '\\' ? $"\\{c}" : $"{c}"));
}
