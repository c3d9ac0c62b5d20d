using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Kubernetes;
using Steward.Models;
using Steward.Packaging.Images;
using Steward.Projects;
using Steward.Storage;

namespace Steward.Packaging.Kubernetes;

/// <summary>Puts together what a model needs in a cluster, from the records; checked as a cluster would before anybody gets it.</summary>
internal sealed class ManifestWork(IModels models, IPromotions promotions, ISignOffs signOffs, IProjects projects, IBlobs blobs, ImageStore images, ManifestStore store, IAudit audit, IEvents events, Db db, TimeProvider clock)
{
    public const string RunbookFile = "RUNBOOK.md";

    /// <summary>Puts it together and keeps that it was written.</summary>
    public async Task<ManifestSet> Write(Who who, string project, ManifestOrder order, string host, CancellationToken stop)
    {
        var made = await Draft(project, order, host, stop);
        await db.Write(async tx =>
        {
            await ManifestStore.Add(tx, made.Written with { By = who.Name });
            await audit.Write(tx, who, "manifests.written", project, $"{made.Written.Model}@{made.Written.Version}", new { form = made.Written.Form, made.Written.Image, digest = made.Written.Digest.Hex });
            await events.Publish(tx, new ManifestsWritten(project, made.Written.Model, made.Written.Version, made.Written.Form.ToString(), made.Written.Image, made.Written.Facts.Least, made.Written.Facts.Most, who.Name));
        }, stop);
        return made with { Written = made.Written with { By = who.Name } };
    }

    /// <summary>What would be written; what the order leaves open is as the model was written the last time.</summary>
    public async Task<ManifestSet> Again(string project, ManifestOrder order, string host, CancellationToken stop)
    {
        var version = await models.Get(project, Reference.Parse("model", order.Model), stop);
        var last = (await store.All(project, version.Model, 1, stop)).FirstOrDefault();
        return await Draft(project, last is null ? order : order.Like(last.Order), host, stop);
    }

    private async Task<ManifestSet> Draft(string project, ManifestOrder order, string host, CancellationToken stop)
    {
        var version = await models.Get(project, Reference.Parse("model", order.Model), stop);
        var package = (await projects.Get(project, stop)).File.Get<PackageSection>("package");
        var repository = Repository(order, package, version, host);
        var volume = order.ModelVolume is { } named ? ManifestOrder.Repository("model's image", named) : null;
        var stable = order.WantedForm is ManifestForm.Canary ? await Stable(project, order, version, stop) : null;
        if (order.WantedShare is < 1 or > 99)
            throw ProblemException.Invalid("share_invalid", $"A canary gets 1 to 99 percent, not {order.WantedShare}.", "Write --share 10.");
        var plan = new ManifestPlan(order.WantedForm, project, package.Image.Name ?? version.Model, await Deployed(version), stable is null ? null : await Deployed(stable), order.WantedShare, package.Kubernetes, package.Image.Port, package.Image.User);
        var files = plan.Files();
        Demand(files);
        files[RunbookFile] = new Runbook(plan, await Before(project, version, stop), await signOffs.Last(project, version.Model, version.Version, stop), clock.GetUtcNow()).Text();
        var written = new WrittenManifests(Names.NewId(), project, version.Model, version.Version, plan.Form, plan.Name, plan.Version.Image, Facts(plan), order, Digest.Of(System.Text.Encoding.UTF8.GetBytes(Json.Write(files))), "", clock.GetUtcNow());
        return new(written, files, Notes(plan));

        async Task<DeployedVersion> Deployed(ModelVersion one)
        {
            var build = await images.Newest(project, one.Model, one.Version, stop) ?? throw ProblemException.NotFound("image", one.Name, $"Build it: steward image build {one.Name}");
            return new(one, $"{repository}@{build.Digest}", volume is null ? null : $"{volume}@{build.ModelDigest}", await blobs.Size(one.Onnx, stop) ?? 0);
        }
    }

    private static string Repository(ManifestOrder order, PackageSection package, ModelVersion version, string host)
    {
        if ((order.Image ?? package.Push) is { } said)
            return ManifestOrder.Repository("image", said);
        return Uri.TryCreate($"http://{host}", UriKind.Absolute, out var at) && !at.IsLoopback
            ? ManifestOrder.Repository("image", $"{host}/{version.Project}/{version.Model}")
            : throw ProblemException.Invalid("image_nowhere", $"No cluster can pull from {Names.Shorten(host)}.", "Say where the image is: --image registry.example.com/ml/fruit, or package: {push: …} in steward.yaml.");
    }

    private async Task<ModelVersion> Stable(string project, ManifestOrder order, ModelVersion canary, CancellationToken stop)
    {
        var stable = order.Beside is { } beside ? await models.Get(project, Reference.Parse("model", beside), stop)
            : await promotions.Current(project, canary.Model, stop: stop) is { } serving ? await models.Get(project, new Reference(canary.Model, serving.Version, null), stop)
            : throw ProblemException.Conflict("nothing_serves", $"No version of {canary.Model} serves that {canary.Name} could run beside.", $"Name one: --beside {canary.Model}@{Math.Max(1, canary.Version - 1)}");
        return stable.Version == canary.Version || stable.Model != canary.Model
            ? throw ProblemException.Conflict("same_version", $"{canary.Name} cannot be the canary of {stable.Name}.", $"Name another version of {canary.Model}: --beside {canary.Model}@N")
            : stable;
    }

    /// <summary>Where people would go back to: the version that served before this one.</summary>
    private async Task<ModelVersion?> Before(string project, ModelVersion version, CancellationToken stop)
    {
        var serving = (await promotions.Current(project, version.Model, stop: stop))?.Version;
        var before = serving == version.Version ? await promotions.WayBack(project, version.Model, stop: stop) : serving;
        return before is { } number ? await models.Find(project, new Reference(version.Model, number, null), stop) : null;
    }

    /// <summary>What a cluster would refuse is ours to mend, and never leaves the house.</summary>
    private static void Demand(IReadOnlyDictionary<string, string> files)
    {
        if (ManifestCheck.Run([.. files.Select(file => new ManifestFile(file.Key, file.Value))]).Wrong.FirstOrDefault() is { } wrong)
            throw ProblemException.Invalid("manifest_invalid", $"{wrong.File} line {wrong.Line}, {wrong.Path}: {wrong.Why}", wrong.Try ?? "Look at package: {kubernetes: …} in steward.yaml.");
    }

    private static ManifestFacts Facts(ManifestPlan plan)
    {
        var pod = new PodPlan(plan.Name, plan.Version, plan.Settings, plan.Port, plan.User);
        var (least, most, canary) = plan.Form is ManifestForm.Canary ? (plan.Split.All, plan.Split.All, plan.Split.Canary) : (plan.Settings.Least, plan.Settings.Most, 0);
        return new(least, most, canary, pod.Memory.Most.Value, pod.Cpu.Most.Value, PodPlan.Ready, PodPlan.ReadyEvery, PodPlan.Live, PodPlan.RestartAfter);
    }

    private static List<string> Notes(ManifestPlan plan)
    {
        var notes = new List<string>();
        if (plan.Form is ManifestForm.Canary)
            notes.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{plan.Split.Canary} of {plan.Split.All} pods are the canary: {plan.Split.Percent:0.#} %, asked for {plan.Share} %. Nothing scales them meanwhile."));
        if (plan.Version.ModelVolume is not null)
            notes.Add("A model as image volume needs Kubernetes 1.35 or newer, or the feature gate ImageVolume.");
        return notes;
    }
}

/// <summary>What was put together.</summary>
/// <param name="Files">Text by file name.</param>
/// <param name="Notes">What one should know.</param>
public sealed record ManifestSet(WrittenManifests Written, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Notes);
