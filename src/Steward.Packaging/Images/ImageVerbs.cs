using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using Steward.Cli;
using Steward.Identity;
using Steward.Models;
using Steward.Oci;
using Steward.Work;

namespace Steward.Packaging.Images;

internal static class ImageVerbs
{
    private static readonly Option<bool> Plain = new("--plain-http") { Description = "Speak to the registry without TLS; to this machine that needs no word." };
    private static readonly Option<FileInfo?> Authority = new("--tls-ca") { Description = "A certificate in PEM that is trusted besides those of the system." };

    public static Command Tree(Server server) => new("image", "Models in container images, made without a daemon.")
    {
        Build(server), Push(server), Pull(), Sign(server), ShowOne(server), List(server), Agent(),
    };

    private static Command Build(Server server)
    {
        var which = Which();
        var ground = new Option<string?>("--base") { Description = "What it stands on: host/name:tag, layout:DIR, archive:FILE or folder:DIR. Without it, this server's own C library and nothing else." };
        var to = To(required: false);
        var verb = new Command("build", "Build the image of a version, or take it as it is when nothing changed.") { which, ground, to, Plain, Authority };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            using var transport = new ImageTransport(line.GetValue(Plain), line.GetValue(Authority));
            var place = line.GetValue(to) is { } said ? ImagePlace.Parse(said) : null;
            var sent = line.GetValue(ground) is { } named ? await Send(line, server, transport, ImagePlace.Parse(named), stop) : null;
            var steps = await Steps(server, stop);
            var task = await server.Post<TaskView>(Images(server), new { model = line.GetRequiredValue(which), @base = sent, baseName = line.GetValue(ground), steps }, stop);
            if (line.GetValue(Show.AsJson))
                task = await Ended(server, task, stop);
            else if (await WorkVerbs.Watch(line, server, server.Project(), task.Id, stop) is var code and not 0)
                return code;
            var payload = task.Payload;
            var view = await Newest(server, payload.GetProperty("model").GetString()!, $"{payload.GetProperty("version").GetInt32()}", stop);
            var copied = place is null ? null : await Copy(line, server, transport, view.Newest, place, stop);
            Tell(line, view, copied);
            return 0;
        }));
        return verb;
    }

    /// <summary>The steps of the project file of this folder, when it is this project's; the server says when some are missing.</summary>
    private static async Task<List<string>> Steps(Server server, CancellationToken stop)
    {
        var folder = Environment.CurrentDirectory;
        if (!File.Exists(Path.Combine(folder, "steward.yaml")) || server.Reader().Read(TextSource.Open(folder, "steward.yaml").Text).File is not { } file || file.Project != server.Project())
            return [];
        return await new StepBuild(server, $"/api/projects/{Server.Segment(file.Project)}", folder).Make(file.Get<PackageSection>("package").Image.Steps, stop);
    }

    private static Command Push(Server server)
    {
        var alone = new Option<bool>("--model-only") { Description = "The model alone, to be mounted, in place of the image that runs. A registry is sent both, the model as TAG-model." };
        var (which, to) = (Which(), new Argument<string>("to") { Description = "host/name[:tag], layout:DIR or archive:FILE." });
        var verb = new Command("push", "Send a built image, with what is kept beside it, to a registry or a file; what is there already is not sent.") { which, to, alone, Plain, Authority };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            using var transport = new ImageTransport(line.GetValue(Plain), line.GetValue(Authority));
            var view = await Newest(server, line.GetRequiredValue(which), stop);
            var copied = await Copy(line, server, transport, view.Newest, ImagePlace.Parse(line.GetRequiredValue(to)), stop, line.GetValue(alone));
            Show.Done(line, $"{view.Newest.Name}{(line.GetValue(alone) ? "-model" : "")} is at {copied.To}: {Say.Bytes(copied.SentBytes)} sent, {Say.Bytes(copied.ReusedBytes)} were there, {Say.Count(copied.Referrers, "artifact")} beside it.\n{copied.Digest}{(copied.ModelDigest is { } model ? $"\nThe model alone is beside it as {copied.ModelTag}, to be mounted.\n{model}" : "")}", copied);
            return 0;
        }));
        return verb;
    }

    private static Command Pull()
    {
        var from = new Argument<string>("from") { Description = "host/name:tag, layout:DIR or archive:FILE." };
        var to = To(required: true);
        var verb = new Command("pull", "Fetch any image into a layout, an archive, or unpacked into a new folder; every byte is compared with its digest.") { from, to, Plain, Authority };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            using var transport = new ImageTransport(line.GetValue(Plain), line.GetValue(Authority));
            var (source, target) = (ImagePlace.Parse(line.GetRequiredValue(from)), ImagePlace.Parse(line.GetValue(to)!));
            await using var image = await transport.Open(source, stop);
            if (target is ImagePlace.Folder folder)
            {
                var (descriptor, manifest) = await image.Image(ImageTransport.ReferenceIn(source), stop: stop);
                var left = await RootFolder.Unpack(image, manifest, ImageConfig.Read(await image.Read(manifest.Config, stop)), folder.Path, stop: stop);
                Show.Done(line, $"{source.Said} is unpacked in {folder.Path}{(left.Count == 0 ? "." : $"; {Say.Count(left.Count, "device")} were left out.")}\n{descriptor.Digest}", new { digest = descriptor.Digest.ToString(), folder = folder.Path, left });
                return 0;
            }

            var tag = (source as ImagePlace.InRegistry)?.Reference.Tag ?? (target as ImagePlace.InRegistry)?.Reference.Tag ?? "latest";
            await using var into = transport.To(target);
            var copied = await new ImageCopy(image, into).Run(ImageTransport.ReferenceIn(source), (target as ImagePlace.InRegistry)?.Reference.Tag ?? tag, stop: stop);
            Show.Done(line, $"{source.Said} is at {target.Said}: {Say.Bytes(copied.Blobs)} fetched, {Say.Bytes(copied.Reused)} were there.\n{copied.Manifest.Digest}",
                new ImageCopied(target.Said, copied.Manifest.Digest.ToString(), copied.NewBlobs, copied.Blobs, copied.ReusedBlobs, copied.Reused, copied.Referrers));
            return 0;
        }));
        return verb;
    }

    private static Command Agent()
    {
        var ground = new Option<string?>("--base") { Description = "What it stands on: host/name:tag, layout:DIR, archive:FILE or folder:DIR; build services need a shell in it. Without it, this machine's own C library and nothing else." };
        var to = To(required: true);
        var verb = new Command("agent", "Write the image of a build agent: this program, which runs steward ci run, or takes tasks as steward agent run, as nobody. Needs no server.") { ground, to, Plain, Authority };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            using var transport = new ImageTransport(line.GetValue(Plain), line.GetValue(Authority));
            var place = ImagePlace.Parse(line.GetValue(to)!);
            var layout = transport.Scratch();
            BaseImage? given = null;
            if (line.GetValue(ground) is { } named)
            {
                var from = ImagePlace.Parse(named);
                await using var source = await transport.Open(from, stop);
                given = await BaseImage.Check(source, (await source.Image(ImageTransport.ReferenceIn(from), stop: stop)).Descriptor, stop);
                await new ImageCopy(source, layout).Run(ImageTransport.ReferenceIn(from), "base", stop: stop);
            }

            const string tag = "agent";
            var built = await AgentImage.Build(layout, given, new PackageImage().User, stop);
            await built.Put(layout, tag, stop);
            await layout.Commit(stop);
            if (place is ImagePlace.Folder folder)
                await RootFolder.Unpack(layout, built.Manifest, built.Config, folder.Path, stop: stop);
            else
            {
                await using var target = transport.To(place);
                await new ImageCopy(layout, target).Run(tag, (place as ImagePlace.InRegistry)?.Reference.Tag ?? tag, stop: stop);
            }

            var digest = built.Descriptor.Digest.ToString();
            var size = built.Manifest.Layers.Sum(layer => layer.Size);
            Show.Done(line, $"The agent is at {place.Said}, {Say.Bytes(size)}.\n{digest}\nRun it on a project: podman run --rm -v .:/work -e STEWARD_URL -e STEWARD_TOKEN IMAGE\nOr let it take tasks of a server: podman run -v ./token:/run/token:ro -e STEWARD_URL -e STEWARD_TOKEN_FILE=/run/token IMAGE agent run --allow steward", new { to = place.Said, digest, size });
            return 0;
        }));
        return verb;
    }

    private static Command Sign(Server server)
    {
        var which = Which();
        var name = new Option<string>("--key") { Description = "The name of your key, as steward user key made it.", DefaultValueFactory = _ => SigningKey.Usual };
        var verb = new Command("sign", "Sign a built image with your key, as cosign does; the signature is kept beside it.") { which, name };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            var view = await Newest(server, line.GetRequiredValue(which), stop);
            var build = view.Newest;
            using var key = SigningKey.Open(line.GetRequiredValue(name));
            var payload = SimpleSigning.Payload(build.Digest, $"{build.Project}/{build.Model}");
            var after = await server.Post<ImageView>($"{At(server, build.Model, $"{build.Version}")}/signature", new { payload = Convert.ToBase64String(payload), signature = SimpleSigning.Sign(payload, key), key = PersonKey.HintOf(key) }, stop);
            Show.Done(line, $"You signed {build.Name}.\n{build.Digest}", after);
            return 0;
        }));
        return verb;
    }

    private static Command ShowOne(Server server)
    {
        var which = Which();
        var verb = new Command("show", "Show the image of a version: layers, what is kept beside it, and what each build took.") { which };
        verb.SetAction((line, stop) => Spoken(async () =>
        {
            Tell(line, await Newest(server, line.GetRequiredValue(which), stop), null);
            return 0;
        }));
        return verb;
    }

    private static Command List(Server server)
    {
        var verb = new Command("list", "List the builds of a project, the newest first.");
        verb.SetAction(async (line, stop) => Show.List(line, await server.Get<List<ImageBuild>>(Images(server), stop), "No image yet. Build one: steward image build MODEL",
            ("image", one => one.Name), ("digest", one => one.Digest.ToString()[..19]), ("size", one => Say.Bytes(one.Size)), ("packed anew", one => one.WasCached ? "nothing" : Say.Bytes(one.NewBytes)), ("took", one => Seconds(one.Seconds)), ("on", one => one.Base), ("by", one => one.By)));
        return verb;
    }

    /// <summary>Sends what the server does not have of a base, from where this person sits.</summary>
    private static async Task<Descriptor> Send(ParseResult line, Server server, ImageTransport transport, ImagePlace place, CancellationToken stop)
    {
        await using var source = await transport.Open(place, stop);
        var (descriptor, manifest) = await source.Image(ImageTransport.ReferenceIn(place), stop: stop);
        var http = await server.Http(stop);
        await Show.Progress(line, $"sending {place.Said}", manifest.Blobs.Sum(blob => blob.Size), async progress =>
        {
            long sent = 0;
            foreach (var blob in manifest.Blobs.Append(descriptor))
            {
                var at = $"{Images(server)}/blobs/{blob.Digest}";
                using var there = await http.GetAsync(at, stop);
                if (!there.IsSuccessStatusCode)
                {
                    using var body = new StreamContent(await source.Open(blob, stop));
                    (body.Headers.ContentType, body.Headers.ContentLength) = (new MediaTypeHeaderValue("application/octet-stream"), blob.Size);
                    using var reply = await http.PutAsync(at, body, stop);
                    await Server.Check(reply, stop);
                }

                progress.Report(sent += blob.Size);
            }

            return true;
        });
        return descriptor;
    }

    private static async Task<ImageCopied> Copy(ParseResult line, Server server, ImageTransport transport, ImageBuild build, ImagePlace place, CancellationToken stop, bool alone = false)
    {
        var source = transport.Steward(await server.Http(stop), build.Project, build.Model);
        if (place is ImagePlace.Folder folder)
        {
            var (_, manifest) = await source.Image((alone ? build.ModelDigest : build.Digest).ToString(), stop: stop);
            await RootFolder.Unpack(source, manifest, ImageConfig.Read(await source.Read(manifest.Config, stop)), folder.Path, stop: stop);
            return new(place.Said, (alone ? build.ModelDigest : build.Digest).ToString(), manifest.Layers.Count, build.Size, 0, 0, 0);
        }

        var tag = (place as ImagePlace.InRegistry)?.Reference.Tag ?? build.Version.ToString(CultureInfo.InvariantCulture);
        var model = tag + "-model";
        await using var target = transport.To(place);
        // One copy for both, so that the model's layer is looked at once. A file holds one image: who reads it names none.
        var (copied, mountable) = await Show.Progress(line, $"to {place.Said}", build.Size, async progress =>
        {
            var copy = new ImageCopy(source, target, progress);
            var first = alone ? null : await copy.Run(build.Digest.ToString(), tag, stop: stop);
            return (first, alone || place is ImagePlace.InRegistry ? await copy.Run(build.ModelDigest.ToString(), model, stop: stop) : null);
        });
        foreach (var (digest, _) in new[] { (build.Digest, copied), (build.ModelDigest, mountable) }.Where(one => one.Item2 is not null))
            foreach (var signature in (await source.Referrers(digest, stop)).Where(one => one.ArtifactType == ImageArtifacts.SignatureType))
                await target.PutManifest(signature, await source.Read(signature, stop), $"sha256-{digest.Hex}.sig", stop);
        await target.Commit(stop);
        // Its figures are of all that it copied.
        var all = mountable ?? copied!;
        return new(place.Said, (copied ?? all).Manifest.Digest.ToString(), all.NewBlobs, all.Blobs, all.ReusedBlobs, all.Reused, all.Referrers)
        {
            ModelTag = mountable is null ? null : model, ModelDigest = mountable?.Manifest.Digest.ToString(),
        };
    }

    private static void Tell(ParseResult line, ImageView view, ImageCopied? copied)
    {
        var build = view.Newest;
        Show.One(line, new { build.Name, build.Digest, build.ModelDigest, build.Size, build.NewBytes, build.Seconds, build.WasCached, build.Base, build.Layers, view.Builds, view.Referrers, view.ModelReferrers, copied },
            ("image", build.Name), ("digest", build.Digest.ToString()), ("model alone", $"{build.Name}-model  {build.ModelDigest}"), ("size", Say.Bytes(build.Size)), ("stands on", build.Base),
            ("layers", string.Join("\n", build.Layers.Select(layer => $"{layer.Name,-12}{Say.Bytes(layer.Size),10}  {layer.Digest.ToString()[..19]}{(layer.Reused ? "  as it was" : "  packed")}"))),
            ("took", Seconds(build.Seconds) + (build.WasCached ? ", nothing was packed anew" : $", {Say.Bytes(build.NewBytes)} packed anew")),
            ("builds before", string.Join("\n", view.Builds.Skip(1).Take(5).Select(one => $"{Seconds(one.Seconds)}  {(one.WasCached ? "nothing packed anew" : Say.Bytes(one.NewBytes) + " packed anew")}  {Say.Ago(one.MadeAt, DateTimeOffset.UtcNow)}"))),
            ("beside it", string.Join("\n", view.Referrers.Select(one => one.ArtifactType))),
            ("sent to", copied is null ? null : $"{copied.To}: {Say.Bytes(copied.SentBytes)} sent, {Say.Bytes(copied.ReusedBytes)} were there"));
    }

    private static async Task<TaskView> Ended(Server server, TaskView task, CancellationToken stop)
    {
        while (!task.IsOver)
        {
            await Task.Delay(200, stop);
            task = await server.Get<TaskView>($"/api/projects/{Server.Segment(server.Project())}/tasks/{Server.Segment(task.Id)}", stop);
        }

        return task.State is WorkState.Done ? task : throw ProblemException.Conflict(task.ErrorCode ?? "image_failed", task.Error ?? "The build was cancelled.", "steward task show " + task.Id);
    }

    private static Task<ImageView> Newest(Server server, string reference, CancellationToken stop)
    {
        var named = Reference.Parse("model", reference);
        return Newest(server, named.Name, named.Version?.ToString(CultureInfo.InvariantCulture) ?? named.Alias ?? Promotion.Production, stop);
    }

    private static Task<ImageView> Newest(Server server, string model, string version, CancellationToken stop) => server.Get<ImageView>(At(server, model, version), stop);

    private static async Task<int> Spoken(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (OciException error)
        {
            throw error.AsProblem();
        }
    }

    private static string Images(Server server) => $"/api/projects/{Server.Segment(server.Project())}/images";

    private static string At(Server server, string model, string version) => $"{Images(server)}/{Server.Segment(model)}/{Server.Segment(version)}";

    private static Argument<string> Which() => new("model") { Description = "name@4, name@alias, or name for the one that serves." };

    private static Option<string?> To(bool required) => new("--to") { Description = "Where it goes: layout:DIR, archive:FILE, folder:DIR (unpacked) or host/name[:tag].", Required = required };

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s";
}

/// <summary>What a copy cost.</summary>
internal sealed record ImageCopied(string To, string Digest, int SentBlobs, long SentBytes, int ReusedBlobs, long ReusedBytes, int Referrers)
{
    /// <summary>Of the image that holds the model alone, when it went too.</summary>
    public string? ModelTag { get; init; }
    public string? ModelDigest { get; init; }
}
