using System.Text;
using System.Text.Json;
using Steward.Audit;
using Steward.Identity;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>Everything about a version that somebody may rely on when they say yes.</summary>
internal sealed record Evidence(
    IReadOnlyDictionary<string, double> Metrics, string Data, string Run, IReadOnlyDictionary<string, string> Artifacts, IReadOnlyList<GateResult> Gates)
{
    /// <summary>Left out of the seal where it is null: seals from before it was kept stay what they were.</summary>
    public Lineage? Lineage { get; init; }

    public static Evidence Of(IReadOnlyDictionary<string, double> metrics, string data, string run, IReadOnlyDictionary<string, Digest> artifacts, IReadOnlyList<GateResult> gates, Lineage? lineage)
        => new(metrics, data, run, artifacts.ToDictionary(pair => pair.Key, pair => pair.Value.Hex), [.. gates.Select(gate => gate.Lasting)]) { Lineage = lineage };
}

/// <summary>The evidence as files: the version with metrics, gates and seal; the votes with their keys; what the audit has about both.</summary>
internal sealed class EvidencePart(ISignOffs signOffs, IPeople people, IAuditRecord audit, TimeProvider clock) : IBundlePart
{
    public async Task<IReadOnlyList<BundleFile>> Of(ModelVersion version, BundleWish wish, CancellationToken stop)
    {
        var files = new List<BundleFile> { Text(EvidenceFiles.Version, Json.Write(version) + "\n") };
        var entries = await audit.About(version.Project, version.Name, stop);
        if (await signOffs.Last(version.Project, version.Model, version.Version, stop) is { } last)
        {
            files.Add(BundleFile.Of(EvidenceFiles.SignOff, await SignOffProof.Of(last, people, clock.GetUtcNow(), stop)));
            entries = [.. entries.Concat(await audit.About(version.Project, $"signoff {last.Number}", stop)).OrderBy(entry => entry.Number)];
        }

        files.Add(Text(EvidenceFiles.Audit, string.Concat(entries.Select(entry => Json.Write(entry) + "\n"))));
        return files;
    }

    private static BundleFile Text(string path, string text) => BundleFile.Of(path, Encoding.UTF8.GetBytes(text));
}

/// <summary>What the files of the evidence prove by themselves, without the server that wrote them.</summary>
public static class EvidenceFiles
{
    public const string Version = "evidence/version.json", SignOff = "evidence/signoff.json", Audit = "evidence/audit.jsonl";

    /// <summary>The version that the file tells; null, and a complaint, when it cannot be read or its seal is not of what it tells.</summary>
    public static ModelVersion? ReadVersion(string json, ICollection<string> complaints)
    {
        try
        {
            if (Json.Read<ModelVersion>(json) is { Seal: not null, Metrics: not null, Artifacts: not null, Gates: not null, Model: not null, Project: not null, Data: not null, Run: not null } version && version.Gates.All(gate => gate is not null))
            {
                if (Seal.Of(version.Onnx, Evidence.Of(version.Metrics, version.Data, version.Run, version.Artifacts, version.Gates, version.Lineage), version.Seal.Policy).Digest != version.Seal.Digest)
                    complaints.Add($"The seal of {Names.Shorten(version.Name)} is not of the metrics, files and gates that are told: somebody changed them, or left some out.");
                return version;
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException or ProblemException or InvalidOperationException)
        {
            // said below: whatever it is, nobody can rely on it
        }

        complaints.Add("What is told of the version cannot be read.");
        return null;
    }

    /// <summary>What the votes come to, in a word; complaints when they do not hold, or are about something else.</summary>
    public static string ReadSignOff(string json, ModelVersion? about, ICollection<string> complaints)
    {
        try
        {
            var said = Proof.Read(json);
            var proof = Proof.Of(said, [], about?.Onnx);
            foreach (var complaint in proof.Complaints)
                complaints.Add(complaint);
            if (about is not null && (said.Model, said.Version, said.Project) != (about.Model, about.Version, about.Project))
                complaints.Add($"The votes are about {Names.Shorten(said.Model)}@{said.Version}, not about {about.Name}.");
            else if (about is not null && said.Seal != about.Seal.Digest)
                complaints.Add($"The votes are about the seal {said.Words}, and the version has {about.Seal.Words} now: people were asked before something changed.");
            return proof.Verdict.Words;
        }
        catch (Exception refused) when (refused is ProblemException or InvalidOperationException)
        {
            complaints.Add("The votes cannot be read.");
            return "unknown";
        }
    }

    /// <summary>Every entry's hash is computed again.</summary>
    public static int ReadAudit(string lines, ICollection<string> complaints)
    {
        var all = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in all)
            try
            {
                var entry = Json.Read<AuditEntry>(line);
                if (entry.HashOf() != entry.Hash)
                    complaints.Add($"Entry {entry.Number} of the audit was changed after it was written.");
            }
            catch (JsonException)
            {
                complaints.Add("A line of the audit cannot be read.");
            }

        return all.Length;
    }
}
