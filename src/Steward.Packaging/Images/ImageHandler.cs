using System.Diagnostics;
using Steward.Audit;
using Steward.Blobs;
using Steward.Events;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Projects;
using Steward.Storage;
using Steward.Work;

namespace Steward.Packaging.Images;

/// <summary>Does tasks of kind <c>image</c>: packs what is not packed yet, puts two images together and keeps what belongs to them.</summary>
internal sealed class ImageHandler(IModels models, IProjects projects, IBlobs blobs, ImageStore store, LayerCache layers, SignOffArtifacts signOffs, IAudit audit, IEvents events, TimeProvider clock) : IWorkHandler
{
    public string Kind => ImageOrder.Kind;

    public async Task<Func<Tx, Task<object?>>> Do(WorkContext context, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var order = context.Claim.Payload<ImageOrder>();
        try
        {
            return await Build(order, began, context, stop);
        }
        catch (OciException refused)
        {
            throw refused.AsProblem();
        }
    }

    private async Task<Func<Tx, Task<object?>>> Build(ImageOrder order, long began, WorkContext context, CancellationToken stop)
    {
        var version = await models.Get(order.Project, new Reference(order.Model, order.Version, null), stop);
        var settings = (await projects.Get(order.Project, stop)).File.Get<PackageSection>("package").Image;
        var endpoint = settings.Name ?? version.Model;
        await context.Report(0.05, "reading the base");
        var given = order.Base is null ? null : await BaseImage.Check(new ImageBlobs(order.Project, store, blobs), order.Base, stop);

        var packing = new Packing(order.Project, layers, context, stop);
        if (given is null)
            await packing.Add("base", 0.1, "C library, certificates and licences of this machine", () => MachineFiles.Base(MachineFiles.NativeLibraries(), settings.User), $"base-{settings.User}");
        await packing.Add("runtime", 0.2, "the .NET runtime", MachineFiles.RuntimeFiles, "runtime");
        await packing.Add("program", 0.5, "steward", MachineFiles.Program, "program");
        foreach (var (name, number) in Demanded(order, settings))
        {
            var step = await store.Step(order.Project, name, stop) ?? throw ProblemException.NotFound("step", name[..12]);
            packing.Take($"step {number}", step, reused: await store.Layer(order.Project, step.DiffId, stop) is not null);
        }

        if (await ModelCard.Locked(version, blobs, stop) is { } locked)
            await packing.Add("environment", 0.7, "the environment the model was made in", () => locked);
        var learned = await ModelCard.Model(version, endpoint, blobs, stop);
        await packing.Add("model", 0.75, version.Name, () => learned);
        var card = await ModelCard.Card(version, blobs, stop);
        await packing.Add("card", 0.9, $"card of {version.Name}", () => card);

        await context.Report(0.95, "putting it together");
        var image = Image(version, settings, endpoint, given, packing.Layers).Build();
        var mountable = new ImagePlan { Layers = [.. packing.Packed.Where(one => one.Name is "model" or "card").Select(one => one.Layer)], Labels = ModelCard.Labels(version) }.Build();
        var kept = new List<Descriptor>();
        foreach (var built in new[] { image, mountable })
            kept.AddRange([await Keep(MediaTypes.Config, built.ConfigBytes, stop), await Keep(MediaTypes.Manifest, built.ManifestBytes, stop)]);
        var bill = await Attach(ImageArtifacts.Bill(version, image.Descriptor, given?.Bill ?? [.. MachineFiles.Packages(MachineFiles.NativeLibraries()).Select(DebianPackages.Bill)]), stop);
        var approval = await signOffs.Of(order.Project, order.Model, order.Version, [image.Descriptor, mountable.Descriptor], stop);

        var size = image.Manifest.Layers.Sum(layer => layer.Size) + image.ConfigBytes.Length + image.ManifestBytes.Length;
        IReadOnlyList<ImageLayer> told = [.. (given?.Manifest.Layers ?? []).Select(layer => new ImageLayer("base", layer.Digest, layer.Size, true)), .. packing.Packed.Select(one => new ImageLayer(one.Name, one.Layer.Descriptor.Digest, one.Layer.Descriptor.Size, one.Reused))];
        var build = new ImageBuild(Names.NewId(), order.Project, order.Model, order.Version, image.Descriptor.Digest, mountable.Descriptor.Digest,
            order.BaseName ?? "this machine", size, told.Where(layer => !layer.Reused).Sum(layer => layer.Size), told, Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 3), order.By, clock.GetUtcNow());
        return async tx =>
        {
            await ImageStore.KeepLayers(tx, order.Project, packing.Layers);
            await ImageStore.Keep(tx, order.Project, [.. image.Manifest.Layers, .. mountable.Manifest.Layers, .. kept, .. bill.Blobs]);
            await store.Refer(tx, order.Project, image.Descriptor.Digest, bill.Manifest);
            await signOffs.Keep(tx, order.Project, approval);
            await ImageStore.Add(tx, build);
            await audit.Write(tx, Who.Steward with { Name = order.By }, "image.built", order.Project, version.Name, new { digest = build.Digest.ToString(), build.Base, build.Size, build.Seconds });
            await events.Publish(tx, new ImageBuilt(order.Project, order.Model, order.Version, build.Digest.ToString(), build.Size));
            return new ImageDone(build.Id, build.Name, build.Digest.ToString(), build.ModelDigest.ToString(), build.Size, build.NewBytes, build.Seconds, build.WasCached);
        };
    }

    private static ImagePlan Image(ModelVersion version, PackageImage settings, string endpoint, BaseImage? given, IReadOnlyList<Layer> layers) => new()
    {
        Base = given?.Manifest,
        BaseConfig = given?.Config,
        Layers = layers,
        User = $"{settings.User}:{settings.User}",
        WorkingDir = "/",
        Entrypoint = MachineFiles.Entrypoint,
        // Who may ask is decided in front of it: a container's port is the pod's own.
        Cmd = ["serve", "/model", "--bind", "0.0.0.0", "--port", $"{settings.Port}", "--plain"],
        Ports = [$"{settings.Port}/tcp"],
        Env = MachineFiles.Variables,
        Labels = ModelCard.Labels(version),
        Annotations = new Dictionary<string, string> { ["org.opencontainers.image.title"] = version.Model, ["org.opencontainers.image.version"] = $"{version.Version}", ["steward.endpoint"] = endpoint },
    };

    /// <summary>The steps are those of the project file, made where its files are; an order that comes from elsewhere does not leave them out.</summary>
    private static IEnumerable<(string Name, int Number)> Demanded(ImageOrder order, PackageImage settings) => order.Steps.Count == settings.Steps.Count
        ? order.Steps.Select((name, i) => (name, i + 1))
        : throw ProblemException.Conflict("steps_missing", $"The project file names {Say.Count(settings.Steps.Count, "step")} for the image, and the order came with {order.Steps.Count}.", "Build in the project's folder, with the project file that the server has: steward image build");

    private async Task<Descriptor> Keep(string type, byte[] bytes, CancellationToken stop)
    {
        await blobs.Put(bytes, stop);
        return Descriptor.Of(type, bytes);
    }

    private async Task<(Descriptor Manifest, IReadOnlyList<Descriptor> Blobs)> Attach(Artifact artifact, CancellationToken stop)
        => await ImageArtifacts.Keep(artifact, blobs, stop);

    /// <summary>The layers of one build, in their order.</summary>
    private sealed class Packing(string project, LayerCache cache, WorkContext context, CancellationToken stop)
    {
        public List<(string Name, Layer Layer, bool Reused)> Packed { get; } = [];

        public IReadOnlyList<Layer> Layers => [.. Packed.Select(one => one.Layer)];

        public void Take(string name, ImageStep step, bool reused) => Packed.Add((name, step.Layer with { CreatedBy = $"steward image build: {name} ({step.Says})" }, reused));

        /// <param name="constant">Named when the files stay as they are while this process runs: they are looked at once.</param>
        public async Task Add(string name, double share, string createdBy, Func<LayerFiles> files, string? constant = null)
        {
            await context.Report(share, $"packing: {name}");
            if (await cache.Pack(project, files, constant, stop) is var (layer, reused))
                Packed.Add((name, layer with { CreatedBy = $"steward image build: {name} ({createdBy})" }, reused));
        }
    }
}
