using Steward.Audit;
using Steward.Events;
using Steward.Identity;
using Steward.Storage;

namespace Steward.Models;

/// <summary>Runs the gates of the project file over a version and keeps what they said.</summary>
internal sealed class Gatekeeping(Db db, Policies policies, Champion champion, IEnumerable<IGate> gates, IAudit audit, IEvents events, TimeProvider clock)
{
    public async Task<VersionRecord> Check(Who who, VersionRecord record, CancellationToken stop)
    {
        var policy = await policies.Of(record.Project, stop);
        var version = record.As(policy, null, null, clock.GetUtcNow());
        // Looked up before the gates look: when another one is promoted meanwhile, the check counts as outdated.
        var against = (await champion.Of(record.Project, record.Model, record.Version, stop))?.Version;
        var results = new List<GateResult>();
        foreach (var spec in policy.Gates)
            results.Add(await Run(version, spec, stop));
        var check = new GateCheck(policy.Digest, results, clock.GetUtcNow(), against);
        var failed = results.Where(result => !result.Passed).Select(result => result.Title).ToList();
        await db.Write(async tx =>
        {
            await VersionStore.Keep(tx, record, check);
            await audit.Write(tx, who, "model.checked", record.Project, record.Name, new { passed = failed.Count == 0, failed, policy = policy.Digest.Hex });
            await events.Publish(tx, new GatesChecked(record.Project, record.Model, record.Version, failed.Count == 0, failed));
        }, stop);
        return record with { Check = check };
    }

    // A gate that nobody furnishes counts as failed: a check that did not happen must not pass.
    private async Task<GateResult> Run(ModelVersion version, GateSpec spec, CancellationToken stop)
        => gates.FirstOrDefault(gate => gate.Name == spec.Kind()) is { } gate
            ? await gate.Check(version, spec, stop)
            : new(spec.Kind(), spec.Kind(), false, "not checked", "", $"Nothing here can check '{Names.Shorten(spec.Kind())}'.", "Remove this gate from steward.yaml, or mend its name.");
}
