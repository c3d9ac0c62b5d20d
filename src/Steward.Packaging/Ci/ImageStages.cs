using Steward.Cli;
using Steward.Models;
using Steward.Oci;
using Steward.Packaging.Images;
using Steward.Packaging.Scanning;
using Steward.Work;

namespace Steward.Packaging.Ci;

/// <summary>The version in its image, and what is hidden in both.</summary>
internal static class ImageStages
{
    public static async Task<CiSaid> Image(CiRun run, CancellationToken stop)
    {
        var version = await run.Version(stop);
        var (view, before) = (await Built(run, version, stop), true);
        var own = run.File.Get<PackageSection>("package").Image.Steps;
        // Whether own steps are as they were, the build says; it packs nothing anew when they are.
        if (view is null || own.Count > 0)
        {
            before = false;
            var steps = await new StepBuild(run.Server, run.Api, run.Folder).Make(own, stop);
            await run.Ended(await run.Server.Post<TaskView>($"{run.Api}/images", new { model = version.Name, steps }, stop), stop);
            view = (await Built(run, version, stop))!;
        }

        var build = view.Newest;
        run.Keep(run.State with { Model = version.Model, Version = version.Version, Image = build.Digest.ToString() });
        return new($"{(before ? "Built before" : "Built")}: {version.Name}, {Say.Bytes(build.Size)} on {build.Base}.\n{build.Digest}", Facts: new { build.Digest, build.ModelDigest, build.Size, build.Base, build.Seconds });
    }

    /// <summary>Every byte of the image is read where it is pulled from.</summary>
    public static async Task<CiSaid> Scan(CiRun run, CancellationToken stop)
    {
        var version = await run.Version(stop);
        var build = (await Built(run, version, stop) ?? throw ProblemException.NotFound("image", version.Name, $"Build it: steward image build {version.Name}")).Newest;
        using var transport = new ImageTransport(false, null);
        try
        {
            var source = transport.Steward(await run.Server.Http(stop), version.Project, version.Model);
            var (_, manifest) = await source.Image(build.Digest.ToString(), stop: stop);
            var found = await ImageScan.Look(source, manifest, stop);
            var bill = await Bill(source, build.Digest, stop);
            if (bill is null)
                found.Findings.Add(new("image", "no_bill", "The image has no bill of materials beside it."));
            else
                run.Keep("sbom.cdx.json", bill);
            if (found.Model != version.Onnx)
                found.Findings.Add(new("model/model.onnx", "other_model", $"The image holds another model than {version.Name}."));
            run.Keep("scan.json", new { image = build.Digest, found.Files, found.Findings });
            return found.Findings.Count == 0
                ? new($"{Say.Count(found.Files, "file")}: no pickle, no secret, nothing that lends rights; the model reaches nothing outside of it. Bill of materials: sbom.cdx.json.")
                : new(string.Join('\n', found.Findings.Select(one => $"{one.Path}: {one.Sentence}")), ProblemKind.GateFailed.ExitCode(), "Mend what is named, and build again.", found.Findings);
        }
        catch (OciException refused)
        {
            throw refused.AsProblem();
        }
    }

    private static async Task<ImageView?> Built(CiRun run, ModelVersion version, CancellationToken stop)
    {
        try
        {
            return await run.Server.Get<ImageView>($"{run.Api}/images/{Server.Segment(version.Model)}/{version.Version}", stop);
        }
        catch (ProblemException none) when (none.Code == "image_not_found")
        {
            return null;
        }
    }

    private static async Task<byte[]?> Bill(IImageSource source, OciDigest image, CancellationToken stop)
        => (await source.Referrers(image, stop)).FirstOrDefault(one => one.ArtifactType == MediaTypes.CycloneDx) is { } bill
            ? await source.Read(Manifest.Read(await source.Read(bill, stop)).Layers[0], stop)
            : null;
}
