using System.Security.Cryptography;
using Steward.Blobs;

namespace Steward.Models;

/// <summary>Looks at a version as it is now: stored bytes, evidence, policy in force, last sign-off.</summary>
internal sealed class Inspector(VersionStore versions, SignOffStore signOffs, PromotionStore promotions, Policies policies, IBlobs blobs, TimeProvider clock)
{
    /// <summary>Reads the bytes of the model and of every file of its evidence too, so that a changed byte shows.</summary>
    public async Task<Inspected> Look(string project, string model, int version, CancellationToken stop)
    {
        var record = await versions.Find(project, model, version, stop) ?? throw NotFound(model, version);
        var policy = await policies.Of(project, stop);
        var last = (await signOffs.Last(project, model, version, stop)).FirstOrDefault();
        var serving = await promotions.Current(project, model, policy.SignOff.Stage, stop);
        var stored = record with { Onnx = await StoredBytes(record.Onnx, stop), Artifacts = await StoredBytes(record.Artifacts, stop) };
        var intact = stored.Onnx == record.Onnx && record.Artifacts.All(file => stored.Artifacts[file.Key] == file.Value);
        return new(record, policy, last, stored.SealUnder(policy), record.As(policy, last, serving?.Version, clock.GetUtcNow()), intact);
    }

    public static ProblemException NotFound(string model, int version) => ProblemException.NotFound("model version", $"{Names.Shorten(model)}@{version}", "steward model list shows what there is.");

    private async Task<Dictionary<string, Digest>> StoredBytes(IReadOnlyDictionary<string, Digest> files, CancellationToken stop)
    {
        var stored = new Dictionary<string, Digest>();
        foreach (var (file, name) in files)
            stored[file] = await StoredBytes(name, stop);
        return stored;
    }

    /// <summary>The digest of what the store holds now under this name; of what is gone or damaged some other one, which shows it.</summary>
    private async Task<Digest> StoredBytes(Digest name, CancellationToken stop)
    {
        await using var bytes = await blobs.Open(name, stop);
        if (bytes is null)
            return Digest.Of("gone " + name.Hex);
        try
        {
            return Digest.FromHash(await SHA256.HashDataAsync(bytes, stop));
        }
        catch (InvalidDataException)
        {
            // The store saw it first: the bytes do not match their name.
            return Digest.Of("damaged " + name.Hex);
        }
    }
}

/// <param name="Seal">Made from what is stored now.</param>
/// <param name="Intact">Whether the stored bytes are the registered ones.</param>
internal sealed record Inspected(VersionRecord Record, Policy Policy, SignOff? Last, Seal Seal, ModelVersion Version, bool Intact)
{
    public void DemandGates()
    {
        DemandIntact();
        switch (Version.Stage)
        {
            case Stage.Registered { Since: { } since }:
                throw new ProblemException(ProblemKind.GateFailed, "gate_failed", $"{Version.Name} was checked against another version than {Version.Model}@{since}, which serves now.", $"steward model check {Version.Name}");
            case Stage.Registered:
                throw new ProblemException(ProblemKind.GateFailed, "gate_failed", $"{Version.Name} is not checked under the gates in force.", $"steward model check {Version.Name}");
            case Stage.GateFailed { Failed: var failed }:
                throw new ProblemException(ProblemKind.GateFailed, "gate_failed",
                    $"{Version.Name} may not serve: " + string.Join("; ", failed.Select(gate => $"{gate.Title}, measured {gate.Whole}")) + ".",
                    failed.Select(gate => gate.Try).FirstOrDefault(help => help is not null) ?? $"steward model check {Version.Name}");
        }
    }

    /// <summary>Refuses unless gates and people agreed on exactly what is here now.</summary>
    public void DemandApproved()
    {
        DemandGates();
        if (Version.Stage is Stage.Approved)
            return;
        var why = Version.Stage switch
        {
            Stage.AwaitingSignOff waits => $"sign-off {waits.SignOff} waits for {string.Join(", ", waits.Missing)}",
            Stage.Rejected no => $"{no.By} rejected it in sign-off {no.SignOff}: {no.Reason}",
            Stage.Expired gone => $"sign-off {gone.SignOff} expired before everybody agreed",
            _ => $"nobody was asked yet about this seal ({string.Join(", ", Policy.SignOff.Parties.Select(party => party.Party))} must agree)",
        };
        throw new ProblemException(ProblemKind.WaitingForPeople, "waiting_for_people", $"{Version.Name} may not serve yet: {why}.",
            Version.Stage is Stage.AwaitingSignOff open ? $"steward signoff show {open.SignOff}" : $"steward signoff request {Version.Name}");
    }

    private void DemandIntact()
    {
        if (!Intact)
            throw ProblemException.Conflict("seal_changed", $"The stored bytes of {Version.Name}, or of the files with its evidence, are not the ones that were registered.", "steward doctor looks at the store; register the model again.");
    }
}
