using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Onnx;
using Steward.Storage;

namespace Steward.Models;

internal sealed class Registry(
    Db db, VersionStore store, SignOffStore signOffs, PromotionStore promotions, Policies policies, Gatekeeping gatekeeping,
    IBlobs blobs, IAudit audit, IEvents events, TimeProvider clock) : IModels
{
    public async Task<ModelVersion> Register(Who who, NewVersion asked, CancellationToken stop)
    {
        who.Demand(Permission.Edit, asked.Project);
        Names.Check("model", asked.Model);
        var signature = await SignatureOf(asked.Onnx, stop);
        // Numbers that JSON cannot hold are no evidence: a metric that is NaN or infinite was not measured.
        var metrics = asked.Metrics.Where(metric => double.IsFinite(metric.Value)).ToDictionary();
        var record = await db.Write(async tx =>
        {
            if (await VersionStore.Made(tx, asked.Project, asked.Run, asked.Study) is { } before)
                return before;
            var number = await VersionStore.NextNumber(tx, asked.Project, asked.Model);
            var made = new VersionRecord(Names.NewId(), asked.Project, asked.Model, number, asked.Run, asked.Data, asked.Onnx, asked.Artifacts, metrics, signature, asked.Code, who.Name, clock.GetUtcNow(), null) { Lineage = asked.Lineage };
            await VersionStore.Add(tx, made, asked.Study);
            await audit.Write(tx, who, "model.registered", asked.Project, made.Name, new { onnx = asked.Onnx.Hex, asked.Run, asked.Data });
            await events.Publish(tx, new VersionRegistered(asked.Project, asked.Model, number, asked.Run, who.Name));
            return made;
        }, stop);
        // After a crash between the two, hearing of the run again checks it.
        if (record.Check is null)
            record = await gatekeeping.Check(who, record, stop);
        return await Whole(record, stop);
    }

    public async Task<ModelVersion> Check(Who who, string project, string model, int version, CancellationToken stop)
    {
        who.Demand(Permission.Edit, project);
        var record = await store.Find(project, model, version, stop) ?? throw Inspector.NotFound(model, version);
        return await Whole(await gatekeeping.Check(who, record, stop), stop);
    }

    public async Task<ModelVersion?> Find(string project, Reference reference, CancellationToken stop)
    {
        var version = reference.Version ?? (await promotions.Current(project, reference.Name, reference.Alias!, stop))?.Version;
        return version is { } number && await store.Find(project, reference.Name, number, stop) is { } record ? await Whole(record, stop) : null;
    }

    public async Task<ModelVersion> Get(string project, Reference reference, CancellationToken stop) => await Find(project, reference, stop)
        ?? throw ProblemException.NotFound("model version", reference.ToString(), "steward model list shows what there is.");

    public async Task<List<RegisteredModel>> All(string project, CancellationToken stop)
    {
        var policy = await policies.Of(project, stop);
        var last = (await signOffs.Last(project, null, null, stop)).ToDictionary(one => (one.Model, one.Version));
        var aliases = (await promotions.All(project, stop)).ToDictionary(one => (one.Model, one.Alias));
        return [.. (await store.Newest(project, stop)).Select(record => new RegisteredModel(project, record.Model,
            record.As(policy, last.GetValueOrDefault((record.Model, record.Version)), aliases.GetValueOrDefault((record.Model, policy.SignOff.Stage))?.Version, clock.GetUtcNow()),
            aliases.GetValueOrDefault((record.Model, Promotion.Production))))];
    }

    public async Task<List<ModelVersion>> Versions(string project, string model, CancellationToken stop)
    {
        var policy = await policies.Of(project, stop);
        var last = (await signOffs.Last(project, model, null, stop)).ToDictionary(one => one.Version);
        var serving = await promotions.Current(project, model, policy.SignOff.Stage, stop);
        return [.. (await store.All(project, model, stop)).Select(record => record.As(policy, last.GetValueOrDefault(record.Version), serving?.Version, clock.GetUtcNow()))];
    }

    private async Task<ModelVersion> Whole(VersionRecord record, CancellationToken stop)
    {
        var last = (await signOffs.Last(record.Project, record.Model, record.Version, stop)).FirstOrDefault();
        var policy = await policies.Of(record.Project, stop);
        return record.As(policy, last, (await promotions.Current(record.Project, record.Model, policy.SignOff.Stage, stop))?.Version, clock.GetUtcNow());
    }

    private async Task<Signature> SignatureOf(Digest onnx, CancellationToken stop)
    {
        var bytes = await blobs.Read(onnx, stop);
        try
        {
            var said = OnnxCheck.Require(bytes).Signature;
            return new([.. said.Inputs.Select(Port)], [.. said.Outputs.Select(Port)]);
        }
        catch (OnnxRefusedException refused)
        {
            throw ProblemException.Invalid("onnx_invalid", $"The model cannot be registered: {refused.Findings[0].Sentence}", "Export it to plain ONNX, in one file, with standard operators.");
        }
    }

    private static Port Port(SignatureValue value) => new(value.Name, value.Kind == "tensor" ? value.Type.ToString().ToLowerInvariant() : value.Kind, [.. (value.Shape ?? []).Select(dim => dim.ToString())]);
}
